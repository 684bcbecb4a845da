# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Pieces: what one record adds to the cells of a day.

Most visitors see one record of a day, so most numbers of a record add up; sets are kept only of
what several records share: visitors of both, works seen in two versions, records that changed
within the day.
"""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from .attribution import Segment
from .columns import Columns, Numbers


class Sighting(msgspec.Struct, gc=False, array_like=True):
    """Be what an event says beyond its record."""

    visitor: str | None
    session: str | None
    unique_id: str
    size: int
    cells: tuple[int, ...]


Shared = dict[int, frozenset]
"""By counter (its unit) the ids that another segment of the day may count too."""


class Piece(msgspec.Struct, gc=False, eq=False):
    """Be what one segment adds to a cell: numbers, and what is shared with other segments."""

    segment: Segment
    lanes: int
    """The numbers, as one integer (see ``columns``), without what is shared."""
    visitors: tuple[frozenset[str], ...] | None = None
    """Visitors of several segments, for each kind of event."""
    shared: Shared | None = None
    """What a record that changes within the day, or a work seen in two versions, shares."""
    files: tuple[str, ...] = ()
    """What was downloaded, in a piece of downloads only."""
    numbers: Numbers | None = None
    """All its numbers as a row, once they were asked for."""
    text: str = ""
    """The same as it stands in documents, once it was rendered."""


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

    def __init__(self, kind: str, columns: Columns, common: set[str], changing: set[int]) -> None:
        """Take the visitors of several segments, and the records with several."""
        self.kind, self.columns = kind, columns
        self.common, self.changing = common, changing
        names = ("events", "uniques", "visitors", "volume", "records", "parents", "files")
        units = [columns.unit(kind, name) for name in names]
        self.event, self.unique, self.visitor, self.byte = units[:4]
        self.record, self.parent, self.file = units[4:]
        self.has_files = bool(self.file)
        self.nobody = (frozenset(),) * len(columns.events)

    def part(self, segment: Segment, sightings: list[Sighting]) -> Part:
        """Return all that some sightings of a segment add."""
        whole = self.piece(segment, sightings)
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

    def piece(self, segment: Segment, sightings: list[Sighting]) -> Piece:
        """Return the piece of some sightings of a segment."""
        visitors = {s.visitor for s in sightings if s.visitor}
        uniques = {(s.unique_id, s.session) for s in sightings if s.session}
        files = {s.unique_id for s in sightings}
        common = visitors & self.common
        lanes = (
            len(sightings) * self.event
            + len(uniques) * self.unique
            + (len(visitors) - len(common)) * self.visitor
            + sum([s.size for s in sightings]) * self.byte
            + len(files) * self.file
            + self.record
            + self.parent
        )
        piece = Piece(segment, lanes, self._visitors(common) if common else None)
        if segment.record in self.changing:
            ids = {self.record: {segment.record}, self.unique: uniques, self.file: files}
            share(piece, ids)
        if self.has_files:
            piece.files = tuple(sorted(files))
        return piece

    def _visitors(self, common: set[str]) -> tuple[frozenset[str], ...]:
        """Return visitors in the place of their kind of event."""
        position = self.columns.events.index(self.kind)
        return (*self.nobody[:position], frozenset(common), *self.nobody[position + 1 :])

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
        once = {self.record: 1, self.parent: 1, self.file: twice}
        piece.lanes -= sum(unit * n for unit, n in once.items() if unit not in (piece.shared or ()))
        return piece


def share(piece: Piece, ids: dict[int, set]) -> None:
    """Move ids that other segments may count too from the numbers to what is shared."""
    own = {unit: frozenset(some) for unit, some in ids.items() if unit and some}
    piece.lanes -= sum(unit * len(some) for unit, some in own.items())
    piece.shared = {**(piece.shared or {}), **own}


def united(pieces: list[Piece]) -> Piece:
    """Return pieces of one segment as one, with all that they count and share."""
    if len(pieces) == 1:
        return pieces[0]
    visitors = [piece.visitors for piece in pieces if piece.visitors]
    shared: dict[int, frozenset] = {}
    for piece in pieces:
        for unit, ids in (piece.shared or {}).items():
            shared[unit] = shared.get(unit, frozenset()) | ids
    return Piece(
        pieces[0].segment,
        sum(piece.lanes for piece in pieces),
        tuple(frozenset().union(*kind) for kind in zip(*visitors, strict=True)) or None,
        shared or None,
    )


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


def numbers_of(pieces: list[Piece], columns: Columns) -> Numbers:
    """Return the numbers of a cell; most cells have a single piece, which many cells share."""
    if len(pieces) > 1:
        return columns.numbers(_total(pieces, columns))
    piece = pieces[0]
    if piece.numbers is None:
        piece.numbers = columns.numbers(_total(pieces, columns))
    return piece.numbers


def _total(pieces: list[Piece], columns: Columns) -> int:
    """Return the numbers of a cell, as lanes."""
    lanes = sum([piece.lanes for piece in pieces])
    visitors = [piece.visitors for piece in pieces if piece.visitors]
    if len(visitors) == 1:
        for unit, ids in zip(columns.visitors, visitors[0], strict=True):
            lanes += unit * len(ids)
    elif visitors:
        for unit, sets in zip(columns.visitors, zip(*visitors, strict=True), strict=True):
            lanes += unit * len(sets[0].union(*sets[1:]))
    shared = [piece.shared for piece in pieces if piece.shared]
    for unit in {unit for ids in shared for unit in ids}:
        lanes += unit * len(frozenset().union(*(ids[unit] for ids in shared if unit in ids)))
    return lanes
