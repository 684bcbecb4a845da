# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Switching the door for programs that speak with Matomo on and off."""

from collections.abc import Iterator

from flask import abort, current_app

from ...aggregations.running.journal import Outcome, last_of, note
from ...errors import SetupError
from ...ledger.models import utc_now
from ...readiness import missing_tables, require_setup
from . import sites
from .sending import EAR, NAME
from .taking import STEP


def is_on() -> bool:
    """Tell whether it is open."""
    return bool(current_app.config["USAGE_STATS_MATOMO"])


def was_on() -> bool:
    """Tell whether it ever was, which the journal knows for ever."""
    return last_of(STEP) is not None


def require_on() -> None:
    """Raise ``SetupError`` when it is closed, or before setup."""
    require_setup()
    if not is_on():
        raise SetupError("USAGE_STATS_MATOMO is off.")


def refuse_when_off() -> None:
    """Answer 404 to requests for what is not there."""
    if not is_on():
        abort(404)


def set_up() -> Iterator[str]:
    """Make the queue, or delete that of what was switched off; yield what was done.

    While it was never on, the broker is not asked.
    """
    if is_on():
        EAR.declare()
        note(Outcome(STEP, 0, 0, utc_now()))
        yield f"reported use: queue declared, {number_communities()} sites added"
    elif was_on():
        EAR.remove()
        yield "reported use: off, queue deleted"


def number_communities() -> int:
    """Make all communities sites, if that is wanted; return how many were made."""
    return sites.number_all() if current_app.config["USAGE_STATS_MATOMO_COMMUNITY_SITES"] else 0


def purge_queue(dry_run: bool) -> Iterator[str]:
    """Delete the queue if it was ever there, and yield what waited in it."""
    if not missing_tables() and was_on():
        found = EAR.look()
        if found.exists and not dry_run:
            EAR.remove()
        yield f"queue {NAME}: {found.waiting} requests"
