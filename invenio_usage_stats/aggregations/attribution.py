# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Attribution: to which scopes and under which keys an event counts.

An event belongs to the communities of its record's work at the event's second, and to the
metadata of that second.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from ..catalog import Catalog
from ..ledger.facts import Facts
from ..ledger.history import GLOBAL, History
from .shares import MISSING, Cell, keys_of


@dataclass(frozen=True, eq=False, slots=True)
class Segment:
    """Be a time in which a record's scopes and facts do not change; equal only to itself."""

    record: int
    parent: int
    scopes: tuple[str, ...]
    cells: tuple[Cell, ...]
    """Keys of the record's metadata."""
    file_cells: tuple[Cell, ...]
    """Keys of its files, under which views count; downloads count under their own file's."""


class Timeline:
    """Find the segment of a record at any second."""

    def __init__(self, history: History, catalog: Catalog) -> None:
        self.history = history
        self._catalog = catalog
        self._bounds = sorted({entry.at for entry in history.entries})
        self._segments: dict[int, Segment] = {}
        self._members = {
            scope: history.membership(scope) for scope in history.scopes if scope != GLOBAL
        }

    def at(self, moment: int) -> Segment:
        """Return the segment at a second."""
        index = bisect_right(self._bounds, moment)
        if index not in self._segments:
            self._segments[index] = self._segment(moment)
        return self._segments[index]

    def is_draft(self, moment: int) -> bool:
        """Tell whether the record was a draft at a second."""
        return self.history.drafted <= moment < self.history.published_at

    def _segment(self, moment: int) -> Segment:
        """Return a new segment."""
        communities = tuple(
            scope
            for scope, intervals in self._members.items()
            if any(start <= moment < end for start, end in intervals)
        )
        return Segment(
            self.history.ordinal,
            self.history.parent_ordinal,
            (GLOBAL, *communities),
            *cells_of(self.history.facts_at(moment), self._catalog),
        )


def cells_of(facts: Facts | None, catalog: Catalog) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    """Return the cells of a record's metadata and of its files."""
    cells: dict[str, list[Cell]] = {"record": [], "file": []}
    for dimension in catalog.of_family("usage"):
        if dimension.source in cells:
            keys: Iterable[str] = keys_of(facts, dimension) if facts else ()
            cells[dimension.source] += [(dimension.id, key) for key in keys or (MISSING,)]
    return tuple(cells["record"]), tuple(cells["file"])


def unknown_segment(recid: str, parent: str | None, catalog: Catalog) -> Segment:
    """Return the segment of a record that the ledger never knew: it counts for global only."""
    metadata, files = cells_of(None, catalog)
    return Segment(_number(recid), _number(parent or recid), (GLOBAL,), metadata, files)


def _number(recid: str) -> int:
    """Return a stable negative number for a record without an ordinal."""
    return -int.from_bytes(blake2b(recid.encode(), digest_size=7).digest()) - 1
