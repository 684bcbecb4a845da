# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""States: counts of all cells of a scope, for a day (delta) or up to a day (snapshot).

A state travels inside documents as compressed MessagePack, so that days fold into snapshots
without reading events again. A delta's is the net change of its day, which is what folding needs.
"""

from functools import cached_property
from typing import Self, TypeVar

import msgspec

from .. import packing
from ..shares import Cell
from .counts import NOTHING, CellCounts, Counts, Numbers, Table, add_up, minus, plus
from .flows import Change


class RecordState(msgspec.Struct, omit_defaults=True):
    """Hold what a scope holds at the end of a day."""

    cells: dict[str, Table] = {}

    def fold(self, change: Self) -> None:
        """Move on by one day."""
        for dimension, moved in change.cells.items():
            mine = self.cells.setdefault(dimension, {})
            for key, numbers in moved.items():
                known = mine.get(key)
                now = plus(known, numbers) if known else numbers
                if now == NOTHING:
                    mine.pop(key, None)
                else:
                    mine[key] = now

    def table(self, dimension: str) -> Table:
        """Return the counts of a dimension by key."""
        return self.cells.get(dimension, {})

    def cell(self, cell: Cell) -> Counts:
        """Return the counts of one cell."""
        return Counts(*self.table(cell[0]).get(cell[1], NOTHING))


class DayChange(RecordState):
    """Hold how a day changes a state; and what left, and who owns what was added."""

    removed: dict[str, Table] = {}
    uploaders: list[str] = []

    def flow(self, cell: Cell) -> tuple[Counts, Counts]:
        """Return what joined and what left one cell."""
        dimension, key = cell
        left = self.removed.get(dimension, {}).get(key, NOTHING)
        return Counts(*plus(self.cell(cell), left)), Counts(*left)


class RecordDelta:
    """Hold what joined and left a scope in one day, and the owners of what was added."""

    def __init__(self) -> None:
        self.added: CellCounts = {}
        self.removed: CellCounts = {}
        self.uploaders: set[str] = set()

    def move(self, change: Change) -> None:
        """Count one change."""
        if self.added:
            add_up(self.added, change.added.items())
        else:
            self.added.update(change.added)
        add_up(self.removed, change.removed.items())
        self.uploaders.update(change.uploaders)

    @cached_property
    def flows(self) -> dict[str, dict[str, tuple[Numbers, Numbers]]]:
        """Return what joined and what left, by dimension and key; nothing moves from then on."""
        found: dict[str, dict[str, tuple[Numbers, Numbers]]] = {}
        added, removed = self.added.get, self.removed.get
        for cell in self.added.keys() | self.removed.keys():
            dimension, key = cell
            found.setdefault(dimension, {})[key] = (added(cell, NOTHING), removed(cell, NOTHING))
        return found

    def change(self) -> DayChange:
        """Return how the day changes the state."""
        change = DayChange(uploaders=sorted(self.uploaders))
        for dimension, table in self.flows.items():
            nets = {key: minus(*flow) if any(flow[1]) else flow[0] for key, flow in table.items()}
            change.cells[dimension] = {key: net for key, net in nets.items() if net != NOTHING}
            left = {key: flow[1] for key, flow in table.items() if any(flow[1])}
            if left:
                change.removed[dimension] = left
        return change


S = TypeVar("S", bound=RecordState)


def pack(state: RecordState) -> str:
    """Return a state as text for a binary field."""
    return packing.pack(msgspec.msgpack.encode(state), packing.FAST)


def unpack(text: str, kind: type[S] = RecordState) -> S:
    """Return a state from its text."""
    return msgspec.msgpack.decode(packing.unpack(text), type=kind)
