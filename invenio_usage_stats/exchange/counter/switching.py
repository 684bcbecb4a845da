# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Switching on and off: what ``setup`` makes and takes away."""

from collections.abc import Iterator

from ...readiness import missing_tables
from ..switch import is_on
from . import agents, stream


def set_up() -> Iterator[str]:
    """Make queue and list, or delete the queue of what was switched off; yield what was done.

    While it was never on, the broker is not asked.
    """
    was_on = bool(agents.versions())
    if is_on():
        stream.EAR.declare()
        version = agents.current().version if was_on else agents.adopt_bundled()
        yield f"counter: queue bound, robots by {version}"
    elif was_on:
        stream.EAR.remove()
        yield "counter: off, queue deleted"


def purge_queue(dry_run: bool) -> Iterator[str]:
    """Delete the queue if it was ever there, and yield what waited in it."""
    if agents.LISTS.name not in missing_tables() and agents.versions():
        found = stream.EAR.look()
        if found.exists and not dry_run:
            stream.EAR.remove()
        yield f"queue {stream.NAME}: {found.waiting} events"
