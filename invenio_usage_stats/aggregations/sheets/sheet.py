# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A sheet: numbers by cell, lines by record, and under which cells each line counts.

Sections of a sheet are decoded when they are asked for. ``cells:<dimension>`` holds the values
of a dimension with a column for each metric; ``marks:<dimension>`` the lines of each value;
``lines`` a line for each record and its facts, and a row for each file downloaded; ``times``
when all this was used; ``repeats``, where there are any, sessions that several of them count; and
``visits`` and ``reports`` what has no lines.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import accumulate, chain, repeat
from operator import sub
from typing import Self

import msgspec

from ..beside import Beside, Sum
from ..columns import Columns, Numbers
from ..reports import Rows, decoded
from ..shares import MISSING, TOTAL, Cell
from ..visits import Visits
from .repeats import Repeats
from .spans import Span
from .times import Times

Sections = Mapping[str, bytes]
LINES, CELLS, MARKS, REPEATS, VISITS = "lines", "cells:", "marks:", "repeats", "visits"
REPORTS = "reports"
TIMES = "times"
"""Missing in sheets that were written before times were kept."""


def deltas(numbers: list[int]) -> list[int]:
    """Return ascending numbers as distances."""
    return [*numbers[:1], *map(sub, numbers[1:], numbers)]


class Lines(msgspec.Struct, array_like=True, gc=False):
    """Hold the records of a sheet, in order, as columns; and their files, line by line."""

    records: list[int] = []
    """Ordinals of the ledger, as distances."""
    parents: list[int] = []
    """How far back the ordinal of the work lies."""
    facts: list[int] = []
    """Ledger sequence number of the facts."""
    views: list[int] = []
    unique_views: list[int] = []
    files_per_line: list[int] = []
    files: list[int] = []
    """A hash of each file's id, of 63 bits."""
    downloads: list[int] = []
    unique_downloads: list[int] = []
    volume: list[int] = []

    @property
    def ordinals(self) -> list[int]:
        """Return the ordinal of each line's record."""
        return list(accumulate(self.records))

    def works(self, ordinals: list[int]) -> list[int]:
        """Return the ordinal of each line's work."""
        return list(map(sub, ordinals, self.parents))

    def file_lines(self) -> list[int]:
        """Return the line of each file."""
        counts = enumerate(self.files_per_line)
        return list(chain.from_iterable(repeat(line, count) for line, count in counts))


class Marks(msgspec.Struct, array_like=True, gc=False):
    """Hold for each value of a dimension its lines and its files, as distances.

    Where the property is the record's, all files of a line share its values, and ``files`` is
    empty.
    """

    lines: list[list[int]] = []
    files: list[list[int]] = []


class LazyMarks(msgspec.Struct, array_like=True, gc=False):
    """Be marks of which few values are asked for."""

    lines: list[msgspec.Raw] = []
    files: list[msgspec.Raw] = []


Sets = dict[int, set[int]]
"""By column the ids that a distinct number counts."""


class Sheet:
    """Read a sheet from its sections."""

    def __init__(self, columns: Columns, sections: Sections, span: Span | None = None) -> None:
        """Take what was stored; ``span``: the days that it is about, if it was."""
        self.columns = columns
        self.sections = sections
        self.span = span
        self._positions: dict[str, dict[str, int]] = {}

    @property
    def dimensions(self) -> list[str]:
        """Return the dimensions that it has cells of; the total's is empty text."""
        return [name[len(CELLS) :] for name in self.sections if name.startswith(CELLS)]

    def values(self, dimension: str) -> tuple[list[str], list[list[int]]]:
        """Return the values of a dimension and the columns of numbers."""
        data = self.sections.get(CELLS + dimension)
        return (
            msgspec.msgpack.decode(data, type=tuple[list[str], list[list[int]]])
            if data
            else ([], [])
        )

    def numbers(self, dimension: str) -> dict[str, Numbers]:
        """Return the numbers of each value of a dimension."""
        values, columns = self.values(dimension)
        return dict(zip(values, zip(*columns, strict=True), strict=True))

    @cached_property
    def lines(self) -> Lines:
        """Return the lines."""
        data = self.sections.get(LINES)
        return msgspec.msgpack.decode(data, type=Lines) if data else Lines()

    @cached_property
    def repeats(self) -> Repeats:
        """Return what several lines count."""
        data = self.sections.get(REPEATS)
        return msgspec.msgpack.decode(data, type=Repeats) if data else Repeats()

    @cached_property
    def times(self) -> Times | None:
        """Return when lines and files were used; none of a sheet that does not tell."""
        data = self.sections.get(TIMES)
        return msgspec.msgpack.decode(data, type=Times) if data else None

    @cached_property
    def beside(self) -> Beside:
        """Return what is counted beside the uses of records."""
        visits, reports = map(self.sections.get, (VISITS, REPORTS))
        found = msgspec.msgpack.decode(visits, type=Visits) if visits else {}
        return Beside(found, decoded(reports) if reports else Rows())

    def marks(self, dimension: str) -> Marks:
        """Return all marks of a dimension."""
        data = self.sections.get(MARKS + dimension)
        return msgspec.msgpack.decode(data, type=Marks) if data else Marks()

    def sets(self, cell: Cell) -> Sets:
        """Return what the distinct numbers of a cell count."""
        found = self._marked(cell)
        return self._lookup.sets(*found) if found else {}

    @cached_property
    def _lookup(self) -> "LineLookup":
        """Return what finds records, works and files."""
        return LineLookup(self.columns, self.lines)

    @cached_property
    def _lazy(self) -> dict[str, LazyMarks]:
        """Return undecoded marks by dimension, filled when they are asked for."""
        return {}

    def _marked(self, cell: Cell) -> tuple[list[int], list[int] | None] | None:
        """Return lines and files of a cell; no files where they follow from the lines."""
        if cell == TOTAL:
            return list(range(len(self.lines.records))), None
        dimension, key = cell
        if dimension not in self._lazy:
            data = self.sections.get(MARKS + dimension)
            self._lazy[dimension] = (
                msgspec.msgpack.decode(data, type=LazyMarks) if data else LazyMarks()
            )
            values = self.values(dimension)[0]
            self._positions[dimension] = {value: n for n, value in enumerate(values)}
        position = self._positions[dimension].get(key)
        if position is None:
            return None
        marks = self._lazy[dimension]
        files = _numbers(marks.files[position]) if marks.files else None
        return _numbers(marks.lines[position]), files


