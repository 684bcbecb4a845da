# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Switching use by user on and off: what ``setup`` makes and takes away."""

from collections.abc import Iterator

from ....aggregations.running.journal import Outcome, last_of, note
from ....ledger.models import utc_now
from ....readiness import missing_tables
from ...switch import Switch
from . import store
from .consumer import STEP
from .stream import EAR, NAME

BY_USER = Switch("USAGE_STATS_PER_USER")
is_on, require_on, refuse_when_off = BY_USER.is_on, BY_USER.require_on, BY_USER.refuse_when_off


def was_on() -> bool:
    """Tell whether it ever was, which the journal knows for ever."""
    return last_of(STEP) is not None


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
