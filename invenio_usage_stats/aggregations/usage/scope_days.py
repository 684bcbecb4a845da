# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The day of a scope: its cells in the order of documents, with their numbers.

Cells of records' metadata are kept as the lines (positions of entries) that count under them, and
those that only events know as pieces: what documents and sheets need follows from either.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby
from operator import itemgetter
from typing import NamedTuple

from .cells import CellTable
from .grouping import Entry
from .pieces import Piece, overlap

FEW = 16


class Run(NamedTuple):
    """Be the cells of one dimension of a scope's day, in order, with their numbers as lanes.

    ``lines``: the lines of each cell, or none where ``pieces`` says what counts under it.
    """

    dimension: str
    places: list[int]
    lanes: list[int]
    lines: list[list[int]] | None
    pieces: list[list[Piece]] | None


class DayCells:
    """Give each cell of a day its place in the order of documents: by dimension, then by key."""

    def __init__(self, table: CellTable, entries: Sequence[Entry]) -> None:
        """Take all entries of a day, and let each know the places of its cells."""
        found: set[int] = set()
        for entry in entries:
            found.update(entry.segment.cells)
            found.update([cell for cell, _ in entry.parts])
        self.cells = sorted(found, key=table.rank)
        place_of = {cell: place for place, cell in enumerate(self.cells)}
        for entry in entries:
            entry.places = [place_of[cell] for cell in entry.segment.cells]
            entry.parts = [(place_of[cell], piece) for cell, piece in entry.parts]
        dimensions = [table.cells[cell][0] for cell in self.cells]
        self.keys = [table.cells[cell][1] for cell in self.cells]
        sizes = [(dimension, len(list(some))) for dimension, some in groupby(dimensions)]
        ends = accumulate(size for _, size in sizes)
        self.ends = [(dimension, end) for (dimension, _), end in zip(sizes, ends, strict=True)]
        """The dimensions in order, each with the place after its last cell."""

    def runs(self, entries: Sequence[Entry]) -> Iterator[Run]:
        """Yield the cells of a scope, dimension by dimension."""
        day = ScopeDay(entries)
        places = sorted([*day.lines, *day.pieces])
        low = 0
        for dimension, end in self.ends:
            high = bisect_left(places, end, low)
            if low < high:
                yield day.run(dimension, places[low:high])
            low = high


class ScopeDay:
    """Hold which lines and pieces count under each cell of a scope."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.lines: defaultdict[int, list[int]] = defaultdict(list)
        self.pieces: defaultdict[int, list[Piece]] = defaultdict(list)
        lines, pieces = self.lines, self.pieces
        for line, entry in enumerate(entries):
            for place in entry.places:
                lines[place].append(line)
            for place, piece in entry.parts:
                pieces[place].append(piece)
        self._wholes = [entry.whole for entry in entries]
        self._lanes = [whole.lanes for whole in self._wholes]
        self._met_again = met_again(whole.ids for whole in self._wholes)
        self._ids = [self._relevant(whole) for whole in self._wholes]

    def _relevant(self, piece: Piece) -> frozenset | None:
        """Return which of a piece's shared ids another line of this scope has as well."""
        return piece.ids & self._met_again if piece.ids and self._met_again else None

    def run(self, dimension: str, places: list[int]) -> Run:
        """Return the cells of a dimension, given by their places."""
        if places[0] in self.lines:
            lines = [self.lines[place] for place in places]
            own, several = self._lanes, self._of_lines
            lanes = [own[some[0]] if len(some) == 1 else several(some) for some in lines]
            return Run(dimension, places, lanes, lines, None)
        pieces = [self.pieces[place] for place in places]
        lanes = [some[0].lanes if len(some) == 1 else self._of_pieces(some) for some in pieces]
        return Run(dimension, places, lanes, None, pieces)

    def _of_lines(self, lines: list[int]) -> int:
        """Return the numbers of a cell of several lines."""
        chosen = itemgetter(*lines)
        total = sum(chosen(self._lanes))
        if _disjoint([ids for ids in chosen(self._ids) if ids]):
            return total
        return total - overlap(piece.shared for piece in chosen(self._wholes) if piece.shared)

    def _of_pieces(self, pieces: list[Piece]) -> int:
        """Return the numbers of a cell of several pieces."""
        total = sum([piece.lanes for piece in pieces])
        if not self._met_again or _disjoint([piece.ids for piece in pieces if piece.ids]):
            return total
        return total - overlap(piece.shared for piece in pieces if piece.shared)


def met_again(sets: Iterable[frozenset | None]) -> set:
    """Return the members of more than one set."""
    seen: set = set()
    again: set = set()
    for ids in sets:
        if ids:
            again |= ids & seen
            seen |= ids
    return again


def _disjoint(sets: list[frozenset]) -> bool:
    """Tell whether no two sets have a common member; of many sets it is not worth a look."""
    if len(sets) > FEW:
        return False
    return len(sets) < 2 or len(sets[0].union(*sets[1:])) == sum(map(len, sets))
