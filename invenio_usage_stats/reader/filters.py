# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Usage of some records only: the lines of sheets that meet conditions, added up.

A line is one record with one set of facts, and has a row for each file downloaded. Views are
added up over lines, downloads over rows, so both are chosen apart: a type of file chooses the
rows of such files, and the lines whose record has one. Visitors do not follow from lines. What
several of the chosen lines count is taken off their unique numbers.
"""

from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property, reduce
from itertools import accumulate
from typing import NamedTuple

from ..aggregations.columns import Columns
from ..aggregations.sheets.repeats import Repeated
from ..aggregations.sheets.sheet import CELLS, LINES, MARKS, LineLookup, Marks, Sheet, Usage

Counted = list[int | None]
"""One number for each column; none where it does not follow from lines."""
VISITORS = "visitors"
KINDS = (CELLS, MARKS)
KINDS_OF_EVENTS = ("view", "download")
KIND_OF = {
    "views": "view",
    "unique_views": "view",
    "downloads": "download",
    "unique_downloads": "download",
    "volume": "download",
}
"""The kind of event that a column counts: lines count views, and rows downloads."""
UNIQUE = ("unique_views", "unique_downloads")
"""The columns of which several lines count the same."""


class Picked(NamedTuple):
    """Be the chosen lines, whose views count, and rows of files, whose downloads count."""

    lines: set[int]
    rows: set[int]

    def within(self, other: "Picked") -> "Picked":
        """Return what both have chosen."""
        return Picked(self.lines & other.lines, self.rows & other.rows)

    def of(self, kind: str) -> set[int]:
        """Return what counts events of a kind."""
        return self.lines if kind == "view" else self.rows


class Opened:
    """Hold what conditions need of one sheet, decoded once."""

    def __init__(self, columns: Columns, sheet: Sheet) -> None:
        self.sheet = sheet
        self.lines = sheet.lines
        self.lookup = LineLookup(columns, sheet.lines)
        self._marks: dict[str, tuple[dict[str, int], Marks]] = {}

    @cached_property
    def _repeated(self) -> dict[str, Repeated]:
        """Return by kind of event what is counted several times."""
        return {kind: Repeated(self.sheet.repeats.of(kind)) for kind in KINDS_OF_EVENTS}

    def surplus(self, kind: str, picked: Picked) -> Iterator[tuple[int, int]]:
        """Yield chosen lines or rows, and how many unique sessions they count too often."""
        return self._repeated[kind].surplus(picked.of(kind))

    def records(self, kind: str) -> list[int]:
        """Return the record of each line, or of each row."""
        records = self.lookup.records
        return records if kind == "view" else [records[n] for n in self.lookup.line_of_file]

    def whole(self) -> Picked:
        """Return everything."""
        return Picked(set(range(len(self.lookup.records))), set(range(len(self.lines.files))))

    def of_lines(self, lines: Iterable[int]) -> Picked:
        """Return some lines with all their rows."""
        some = set(lines)
        first = self.lookup.first_file
        return Picked(some, {row for n in some for row in range(first[n], first[n + 1])})

    def marked(self, dimension: str, values: Iterable[str]) -> Picked:
        """Return the lines and rows under some values of a dimension."""
        positions, marks = self._of(dimension)
        found = [positions[value] for value in values if value in positions]
        lines = {line for n in found for line in accumulate(marks.lines[n])}
        if not marks.files:
            return self.of_lines(lines)
        return Picked(lines, {row for n in found for row in accumulate(marks.files[n])})

    def values(self, dimension: str) -> Iterator[tuple[str, Picked]]:
        """Yield each value of a dimension with its lines and rows."""
        for value in self._of(dimension)[0]:
            yield value, self.marked(dimension, [value])

    def _of(self, dimension: str) -> tuple[dict[str, int], Marks]:
        """Return the places of values, and the marks of a dimension."""
        if dimension not in self._marks:
            values = self.sheet.values(dimension)[0]
            places = {value: n for n, value in enumerate(values)}
            self._marks[dimension] = places, self.sheet.marks(dimension)
        return self._marks[dimension]


Chosen = tuple[Opened, Picked]
"""A sheet, and what is chosen of it."""


class Condition(ABC):
    """Choose lines and rows of a sheet."""

    dimensions: tuple[str, ...] = ()
    """Those whose marks it reads."""

    @abstractmethod
    def pick(self, sheet: Opened) -> Picked:
        """Return what is chosen."""


class HasValue(Condition):
    """Choose what has one of some values of a dimension."""

    def __init__(self, dimension: str, values: Iterable[str]) -> None:
        self.dimensions = (dimension,)
        self.wanted = list(values)

    def pick(self, sheet: Opened) -> Picked:
        """Return what the marks of these values say."""
        return sheet.marked(self.dimensions[0], self.wanted)


class HasFacts(Condition):
    """Choose lines by their facts, for properties that sheets do not have."""

    def __init__(self, sequences: set[int]) -> None:
        self.sequences = sequences

    def pick(self, sheet: Opened) -> Picked:
        """Return the lines with these facts."""
        facts = enumerate(sheet.lines.facts)
        return sheet.of_lines(n for n, sequence in facts if sequence in self.sequences)


class OfRecords(Condition):
    """Choose the lines of some records."""

    def __init__(self, ordinals: set[int]) -> None:
        self.ordinals = ordinals

    def pick(self, sheet: Opened) -> Picked:
        """Return the lines of these records."""
        records = enumerate(sheet.lookup.records)
        return sheet.of_lines(n for n, record in records if record in self.ordinals)


class OfFiles(Condition):
    """Choose the rows of some files."""

    def __init__(self, numbers: set[int]) -> None:
        self.numbers = numbers

    def pick(self, sheet: Opened) -> Picked:
        """Return the rows of these files; no views, since a record is viewed as a whole."""
        files = enumerate(sheet.lines.files)
        return Picked(set(), {row for row, number in files if number in self.numbers})


class Choice:
    """Add up what meets all of some conditions."""

    def __init__(self, columns: Columns, conditions: Iterable[Condition]) -> None:
        self.columns = columns
        self.conditions = list(conditions)
        self.unknown = [at for (_, counter), at in columns.at.items() if counter == VISITORS]

    @property
    def sections(self) -> list[str]:
        """Return the sections of sheets that conditions read."""
        return [
            LINES,
            *(f"{kind}{d}" for c in self.conditions for d in c.dimensions for kind in KINDS),
        ]

    def pick(self, sheet: Opened) -> Picked:
        """Return what meets all conditions."""
        if not self.conditions:
            return sheet.whole()
        return reduce(Picked.within, (condition.pick(sheet) for condition in self.conditions))

    def numbers(self, usage: Usage) -> Counted:
        """Return the numbers of what is chosen."""
        gathered = Gathered(self.columns)
        for sheet in usage.sheets:
            opened = Opened(self.columns, sheet)
            gathered.add(opened, self.pick(opened))
        return gathered.numbers(self.unknown)

    def chosen(self, usage: Usage) -> Iterator[Chosen]:
        """Yield each sheet with what is chosen of it."""
        for sheet in usage.sheets:
            opened = Opened(self.columns, sheet)
            yield opened, self.pick(opened)

    def table(self, sheets: Iterable[Chosen], dimension: str) -> dict[str, "Gathered"]:
        """Return what is chosen of each value of a dimension of records' properties."""
        found: dict[str, Gathered] = {}
        for opened, chosen in sheets:
            for value, picked in opened.values(dimension):
                part = picked.within(chosen)
                if part.lines or part.rows:
                    found.setdefault(value, Gathered(self.columns)).add(opened, part)
        return found

    def counts(self, usage: Usage, column: str) -> Counter[int]:
        """Return a column of the chosen lines or rows, added up by the record's ordinal."""
        counts: Counter[int] = Counter()
        for sheet in usage.sheets:
            opened = Opened(self.columns, sheet)
            numbers, kind = getattr(sheet.lines, column), KIND_OF[column]
            picked, records = self.pick(opened), opened.records(kind)
            for n in picked.of(kind):
                counts[records[n]] += numbers[n]
            if column in UNIQUE:
                for n, surplus in opened.surplus(kind, picked):
                    counts[records[n]] -= surplus
        return counts

    def files(self, usage: Usage) -> dict[int, "Gathered"]:
        """Return what is chosen of each file, by its number."""
        found: dict[int, Gathered] = {}
        for sheet in usage.sheets:
            opened = Opened(self.columns, sheet)
            rows: defaultdict[int, set[int]] = defaultdict(set)
            for row in self.pick(opened).rows:
                rows[opened.lines.files[row]].add(row)
            for number, some in rows.items():
                gathered = found.setdefault(number, Gathered(self.columns))
                gathered.add(opened, Picked(set(), some))
        return found


