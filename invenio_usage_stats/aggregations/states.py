# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""States: counts of all cells of a scope, for a day (delta) or up to a day (snapshot).

A state travels inside documents as compressed MessagePack, so that days fold into snapshots
without reading events again.
"""

import base64
import zlib
from collections.abc import Iterable
from typing import Any, Self, TypeVar

import msgspec

from .flows import Movement
from .shares import MISSING, TOTAL, Cell, Share


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

    def cell(self, cell: Cell) -> RecordTally:
        """Return one cell."""
        return self.cells.get(cell[0], {}).get(cell[1]) or RecordTally()


class UsageTally(msgspec.Struct, array_like=True):
    """Count one kind of event in one cell.

    ``visitors`` and ``uniques`` are sums of daily distinct numbers; ``records``, ``parents``
    (ordinals of the ledger) and ``files`` are sets, so that days unite.
    """

    events: int = 0
    visitors: int = 0
    uniques: int = 0
    volume: int = 0
    records: set[int] = msgspec.field(default_factory=set)
    parents: set[int] = msgspec.field(default_factory=set)
    files: set[str] = msgspec.field(default_factory=set)

    def merge(self, other: Self) -> None:
        """Add another tally to this one."""
        self.events += other.events
        self.visitors += other.visitors
        self.uniques += other.uniques
        self.volume += other.volume
        self.records |= other.records
        self.parents |= other.parents
        self.files |= other.files

    def number(self, counter: str) -> int:
        """Return a counter as a number: a sum, or the size of a set."""
        value = getattr(self, counter)
        return value if isinstance(value, int) else len(value)


class UsageState(msgspec.Struct):
    """Hold the usage of a scope: per cell, per kind of event."""

    cells: dict[str, dict[str, dict[str, UsageTally]]] = {}

    def tally(self, cell: Cell, event: str) -> UsageTally:
        """Return the tally of one cell and kind of event, made when there is none."""
        cells = self.cells.setdefault(cell[0], {}).setdefault(cell[1], {})
        if event not in cells:
            cells[event] = UsageTally()
        return cells[event]

    def fold(self, delta: Self) -> None:
        """Move on by one day."""
        for dimension, keys in delta.cells.items():
            for key, events in keys.items():
                for event, tally in events.items():
                    self.tally((dimension, key), event).merge(tally)

    def cell(self, cell: Cell) -> dict[str, UsageTally]:
        """Return one cell."""
        return self.cells.get(cell[0], {}).get(cell[1]) or {}


State = RecordDelta | RecordState | UsageState
S = TypeVar("S", RecordDelta, RecordState, UsageState)
F = TypeVar("F", RecordState, UsageState)


def pack(state: State) -> str:
    """Return a state as text for a binary field; equal states give equal text."""
    plain = msgspec.msgpack.encode(state, order="deterministic")
    return base64.b64encode(zlib.compress(plain, 6)).decode()


def unpack(text: str, kind: type[S]) -> S:
    """Return a state from its text."""
    return msgspec.msgpack.decode(zlib.decompress(base64.b64decode(text)), type=kind)


def united(state: F, deltas: Iterable[Any]) -> F:
    """Fold deltas into a state and return it."""
    for delta in deltas:
        state.fold(delta)
    return state


__all__ = (
    "TOTAL",
    "RecordDelta",
    "RecordFlow",
    "RecordState",
    "RecordTally",
    "UsageState",
    "UsageTally",
    "pack",
    "united",
    "unpack",
)
