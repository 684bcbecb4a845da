# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Attribution: to which scopes and under which keys an event counts.

An event belongs to the communities of its record's work at the event's second, and to the
metadata of that second.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from operator import attrgetter

from ...catalog import Catalog
from ...catalog.base import Dimension
from ...ledger.facts import Facts
from ...ledger.history import DAY, GLOBAL, Entry, History
from ..shares import MISSING, keys_of
from .cells import CellTable

_SECOND = attrgetter("at")


@dataclass(frozen=True, eq=False, slots=True)
class Segment:
    """Be a time in which a record's scopes and facts do not change; equal only to itself."""

    record: int
    parent: int
    facts: int
    """The sequence number of the ledger entry that brought the facts; 0 without any."""
    scopes: tuple[str, ...]
    cells: tuple[int, ...]
    """The total, and the keys of the record's metadata."""
    file_cells: tuple[int, ...]
    """Keys of its files, under which views count; downloads count under their own file's."""
    known: bool = True


class Timeline:
    """Find the segment of a record at any second."""

    __slots__ = ("bounds", "drafted", "published_at", "segments")

    def __init__(self, history: History, cells: "SegmentCells") -> None:
        self.drafted, self.published_at = history.drafted, history.published_at
        self.bounds = sorted({entry.at for entry in history.entries})
        found: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = {}
        self.segments = []
        moments = (self.bounds[0] - 1, *self.bounds)
        for moment, scopes in zip(moments, _scopes(history.entries), strict=True):
            sequence, facts = history.facts_entry_at(moment)
            if sequence not in found:
                found[sequence] = cells.of(facts)
            numbers = history.ordinal, history.parent_ordinal, sequence
            self.segments.append(Segment(*numbers, scopes, *found[sequence]))

    def at(self, moment: int) -> Segment:
        """Return the segment at a second."""
        return self.segments[bisect_right(self.bounds, moment)]

    def throughout(self, day: int) -> Segment | None:
        """Return the segment of a whole day; none when it changes within the day."""
        start = bisect_right(self.bounds, day * DAY)
        end = bisect_right(self.bounds, (day + 1) * DAY - 1)
        return self.segments[start] if start == end and self.published_at <= day * DAY else None

    def is_draft(self, moment: int) -> bool:
        """Tell whether the record was a draft at a second."""
        return self.drafted <= moment < self.published_at


def _scopes(entries: list[Entry]) -> Iterator[tuple[str, ...]]:
    """Yield the scopes of a record: before its first entry, and from the second of each one on."""
    members: dict[str, bool] = {}
    yield (GLOBAL,)
    for _, some in groupby(entries, key=_SECOND):
        members |= {entry.scope: entry.kind == "added" for entry in some if entry.scope != GLOBAL}
        yield (GLOBAL, *(scope for scope, is_in in members.items() if is_in))


class SegmentCells:
    """Number the cells of facts, once for equal facts."""

    def __init__(self, catalog: Catalog, table: CellTable) -> None:
        family = catalog.of_family("usage")
        self.table = table
        self.dimensions = tuple(d for d in family if d.source == "record")
        self.file_dimensions = tuple(d for d in family if d.source == "file")

    def of(self, facts: Facts | None) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the cells of a record's metadata (the total first) and of its files."""
        record = self._numbers(facts, self.dimensions)
        return (0, *record), tuple(self._numbers(facts, self.file_dimensions))

    def _numbers(self, facts: Facts | None, dimensions: Iterable[Dimension]) -> Iterator[int]:
        """Yield the cells of some dimensions."""
        known, number = self.table.numbers.get, self.table.number
        for dimension in dimensions:
            keys = keys_of(facts, dimension) if facts else ()
            for key in keys or (MISSING,):
                cell = (dimension.id, key)
                found = known(cell)
                yield number(cell) if found is None else found

    def unknown(self, recid: str, parent: str | None) -> Segment:
        """Return the segment of a record that the ledger never knew: global counts it only."""
        numbers = (ordinal_of(recid), ordinal_of(parent or recid), 0)
        return Segment(*numbers, (GLOBAL,), *self.of(None), known=False)


def ordinal_of(recid: str) -> int:
    """Return a stable negative number for a record without an ordinal."""
    return -int.from_bytes(blake2b(recid.encode(), digest_size=7).digest()) - 1