class Gathered:
    """Add up lines and rows of several sheets, and unite what is distinct."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.sums = [0] * len(columns.metrics)
        self.sets: dict[int, set[int]] = {}

    def add(self, sheet: Opened, picked: Picked) -> None:
        """Add what was chosen of a sheet."""
        lines, at = sheet.lines, self.columns.at
        for name, numbers, chosen in (
            (("view", "events"), lines.views, picked.lines),
            (("view", "uniques"), lines.unique_views, picked.lines),
            (("download", "events"), lines.downloads, picked.rows),
            (("download", "uniques"), lines.unique_downloads, picked.rows),
            (("download", "volume"), lines.volume, picked.rows),
        ):
            if name in at:
                self.sums[at[name]] += sum(numbers[n] for n in chosen)
        for kind in KINDS_OF_EVENTS:
            if (kind, "uniques") in at:
                self.sums[at[kind, "uniques"]] -= sum(n for _, n in sheet.surplus(kind, picked))
        for column, ids in sheet.lookup.sets(picked.lines, picked.rows).items():
            self.sets.setdefault(column, set()).update(ids)

    def numbers(self, unknown: Iterable[int] = ()) -> Counted:
        """Return all numbers."""
        found: Counted = list(self.sums)
        for column in self.columns.distinct:
            found[column] = len(self.sets.get(column, ()))
        for column in unknown:
            found[column] = None
        return found
