# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What was used in a period, all of it: columns of machine numbers, by record or by file.

They are the lines of sheets, added up as rankings do it. A million of them take about 60 MB, since
sheets are read one after the other, and of each one column at a time.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator
from heapq import merge
from itertools import accumulate, chain, compress, groupby, repeat

import msgspec

from ..aggregations.columns import Columns
from ..aggregations.sheets.sheet import LINES, TIMES, Lines, Sheet
from ..aggregations.sheets.store import in_order, read
from ..aggregations.sheets.times import Times
from .spans import Place, covers

VIEWS, DOWNLOADS, VOLUME = "views", "downloads", "volume"
FIRST, LAST, LOADED = "first_viewed", "last_viewed", "last_downloaded"
OF_RECORDS = (VIEWS, DOWNLOADS, VOLUME, FIRST, LAST, LOADED)
RECORD = "record"
OF_FILES = (DOWNLOADS, VOLUME, LOADED, RECORD)
UNKNOWN = -1
"""Stands for a time that sheets do not tell, as they are older than the keeping of times."""


class Used:
    """Hold numbers and times by key: the ordinal of a record, or the number of a file.

    Each column has one more place, at which stands what is not wanted.
    """

    def __init__(self, keys: array, names: Iterable[str]) -> None:
        self.keys = keys
        self.columns = {name: array("q", bytes(8 * (len(keys) + 1))) for name in names}

    def place(self, key: int) -> int:
        """Return where a key stands; of an unknown one the place after the last."""
        found = bisect_left(self.keys, key)
        known = found < len(self.keys) and self.keys[found] == key
        return found if known else len(self.keys)

    def __contains__(self, key: int) -> bool:
        """Tell whether a key was used."""
        return self.place(key) < len(self.keys)

    def number(self, name: str, place: int) -> int | None:
        """Return what stands in a column; none of what is not counted by such keys."""
        return self.columns[name][place] if name in self.columns else None

    def add(self, name: str, places: Iterable[int], numbers: Iterable[int]) -> None:
        """Add numbers to a column."""
        column = self.columns[name]
        for place, number in zip(places, numbers, strict=True):
            column[place] += number

    def put(self, name: str, places: Iterable[int], numbers: Iterable[int]) -> None:
        """Put numbers that are always the same into a column."""
        column = self.columns[name]
        for place, number in zip(places, numbers, strict=True):
            column[place] = number

    def latest(self, name: str, places: Iterable[int], moments: Iterable[int]) -> None:
        """Keep the latest times; sheets come in the order of time, so later ones are right."""
        column = self.columns[name]
        for place, moment in zip(places, moments, strict=True):
            if moment > column[place] or moment == UNKNOWN:
                column[place] = moment

    def earliest(self, name: str, places: Iterable[int], moments: Iterable[int]) -> None:
        """Keep the earliest times; what is not known of an earlier sheet stays unknown."""
        column = self.columns[name]
        for place, moment in zip(places, moments, strict=True):
            if moment and (not column[place] or 0 < moment < column[place]):
                column[place] = moment

    def order(self, sort: str) -> array:
        """Return the places of what was used, the largest first; ties by downloads and views."""
        counted = [self.columns[name] for name in (VIEWS, DOWNLOADS) if name in self.columns]
        places = list(compress(range(len(self.keys)), map(any, zip(*counted, strict=True))))
        for name in (VIEWS, DOWNLOADS, sort):
            if name in self.columns:
                places.sort(key=self.columns[name].__getitem__, reverse=True)
        return array("q", places)


Wanted = Callable[[int], bool]
"""Tells whether a record, given by its ordinal, is wanted at all."""


def used_records(
    columns: Columns, places: list[Place], only: Collection[int] | None = None
) -> Used:
    """Return the use of records, read where ``places`` say; ``only``: of these ordinals."""
    wanted, keys = _wanted(only), array("q")
    for sheet in _sheets(columns, places):
        keys = _united(keys, filter(wanted, _Lines(sheet).ordinals))
    used = Used(keys, OF_RECORDS)
    for sheet in _sheets(columns, places):
        _add_records(used, _Lines(sheet))
    return used


