# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""States: counts of all cells of a scope, for a day (delta) or up to a day (snapshot).

A state travels inside documents as compressed MessagePack, so that days fold into snapshots
without reading events again.
"""

from typing import Self, TypeVar

import msgspec

from . import packing
from .flows import Movement
from .shares import MISSING, Cell, Share


class RecordTally(msgspec.Struct, array_like=True):
    """Count records, parents and files of one cell; pairs are metadata-only and with files."""

    records: list[int] = msgspec.field(default_factory=lambda: [0, 0])
    parents: list[int] = msgspec.field(default_factory=lambda: [0, 0])
    files: int = 0
    volume: int = 0

    def add(self, level: str, share: Share, sign: int = 1) -> None:
        """Count a share on one level."""
        pair = self.records if level == "records" else self.parents
        pair[share.with_files] += sign
        self.files += sign * share.files
        self.volume += sign * share.volume

    def merge(self, other: Self, sign: int = 1) -> None:
        """Add another tally to this one."""
        for mine, theirs in ((self.records, other.records), (self.parents, other.parents)):
            for index, number in enumerate(theirs):
                mine[index] += sign * number
        self.files += sign * other.files
        self.volume += sign * other.volume

    @property
    def total(self) -> int:
        """Return the number of records."""
        return sum(self.records)

    def __bool__(self) -> bool:
        """Tell whether anything is counted."""
        return any((*self.records, *self.parents, self.files, self.volume))


class RecordFlow(msgspec.Struct, array_like=True):
    """Count what joined and what left one cell."""

    added: RecordTally = msgspec.field(default_factory=RecordTally)
    removed: RecordTally = msgspec.field(default_factory=RecordTally)

    def move(self, movement: Movement) -> None:
        """Count one movement."""
        side = self.added if movement.sign > 0 else self.removed
        side.add(movement.level, movement.share)

    def __bool__(self) -> bool:
        """Tell whether anything moved."""
        return bool(self.added) or bool(self.removed)


class RecordDelta(msgspec.Struct):
    """Hold what changed in a scope in one day, and the owners of what was added."""

    cells: dict[str, dict[str, RecordFlow]] = {}
    uploaders: set[str] = set()

    def move(self, movement: Movement, owner_dimension: str) -> None:
        """Count one movement."""
        dimension, key = movement.cell
        self.cells.setdefault(dimension, {}).setdefault(key, RecordFlow()).move(movement)
        if movement.enters and dimension == owner_dimension and key != MISSING:
            self.uploaders.add(key)

    def table(self, dimension: str) -> dict[str, RecordFlow]:
        """Return the cells of a dimension by key."""
        return self.cells.get(dimension, {})

    def cell(self, cell: Cell) -> RecordFlow:
        """Return one cell."""
        return self.cells.get(cell[0], {}).get(cell[1]) or RecordFlow()


class RecordState(msgspec.Struct):
    """Hold what a scope holds at the end of a day."""

    cells: dict[str, dict[str, RecordTally]] = {}

    def fold(self, delta: RecordDelta) -> None:
        """Move on by one day."""
        for dimension, flows in delta.cells.items():
            mine = self.cells.setdefault(dimension, {})
            for key, flow in flows.items():
                tally = mine.setdefault(key, RecordTally())
                tally.merge(flow.added)
                tally.merge(flow.removed, sign=-1)
                if not tally:
                    del mine[key]

    def table(self, dimension: str) -> dict[str, RecordTally]:
        """Return the cells of a dimension by key."""
        return self.cells.get(dimension, {})

    def cell(self, cell: Cell) -> RecordTally:
        """Return one cell."""
        return self.cells.get(cell[0], {}).get(cell[1]) or RecordTally()


State = RecordDelta | RecordState
S = TypeVar("S", RecordDelta, RecordState)


def pack(state: State) -> str:
    """Return a state as text for a binary field; equal states give equal text."""
    return packing.pack(msgspec.msgpack.encode(state, order="deterministic"))


def unpack(text: str, kind: type[S]) -> S:
    """Return a state from its text."""
    return msgspec.msgpack.decode(packing.unpack(text), type=kind)
