# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Flows: what joins and leaves each cell of a scope, and when.

A flow of a record is a change of its shares at one second. All versions of a work are walked
together, so that works are counted by reference: a work is there while a version is.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from ..catalog.base import Basis
from ..ledger.facts import Facts
from ..ledger.history import DAY, FOREVER, History, Interval
from .shares import Cell, Share

SharesOf = Callable[[Facts], dict[Cell, Share]]
NOTHING: dict[Cell, Share] = {}


class Flow(NamedTuple):
    """Be one change of a record's shares: from old to new at a second."""

    at: int
    old: Facts | None
    new: Facts | None


class Movement(NamedTuple):
    """Be one counted change of a cell.

    ``level``: record or parent; ``share``: what is added (``sign`` 1) or removed (-1);
    ``enters``: a presence begins here, as opposed to a change of facts.
    """

    day: int
    cell: Cell
    level: str
    sign: int
    share: Share
    enters: bool = False


def record_flows(history: History, scope: str, basis: Basis) -> Iterator[Flow]:
    """Yield the flows of one record in one scope."""
    for interval in history.presence(scope, basis):
        yield from _interval_flows(history, interval)


def _interval_flows(history: History, interval: Interval) -> Iterator[Flow]:
    """Yield the flows of one presence.

    Facts of a day are those at its end; a presence that ends takes away what it carried last,
    so a removal subtracts exactly what was added.
    """
    start, end = interval
    current = history.facts_on(start // DAY)
    yield Flow(start, None, current)
    for day in history.fact_days:
        if start // DAY < day and (day + 1) * DAY <= end:
            facts = history.facts_on(day)
            if facts != current:
                yield Flow(day * DAY, current, facts)
                current = facts
    if end < FOREVER:
        yield Flow(end, current, None)


def movements(
    versions: Iterable[History], scope: str, basis: Basis, shares_of: SharesOf
) -> Iterator[Movement]:
    """Yield every counted change of all versions of one work in one scope, in time order."""
    flows = sorted(
        (flow for version in versions for flow in record_flows(version, scope, basis)),
        key=lambda flow: flow.at,
    )
    present: Counter[tuple[Cell, bool]] = Counter()
    for at, simultaneous in groupby(flows, key=lambda flow: flow.at):
        before: dict[Cell, bool | None] = {}
        for flow in simultaneous:
            for movement in _record_movements(flow, at // DAY, shares_of):
                before.setdefault(movement.cell, _parent_class(present, movement.cell))
                present[movement.cell, movement.share.with_files] += movement.sign
                yield movement
        yield from _parent_movements(before, present, at // DAY)


def _record_movements(flow: Flow, day: int, shares_of: SharesOf) -> Iterator[Movement]:
    """Yield what one flow changes on the level of records; equal shares are no change."""
    old = NOTHING if flow.old is None else shares_of(flow.old)
    new = NOTHING if flow.new is None else shares_of(flow.new)
    for cell, share in old.items():
        if new.get(cell) != share:
            yield Movement(day, cell, "records", -1, share)
    for cell, share in new.items():
        if old.get(cell) != share:
            yield Movement(day, cell, "records", 1, share, enters=flow.old is None)


def _parent_class(present: Counter, cell: Cell) -> bool | None:
    """Return whether a work counts with files, without, or (none) not at all."""
    if present[cell, True]:
        return True
    return False if present[cell, False] else None


def _parent_movements(
    before: dict[Cell, bool | None], present: Counter, day: int
) -> Iterator[Movement]:
    """Yield what the changes of one second did to the work as a whole."""
    for cell, old in before.items():
        new = _parent_class(present, cell)
        if old is new:
            continue
        if old is not None:
            yield Movement(day, cell, "parents", -1, Share(old, 0, 0))
        if new is not None:
            yield Movement(day, cell, "parents", 1, Share(new, 0, 0))


def touched_days(history: History, since: int, scope: str, basis: Basis) -> set[int]:
    """Return the days whose documents may differ from what was known before an entry.

    ``since``: sequence number of the first entry that may be new.
    """
    return {
        flow.at // DAY
        for known in history.prefixes(since)
        for flow in record_flows(known, scope, basis)
    }