def _numbers(data: msgspec.Raw) -> list[int]:
    """Return the numbers of an undecoded list of distances."""
    return list(accumulate(msgspec.msgpack.decode(data, type=list[int])))


class LineLookup:
    """Find records, works and files of lines."""

    def __init__(self, columns: Columns, lines: Lines) -> None:
        self.columns = columns
        self.lines = lines
        self.records = lines.ordinals
        self.parents = lines.works(self.records)
        self.line_of_file = lines.file_lines()
        counts = lines.files_per_line
        self.first_file = list(accumulate(counts, initial=0))

    def sets(self, lines: Iterable[int], files: Iterable[int] | None) -> Sets:
        """Return by column the ids of the records, works and files of some lines.

        ``files``: the files that count; none for all files of the lines.
        """
        lines = list(lines)
        rows = list(self._files_of(lines) if files is None else files)
        viewed = [line for line in lines if self.lines.views[line]]
        loaded = [self.line_of_file[row] for row in rows]
        ids = {
            ("view", "records"): {self.records[line] for line in viewed},
            ("view", "parents"): {self.parents[line] for line in viewed},
            ("download", "records"): {self.records[line] for line in loaded},
            ("download", "parents"): {self.parents[line] for line in loaded},
            ("download", "files"): {self.lines.files[row] for row in rows},
        }
        at = self.columns.at
        return {at[name]: found for name, found in ids.items() if found and name in at}

    def _files_of(self, lines: Iterable[int]) -> Iterator[int]:
        """Yield all files of lines."""
        for line in lines:
            yield from range(self.first_file[line], self.first_file[line + 1])


class Usage:
    """Unite sheets: numbers that add up are added, distinct ones counted over all of them."""

    def __init__(self, columns: Columns, sheets: Iterable[Sheet] = ()) -> None:
        self.columns = columns
        self.sheets = list(sheets)
        self._sums: dict[str, tuple[int, dict[str, Numbers]]] = {}
        self._sets: dict[Cell, tuple[int, Sets]] = {}
        self._beside = Sum()

    def add(self, sheet: Sheet) -> Self:
        """Add a sheet."""
        self.sheets.append(sheet)
        return self

    def sums(self, dimension: str) -> dict[str, Numbers]:
        """Return the added numbers of each value; only those that add up are meaningful."""
        done, sums = self._sums.get(dimension, (0, {}))
        for sheet in self.sheets[done:]:
            rows = sheet.numbers(dimension)
            if sums:
                _add_rows(sums, rows)
            else:
                sums = rows
        self._sums[dimension] = len(self.sheets), sums
        return sums

    @property
    def beside(self) -> Beside:
        """Return what is counted beside the uses of records."""
        for sheet in self.sheets[self._beside.parts :]:
            self._beside.add(sheet.beside)
        return self._beside.whole

    def keys(self, dimension: str) -> list[str]:
        """Return the values of a dimension, in order, without the missing one."""
        return sorted(key for key in self.sums(dimension) if key != MISSING)

    def numbers(self, cell: Cell) -> Numbers:
        """Return all numbers of a cell, exactly."""
        dimension, key = cell
        row = self.sums(dimension).get(key, self.columns.zero)
        if len(self.sheets) < 2 or not any(row):
            return row
        exact = list(row)
        sets = self._united(cell)
        for column in self.columns.distinct:
            exact[column] = len(sets.get(column, ()))
        return tuple(exact)

    def _united(self, cell: Cell) -> Sets:
        """Return the ids of a cell over all sheets."""
        done, sets = self._sets.get(cell, (0, {}))
        for sheet in self.sheets[done:]:
            for column, ids in sheet.sets(cell).items():
                sets.setdefault(column, set()).update(ids)
        self._sets[cell] = len(self.sheets), sets
        return sets


def _add_rows(sums: dict[str, Numbers], rows: dict[str, Numbers]) -> None:
    """Add rows of numbers to others, value by value."""
    for key, row in rows.items():
        mine = sums.get(key)
        sums[key] = row if mine is None else tuple(a + b for a, b in zip(mine, row, strict=True))
