# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Pieces: what one record adds to the cells of a day.

Most visitors see one record of a day, so most numbers of a record add up; sets are kept only of
what several records share: visitors of both, works seen in two versions, records that changed
within the day.
"""

from collections import defaultdict
from collections.abc import Iterable, Set

import msgspec

from ..columns import Columns, lanes_of
from .attribution import Segment


class Sighting(msgspec.Struct, gc=False, array_like=True):
    """Be what an event says beyond its record."""

    visitor: str | None
    session: str | None
    unique_id: str
    size: int
    cells: tuple[int, ...]


Shared = dict[int, frozenset]
"""By column the ids that another segment of the day may count too."""


class Piece(msgspec.Struct, gc=False, eq=False):
    """Be what one segment adds to a cell: numbers, and what is shared with other segments."""

    segment: Segment
    lanes: int
    """The numbers, as one integer (see ``columns``)."""
    shared: Shared | None = None
    """Visitors of several segments, and what records share that change within the day, or works
    that are seen in two versions."""
    ids: frozenset | None = None
    """All that is shared, whatever counts it: pieces without a common id simply add up."""
    files: tuple[str, ...] = ()
    """What was downloaded, in a piece of downloads only."""


FileCounts = dict[str, tuple[int, int, int]]
"""Events, unique sessions and bytes by file."""


class Part(msgspec.Struct, gc=False, eq=False):
    """Be one kind of event of a segment: the whole, and pieces of cells that events know."""

    whole: Piece
    cells: dict[int, Piece]
    counts: tuple[int, int]
    """Events and unique sessions."""
    files: FileCounts


class PieceMaker:
    """Make the pieces of one kind of event, of some of the day's visitors."""

    def __init__(self, kind: str, columns: Columns, common: Set[str], changing: set[int]) -> None:
        """Take the visitors of several segments, and the records with several."""
        self.kind, self.columns = kind, columns
        self.visitor_column = columns.at.get((kind, "visitors"), 0)
        self.changing = changing
        names = ("events", "uniques", "visitors", "volume", "records", "parents", "files")
        units = [columns.unit(kind, name) for name in names]
        self.event, self.unique, self.visitor, self.byte = units[:4]
        self.record, self.parent, self.file = units[4:]
        self.common = common if self.visitor else frozenset()
        self.has_files = bool(self.file)
        self.once = self.event + self.record + self.parent + self.file
        """What a single sighting counts, whoever it was."""

    def part(self, segment: Segment, sightings: list[Sighting]) -> Part:
        """Return all that some sightings of a segment add."""
        whole = self.piece(segment, sightings)
        if len(sightings) == 1:
            return self._single(whole, sightings)
        by_cell: defaultdict[int, list[Sighting]] = defaultdict(list)
        for sighting in sightings:
            for cell in sighting.cells:
                by_cell[cell].append(sighting)
        cells = {
            cell: whole if len(some) == len(sightings) else self.piece(segment, some)
            for cell, some in by_cell.items()
        }
        counts = len(sightings), unique_sessions(sightings)
        return Part(whole, cells, counts, file_counts(sightings) if self.has_files else {})

    def _single(self, whole: Piece, sightings: list[Sighting]) -> Part:
        """Return all that a single sighting adds, as most records have."""
        (one,) = sightings
        unique = 1 if one.session else 0
        files = {one.unique_id: (1, unique, one.size)} if self.has_files else {}
        return Part(whole, dict.fromkeys(one.cells, whole), (1, unique), files)

    def piece(self, segment: Segment, sightings: list[Sighting]) -> Piece:
        """Return the piece of some sightings of a segment."""
        if segment.record in self.changing:
            return self._changing_piece(segment, sightings)
        if len(sightings) > 1:
            return self._piece(segment, sightings)
        (one,) = sightings
        lanes = self.once + one.size * self.byte
        if one.session:
            lanes += self.unique
        if one.visitor:
            lanes += self.visitor
        piece = Piece(segment, lanes)
        if one.visitor in self.common:
            piece.ids = frozenset((one.visitor,))
            piece.shared = {self.visitor_column: piece.ids}
        if self.has_files:
            piece.files = (one.unique_id,)
        return piece

    def _piece(self, segment: Segment, sightings: list[Sighting]) -> Piece:
        """Return the piece of several sightings."""
        visitors = {s.visitor for s in sightings if s.visitor}
        uniques = {(s.unique_id, s.session) for s in sightings if s.session}
        files = {s.unique_id for s in sightings}
        lanes = (
            len(sightings) * self.event
            + len(uniques) * self.unique
            + len(visitors) * self.visitor
            + sum([s.size for s in sightings]) * self.byte
            + len(files) * self.file
            + self.record
            + self.parent
        )
        piece = Piece(segment, lanes)
        share(piece, {self.visitor_column: visitors & self.common})
        if self.has_files:
            piece.files = tuple(sorted(files))
        return piece

    def _changing_piece(self, segment: Segment, sightings: list[Sighting]) -> Piece:
        """Return the piece of a record with several segments in the day: they share what it is."""
        piece = self._piece(segment, sightings)
        counted = {
            "records": {segment.record},
            "uniques": {(s.unique_id, s.session) for s in sightings if s.session},
            "files": {s.unique_id for s in sightings},
        }
        at, kind = self.columns.at, self.kind
        share(piece, {at[kind, name]: ids for name, ids in counted.items() if (kind, name) in at})
        return piece

    def merged(self, left: Part, right: Part) -> Part:
        """Return one segment's parts, of different visitors, as one."""
        files = dict(left.files)
        for file, counts in right.files.items():
            files[file] = _sums(files.get(file, (0, 0, 0)), counts)
        whole = self._merged(left.whole, right.whole)
        cells = dict(left.cells)
        for cell, piece in right.cells.items():
            cells[cell] = self._merged(cells[cell], piece) if cell in cells else piece
        return Part(whole, cells, _sums(left.counts, right.counts), files)

    def _merged(self, left: Piece, right: Piece) -> Piece:
        """Return two pieces of one segment and cell as one: it is still one record."""
        piece = united([left, right])
        piece.files = tuple(sorted({*left.files, *right.files}))
        twice = len(left.files) + len(right.files) - len(piece.files)
        piece.lanes -= self.record + self.parent + twice * self.file
        return piece


