# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Joining sheets: days to a month, months to a year."""

from itertools import accumulate
from operator import add

import msgspec

from ...catalog import Catalog
from ..columns import Columns, Numbers
from ..reports import encoded
from .repeats import Repeats, joined
from .sheet import (
    CELLS,
    LINES,
    MARKS,
    REPEATS,
    REPORTS,
    TIMES,
    VISITS,
    LineLookup,
    Lines,
    Marks,
    Sections,
    Sheet,
    Usage,
    deltas,
)
from .times import Times, joined_times

Line = tuple[int, int, int]
"""The ordinals of record and work, and the sequence number of the facts."""


class Joining:
    """Join some sheets of one scope."""

    def __init__(self, catalog: Catalog, columns: Columns, sheets: list[Sheet]) -> None:
        self.columns = columns
        self.from_record = {d.id for d in catalog.of_family("usage") if d.source == "record"}
        self.sheets = sheets
        self.usage = Usage(columns, sheets)

    def sections(self) -> Sections:
        """Return the sections of the joined sheet."""
        lines, places = joined_lines([sheet.lines for sheet in self.sheets])
        lookup = LineLookup(self.columns, lines)
        sections = {LINES: msgspec.msgpack.encode(lines)}
        if repeats := self._repeats(places):
            sections[REPEATS] = msgspec.msgpack.encode(repeats)
        if times := self._times(lines, places):
            sections[TIMES] = msgspec.msgpack.encode(times)
        beside = self.usage.beside
        if beside.visits:
            sections[VISITS] = msgspec.msgpack.encode(beside.visits)
        if beside.reports:
            sections[REPORTS] = encoded(beside.reports)
        for dimension in sorted({d for sheet in self.sheets for d in sheet.dimensions}):
            marks = self._marks(dimension, places) if dimension else None
            values = sorted(self.usage.sums(dimension))
            rows = [self._numbers(dimension, value, marks, lookup) for value in values]
            columns = list(zip(*rows, strict=True))
            sections[CELLS + dimension] = msgspec.msgpack.encode((values, columns))
            if marks is not None:
                stored = self._stored(dimension, values, marks)
                sections[MARKS + dimension] = msgspec.msgpack.encode(stored)
        return sections

    def _repeats(self, places: list["Places"]) -> Repeats:
        """Return what several lines count, in the places of the joined sheet."""
        pairs = zip(self.sheets, places, strict=True)
        return joined(sheet.repeats.moved(place.lines, place.files) for sheet, place in pairs)

    def _times(self, lines: Lines, places: list["Places"]) -> Times | None:
        """Return when what is on the joined sheet was used; none unless all sheets tell it."""
        known = [sheet.times for sheet in self.sheets]
        if None in known:
            return None
        parts = ((one, p.lines, p.files) for one, p in zip(known, places, strict=True))
        return joined_times(parts, len(lines.records), len(lines.files))

    def _marks(
        self, dimension: str, places: list["Places"]
    ) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
        """Return the lines and the files of each value, in the places of the joined sheet."""
        lines: dict[str, set[int]] = {}
        files: dict[str, set[int]] = {}
        for sheet, place in zip(self.sheets, places, strict=True):
            marks, values = sheet.marks(dimension), sheet.values(dimension)[0]
            for united, lists, where in (
                (lines, marks.lines, place.lines),
                (files, marks.files, place.files),
            ):
                for value, some in zip(values, lists, strict=False):
                    found = [where[n] for n in accumulate(some)]
                    united.setdefault(value, set()).update(found)
        return lines, files

    def _numbers(
        self, dimension: str, value: str, marks: tuple | None, lookup: LineLookup
    ) -> Numbers:
        """Return the numbers of a cell: sums, and over all sheets what is distinct."""
        row = list(self.usage.sums(dimension)[value])
        if marks is None:
            sets = lookup.sets(range(len(lookup.records)), None)
        else:
            lines, files = marks
            sets = lookup.sets(lines.get(value, ()), files.get(value, ()) if files else None)
        for column in self.columns.distinct:
            row[column] = len(sets.get(column, ()))
        return tuple(row)

    def _stored(self, dimension: str, values: list[str], marks: tuple) -> Marks:
        """Return marks as they are stored."""
        lines, files = ([deltas(sorted(ids.get(v, ()))) for v in values] for ids in marks)
        return Marks(lines, [] if dimension in self.from_record else files)


class Places(msgspec.Struct):
    """Say where the lines and files of one sheet stand in the joined one."""

    lines: list[int]
    files: list[int]


def joined_lines(parts: list[Lines]) -> tuple[Lines, list[Places]]:
    """Return the lines of several sheets as one, and where those of each stand in it."""
    tables = [_line_table(lines) for lines in parts]
    order = {line: n for n, line in enumerate(sorted({k for table in tables for k in table}))}
    views = [[0, 0] for _ in order]
    files: dict[tuple[int, int], list[int]] = {}
    where = []
    for lines, table in zip(parts, tables, strict=True):
        place = [order[line] for line in table]
        where.append(place)
        for line, counts in zip(
            place, zip(lines.views, lines.unique_views, strict=True), strict=True
        ):
            views[line] = list(map(add, views[line], counts))
        for key, counts in _file_rows(lines, place):
            mine = files.get(key)
            files[key] = counts if mine is None else list(map(add, mine, counts))
    return _assembled(list(order), views, files), _places(parts, where, sorted(files))


def _line_table(lines: Lines) -> list[Line]:
    """Return the lines by what tells them apart."""
    ordinals = lines.ordinals
    return list(zip(ordinals, lines.works(ordinals), lines.facts, strict=True))


def _file_rows(lines: Lines, place: list[int]):
    """Yield each file of a sheet with its place, and its counts."""
    counts = zip(lines.downloads, lines.unique_downloads, lines.volume, strict=True)
    for line, file, row in zip(lines.file_lines(), lines.files, counts, strict=True):
        yield (place[line], file), list(row)


def _places(
    parts: list[Lines], where: list[list[int]], order: list[tuple[int, int]]
) -> list[Places]:
    """Return the places of all lines and files."""
    row_of = {key: row for row, key in enumerate(order)}
    found = []
    for lines, place in zip(parts, where, strict=True):
        rows = [row_of[key] for key, _ in _file_rows(lines, place)]
        found.append(Places(place, rows))
    return found


def _assembled(
    keys: list[Line], views: list[list[int]], files: dict[tuple[int, int], list[int]]
) -> Lines:
    """Return lines and files as columns."""
    counts = [0] * len(keys)
    for line, _ in files:
        counts[line] += 1
    ordered = sorted(files)
    rows = [files[key] for key in ordered]
    return Lines(
        records=deltas([record for record, _, _ in keys]),
        parents=[record - parent for record, parent, _ in keys],
        facts=[facts for _, _, facts in keys],
        views=[view for view, _ in views],
        unique_views=[unique for _, unique in views],
        files_per_line=counts,
        files=[file for _, file in ordered],
        downloads=[row[0] for row in rows],
        unique_downloads=[row[1] for row in rows],
        volume=[row[2] for row in rows],
    )
