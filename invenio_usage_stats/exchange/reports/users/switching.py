# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Switching use by user on and off: what ``setup`` makes and takes away."""

from collections.abc import Iterator

from flask import abort, current_app

from ....aggregations.running.journal import Outcome, last_of, note
from ....errors import SetupError
from ....ledger.models import utc_now
from ....readiness import missing_tables, require_setup
from . import store
from .consumer import STEP
from .stream import EAR, NAME


def is_on() -> bool:
    """Tell whether use is counted by user."""
    return bool(current_app.config["USAGE_STATS_PER_USER"])


def was_on() -> bool:
    """Tell whether it ever was, which the journal knows for ever."""
    return last_of(STEP) is not None


def require_on() -> None:
    """Raise ``SetupError`` when nothing is counted by user, or before setup."""
    require_setup()
    if not is_on():
        raise SetupError("USAGE_STATS_PER_USER is off.")


def refuse_when_off() -> None:
    """Answer 404 to requests for what is not counted."""
    if not is_on():
        abort(404)


def set_up() -> Iterator[str]:
    """Make the queue, or delete the queue of what was switched off, and all that was counted.

    Yields what was done. While it was never on, the broker is not asked.
    """
    if is_on():
        EAR.declare()
        note(Outcome(STEP, 0, 0, utc_now()))
        yield "use by user: queue bound"
    elif was_on():
        EAR.remove()
        yield f"use by user: off, queue deleted, {store.forget_all()} rows deleted"


def purge_queue(dry_run: bool) -> Iterator[str]:
    """Delete the queue if it was ever there, and yield what waited in it."""
    missing = set(missing_tables())
    if missing.isdisjoint(table.name for table in store.TABLES) and was_on():
        found = EAR.look()
        if found.exists and not dry_run:
            EAR.remove()
        yield f"queue {NAME}: {found.waiting} events"