def _add_records(used: Used, lines: "_Lines") -> None:
    """Add the records of a sheet."""
    of_lines = array("q", map(used.place, lines.ordinals))
    of_files = array("q", lines.by_file(of_lines))
    used.add(VIEWS, of_lines, lines.column(VIEWS))
    used.add(DOWNLOADS, of_files, lines.column(DOWNLOADS))
    used.add(VOLUME, of_files, lines.column(VOLUME))
    used.earliest(FIRST, of_lines, lines.first_views())
    used.latest(LAST, of_lines, lines.last_views())
    used.latest(LOADED, of_files, lines.last_downloads())


def used_files(columns: Columns, places: list[Place], only: Collection[int] | None = None) -> Used:
    """Return the use of files, read where ``places`` say; ``only``: of these records."""
    wanted, keys = _wanted(only), array("q")
    for sheet in _sheets(columns, places):
        keys = _united(keys, _files(_Lines(sheet), wanted))
    used = Used(keys, OF_FILES)
    for sheet in _sheets(columns, places):
        _add_files(used, _Lines(sheet))
    return used


def _files(lines: "_Lines", wanted: Wanted) -> Iterator[int]:
    """Yield the files of the wanted records of a sheet."""
    return compress(lines.column("files"), map(wanted, lines.by_file(lines.ordinals)))


def _add_files(used: Used, lines: "_Lines") -> None:
    """Add the files of a sheet."""
    of_files = array("q", map(used.place, lines.column("files")))
    used.put(RECORD, of_files, lines.by_file(lines.ordinals))
    used.add(DOWNLOADS, of_files, lines.column(DOWNLOADS))
    used.add(VOLUME, of_files, lines.column(VOLUME))
    used.latest(LOADED, of_files, lines.last_downloads())


def _wanted(only: Collection[int] | None) -> Wanted:
    """Return what tells whether a record is wanted: one of some, or any that the ledger knows."""
    return (lambda ordinal: ordinal > 0) if only is None else frozenset(only).__contains__


def _united(keys: array, others: Iterable[int]) -> array:
    """Return ascending keys and others, each once."""
    return array("q", (key for key, _ in groupby(merge(keys, sorted(others)))))


def _sheets(columns: Columns, places: list[Place]) -> Iterator[Sheet]:
    """Yield the sheets of some places, in the order of time."""
    (keys,) = covers([places])
    for key in sorted(keys, key=lambda key: key[1].start):
        yield from in_order(read(columns, [key], [LINES, TIMES]), [key])


class _Lines:
    """Decode the lines of a sheet, one column at a time."""

    def __init__(self, sheet: Sheet) -> None:
        self._sections = sheet.sections
        self._lines = _raw(Lines, sheet.sections.get(LINES))
        self.ordinals = array("q", accumulate(self.column("records")))

    def column(self, name: str) -> list[int]:
        """Return a column of lines or files."""
        return _decoded(self._lines.get(name))

    def by_file(self, of_lines: Iterable[int]) -> Iterator[int]:
        """Yield what is said of each line once for each of its files."""
        counts = zip(of_lines, self.column("files_per_line"), strict=True)
        return chain.from_iterable(repeat(what, count) for what, count in counts)

    def first_views(self) -> Iterable[int]:
        """Return when the record of each line was viewed first; nought of what was not."""
        if TIMES not in self._sections:
            return (UNKNOWN if views else 0 for views in self.column(VIEWS))
        return self._moments("first_viewed")

    def last_views(self) -> Iterable[int]:
        """Return when the record of each line was viewed last."""
        if TIMES not in self._sections:
            return self.first_views()
        starts = array("q", self._moments("first_viewed"))
        lengths = self._moments("viewed_for")
        return (start + length for start, length in zip(starts, lengths, strict=True))

    def last_downloads(self) -> Iterable[int]:
        """Return when each file was downloaded last."""
        if TIMES not in self._sections:
            return (UNKNOWN for _ in self.column("files"))
        return self._moments(LOADED)

    def _moments(self, name: str) -> list[int]:
        """Return a column of times, of which nothing else is kept."""
        return _decoded(_raw(Times, self._sections.get(TIMES)).get(name))


def _raw(kind: type[msgspec.Struct], data: bytes | None) -> dict[str, msgspec.Raw]:
    """Return the columns of a section, undecoded."""
    found = msgspec.msgpack.decode(data, type=list[msgspec.Raw]) if data else ()
    return dict(zip(kind.__struct_fields__, found, strict=False))


def _decoded(column: msgspec.Raw | None) -> list[int]:
    """Return a column of numbers."""
    return [] if column is None else msgspec.msgpack.decode(column, type=list[int])
