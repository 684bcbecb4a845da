# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Flows: what joins and leaves each cell of a scope, and when.

A flow of a record is a change of its shares at one second. All versions of a work are walked
together, so that works are counted by reference: a work is there while a version is.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from ...catalog.base import Basis
from ...ledger.facts import Facts
from ...ledger.history import DAY, FOREVER, History, Interval
from ..shares import MISSING, Cell, Share
from .counts import PARENT, CellCounts, Numbers, add_up, of_share

Shares = dict[Cell, Share]
SharesOf = Callable[[Facts], Shares]
Present = Counter[tuple[Cell, bool]]
"""How many versions have a share of a cell, without and with files."""
NO_SHARES: Shares = {}
SECOND = attrgetter("at")


class Flow(NamedTuple):
    """Be one change of a record's shares: from old to new at a second."""

    at: int
    old: Facts | None
    new: Facts | None


class Change(NamedTuple):
    """Be what happens to a work in one second: what joins and leaves each cell.

    ``uploaders``: the owners of what begins to be present, as opposed to a change of facts.
    """

    added: CellCounts
    removed: CellCounts
    uploaders: tuple[str, ...]


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


def flow_days(versions: Iterable[History], scope: str, basis: Basis) -> set[int]:
    """Return the days on which anything of a work may move."""
    return {flow.at // DAY for v in versions for flow in record_flows(v, scope, basis)}


class WorkFlows:
    """Count what the flows of one work change: once for scopes and bases that see the same."""

    def __init__(self, versions: list[History], shares: SharesOf, owners: str) -> None:
        """Take all versions, what gives the shares of facts, and the dimension of owners."""
        self.versions = versions
        self.parent = versions[0].parent
        self.scopes = {scope for version in versions for scope in version.scopes}
        self._shares_of = shares
        self._owners = owners
        self._shares: dict[int, Shares] = {}
        self._known: dict[tuple[object, ...], list[Change]] = {}

    def days(
        self, scope: str, basis: Basis, versions: Iterable[History] | None = None
    ) -> dict[int, list[Change]]:
        """Return the changes in one scope by day, in time order.

        ``versions``: as they were known at another time.
        """
        versions = self.versions if versions is None else versions
        flows = [flow for version in versions for flow in record_flows(version, scope, basis)]
        flows.sort(key=SECOND)
        moments = {at: list(some) for at, some in groupby(flows, key=SECOND)}
        same = tuple(tuple((id(f.old), id(f.new)) for f in some) for some in moments.values())
        if same not in self._known:
            self._known[same] = self._changes(moments.values())
        found: defaultdict[int, list[Change]] = defaultdict(list)
        for at, change in zip(moments, self._known[same], strict=True):
            found[at // DAY].append(change)
        return found

    def _changes(self, moments: Collection[list[Flow]]) -> list[Change]:
        """Return what the flows of each moment change."""
        if len(self.versions) == 1 and all(len(flows) == 1 for flows in moments):
            return [self._lone(flow) for (flow,) in moments]
        present: Present = Counter()
        return [self._change(flows, present) for flows in moments]

    def _lone(self, flow: Flow) -> Change:
        """Return what the flow of a work's only version changes."""
        old, new = self._of(flow.old), self._of(flow.new)
        removed, added = dict(_moved(old, new)), dict(_moved(new, old))
        return Change(added, removed, tuple(self._entering([flow])))

    def _change(self, flows: list[Flow], present: Present) -> Change:
        """Return what flows of one second change, given which shares were there before."""
        added: CellCounts = {}
        removed: CellCounts = {}
        before: dict[Cell, bool | None] = {}
        for flow in flows:
            old, new = self._of(flow.old), self._of(flow.new)
            for shares, others, side, sign in ((old, new, removed, -1), (new, old, added, 1)):
                moved = [pair for pair in shares.items() if others.get(pair[0]) != pair[1]]
                for cell, share in moved:
                    before.setdefault(cell, _parent_class(present, cell))
                    present[cell, share.with_files] += sign
                add_up(side, ((cell, of_share(share)) for cell, share in moved))
        after = {cell: _parent_class(present, cell) for cell in before}
        others = [
            (cell, was, after[cell]) for cell, was in before.items() if after[cell] is not was
        ]
        add_up(removed, ((cell, PARENT[was]) for cell, was, _ in others if was is not None))
        add_up(added, ((cell, PARENT[now]) for cell, _, now in others if now is not None))
        return Change(added, removed, tuple(self._entering(flows)))

    def _of(self, facts: Facts | None) -> Shares:
        """Return a record's shares; none before it enters and after it has left."""
        if facts is None:
            return NO_SHARES
        if id(facts) not in self._shares:
            self._shares[id(facts)] = self._shares_of(facts)
        return self._shares[id(facts)]

    def _entering(self, flows: Iterable[Flow]) -> Iterator[str]:
        """Yield the owners of the records that begin to be present."""
        for flow in flows:
            if flow.old is None:
                cells = self._of(flow.new)
                yield from (key for id_, key in cells if id_ == self._owners and key != MISSING)


def _moved(shares: Shares, others: Shares) -> Iterator[tuple[Cell, Numbers]]:
    """Yield the shares that are not among others, with the work where it was not there either."""
    for cell, share in shares.items():
        other = others.get(cell)
        if other != share:
            yield cell, of_share(share, other is None or other.with_files != share.with_files)


def _parent_class(present: Present, cell: Cell) -> bool | None:
    """Return whether a work counts with files, without, or (none) not at all."""
    if present[cell, True]:
        return True
    return False if present[cell, False] else None