def share(piece: Piece, shared: dict[int, set]) -> None:
    """Note, by column, ids that other segments may count too."""
    own = {column: frozenset(ids) for column, ids in shared.items() if ids}
    if own:
        piece.shared = {**(piece.shared or {}), **own}
        piece.ids = all_of(piece.shared)


def all_of(shared: Shared) -> frozenset:
    """Return all ids of all columns."""
    first, *others = shared.values()
    return first.union(*others) if others else first


def united(pieces: list[Piece]) -> Piece:
    """Return pieces of one segment as one, with all that they count and share."""
    if len(pieces) == 1:
        return pieces[0]
    shared: Shared = {}
    for piece in pieces:
        for column, ids in (piece.shared or {}).items():
            shared[column] = shared[column] | ids if column in shared else ids
    lanes = sum(piece.lanes for piece in pieces)
    ids = all_of(shared) if shared else None
    return Piece(pieces[0].segment, lanes, shared or None, ids)


def _sums(left: Iterable[int], right: Iterable[int]) -> tuple[int, ...]:
    """Return two rows of numbers added up."""
    return tuple(a + b for a, b in zip(left, right, strict=True))


def file_counts(sightings: list[Sighting]) -> FileCounts:
    """Return the downloads of each file."""
    files: defaultdict[str, list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        files[sighting.unique_id].append(sighting)
    return {
        file: (len(some), unique_sessions(some), sum(s.size for s in some))
        for file, some in files.items()
    }


def unique_sessions(sightings: list[Sighting]) -> int:
    """Return the unique sessions of one record or file."""
    return len({sighting.session for sighting in sightings if sighting.session})


def overlap(shared: Iterable[Shared]) -> int:
    """Return what is counted more than once when pieces are added up, as lanes."""
    columns: defaultdict[int, list[frozenset]] = defaultdict(list)
    for one in shared:
        for column, ids in one.items():
            columns[column].append(ids)
    return sum(
        lanes_of(column, sum(map(len, sets)) - len(sets[0].union(*sets[1:])))
        for column, sets in columns.items()
        if len(sets) > 1
    )
