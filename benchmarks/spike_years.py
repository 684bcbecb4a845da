# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The last question about sheets: top records, filters and distinct records over a year."""

import heapq
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from itertools import accumulate, compress

import numpy as np
from pyroaring import BitMap
from spike_cells import rows_of_day, texts
from spike_data import DIMENSIONS, World
from spike_day import MB, Report
from spike_engine import Engine
from spike_formats import ZLIB, ints, text, untext
from spike_months import readers
from spike_rows import (
    RANGE,
    DayRows,
    Postings,
    RowDays,
    RowHead,
    gaps,
    ordinals,
    postings,
    sheet,
    with_value,
)

MONTHS = 12
ROWS, FACTS = "spike-rows", "spike-facts"
FILTERS = {"alone": {"subjects": 17}, "combined": {"subjects": 17, "resource_types": 0}}


def draw_year(world: World) -> dict[int, list[DayRows]]:
    """Return twelve months of rows of the scopes that are read."""
    chosen = np.zeros(world.size.communities + 1, bool)
    scopes = list(readers(world).values())
    chosen[scopes] = True
    year: dict[int, list[DayRows]] = {scope: [[] for _ in range(MONTHS)] for scope in scopes}
    for month in range(MONTHS):
        for day in range(1, world.size.days + 1):
            for scope, tables in rows_of_day(world, world.day(), chosen).items():
                year[scope][month].append((day, tables))
    return year


def write_facts(engine: Engine, world: World) -> int:
    """Write the shared postings of all facts; return their bytes on disk."""
    engine.create(FACTS)
    records = world.records_of_facts
    for name in DIMENSIONS:
        strings = np.array([*texts(name, np.arange(DIMENSIONS[name][0])), ""], object)
        for start in range(0, len(records), RANGE):
            values = strings[world.values[name][records[start : start + RANGE]]].tolist()
            data = postings([[v for v in line if v] for line in values])
            id_ = f"{name}:{start // RANGE}"
            engine.write(FACTS, [(id_, {"scope": "facts", "data": text(data)})])
    return engine.size(FACTS)


class Year:
    """Answer questions about the rows of one scope."""

    def __init__(self, engine: Engine, world: World, scope: int) -> None:
        self.engine, self.world, self.scope = engine, world, scope
        self.ranges = world.size.records // RANGE + 1
        self.facts = len(world.records_of_facts)
        self.fact_ranges = self.facts // RANGE + 1

    def heads(self, kind: str) -> Iterator[RowHead]:
        """Yield the heads of the year, month by month."""
        for month in range(MONTHS):
            ids = [f"{self.scope}:{month}:{kind}:{n}:head" for n in range(self.ranges)]
            for doc in self.engine.get(ROWS, ids).values():
                yield ZLIB.unpack(untext(doc["data"]), RowHead)

    def top(self) -> list[tuple[int, int]]:
        """Return the twenty records with most views."""
        total: dict[int, int] = {}
        for head in self.heads("views"):
            records, views = ordinals(head.records), ints(head.sums[0])
            known = map(total.get, records, [0] * len(records))
            total.update(zip(records, map(sum, zip(known, views, strict=True)), strict=True))
        return heapq.nsmallest(20, total.items(), key=lambda pair: (-pair[1], pair[0]))

    def distinct(self) -> int:
        """Return how many records were viewed."""
        found: set[int] = set()
        for head in self.heads("views"):
            found.update(ordinals(head.records))
        return len(found)

    def mask(self, wanted: dict[str, int]) -> bytearray:
        """Return a mark for every number of facts that have all these values."""
        marks: list[bytearray] = []
        for name, code in wanted.items():
            value = texts(name, np.array([code]))[0]
            docs = self.engine.get(FACTS, [f"{name}:{n}" for n in range(self.fact_ranges)])
            mark = bytearray(self.facts + 1)
            for id_, doc in docs.items():
                base = int(id_.rpartition(":")[2]) * RANGE + 1
                for offset in with_value(untext(doc["data"]), value):
                    mark[base + offset] = 1
            marks.append(mark)
        both = int.from_bytes(marks[0], "big")
        for mark in marks[1:]:
            both &= int.from_bytes(mark, "big")
        return bytearray(both.to_bytes(len(marks[0]), "big"))

    def filtered(self, wanted: dict[str, int]) -> tuple[list[int], int]:
        """Return sums of views, and distinct viewed records, with these values."""
        mask, views, found = self.mask(wanted), [], set()
        for head in self.heads("views"):
            records = ordinals(head.records)
            facts = [r + d for r, d in zip(records, ints(head.facts), strict=True)]
            marks = list(map(mask.__getitem__, facts))
            views.append(sum(compress(ints(head.sums[0]), marks)))
            found.update(compress(records, marks))
        return views, len(found)

    def grouped(self, wanted: dict[str, int], name: str) -> list[tuple[int, str]]:
        """Return the largest values of a dimension among records with other values."""
        mask = self.mask(wanted)
        views = [0] * len(mask)
        for head in self.heads("views"):
            records = ordinals(head.records)
            facts = [r + d for r, d in zip(records, ints(head.facts), strict=True)]
            for fact, number in zip(facts, ints(head.sums[0]), strict=True):
                views[fact] += number
        views = [v * m for v, m in zip(views, mask, strict=True)]
        return self._largest(name, views)

    def _largest(self, name: str, views: list[int]) -> list[tuple[int, str]]:
        """Add up views of facts per value."""
        total: dict[str, int] = {}
        docs = self.engine.get(FACTS, [f"{name}:{n}" for n in range(self.fact_ranges)])
        for id_, doc in docs.items():
            part = ZLIB.unpack(untext(doc["data"]), Postings)
            here = views[int(id_.rpartition(":")[2]) * RANGE + 1 :][:RANGE]
            offsets, start = ints(part.offsets), 0
            for value, count in zip(part.values, ints(part.counts), strict=True):
                places = accumulate(offsets[start : start + count])
                number = sum(map(here.__getitem__, places))
                start += count
                if number:
                    total[value] = total.get(value, 0) + number
        return heapq.nlargest(20, ((n, v) for v, n in total.items()))

    def record(self, ordinal: int) -> list[list[int]]:
        """Return one record's views by day."""
        ids = [f"{self.scope}:{m}:views:{ordinal // RANGE}:" for m in range(MONTHS)]
        docs = self.engine.get(ROWS, [i + s for i in ids for s in ("head", "days")])
        return [self._days(docs, i, ordinal) for i in ids if f"{i}head" in docs]

    @staticmethod
    def _days(docs: dict, id_: str, ordinal: int) -> list[int]:
        """Return the views of one record in one month."""
        head = ZLIB.unpack(untext(docs[f"{id_}head"]["data"]), RowHead)
        days = ZLIB.unpack(untext(docs[f"{id_}days"]["data"]), RowDays)
        records = ordinals(head.records)
        if ordinal not in records:
            return []
        place, counts = records.index(ordinal), ints(days.counts)
        start = sum(counts[:place])
        return ints(days.metrics[0])[start : start + counts[place]]


def check(answers: Year, months: list[DayRows]) -> None:
    """Compare answers from documents with a direct count of the rows."""
    tables = [rows[0] for month in months for _, rows in month]
    records = {record for table in tables for record in table[0]}
    assert answers.distinct() == len(records)
    wanted = FILTERS["combined"]
    held = answers.world.records_of_facts
    fits = np.ones(len(held), bool)
    for name, code in wanted.items():
        fits &= (answers.world.values[name][held] == code).any(axis=1)
    views = sum(v for t in tables for f, v in zip(t[2], t[4], strict=True) if fits[f - 1])
    assert sum(answers.filtered(wanted)[0]) == views


def unite_bitmaps(parts: list[bytes]) -> int:
    """Return how many records are in any of the bitmaps."""
    return len(BitMap.union(*map(BitMap.deserialize, parts)))


def unite_lists(parts: list[bytes]) -> int:
    """Return how many records are in any of the lists."""
    found: set[int] = set()
    for part in parts:
        found.update(accumulate(ZLIB.unpack(part, list[int])))
    return len(found)


def bits(ordinals_: list[int], size: int) -> bytes:
    """Return a set as one bit per ordinal, compressed."""
    marks = np.zeros(size + 8, np.uint8)
    marks[ordinals_] = 1
    return zlib.compress(np.packbits(marks).tobytes(), 6)


def unite_bits(parts: list[bytes]) -> int:
    """Return how many records are in any of the sets of bits, with Python's integers."""
    found = 0
    for part in parts:
        found |= int.from_bytes(zlib.decompress(part), "big")
    return found.bit_count()


def sets(
    engine: Engine, world: World, months: list[DayRows], repeat: int
) -> Iterator[tuple[str, str]]:
    """Yield size and union of a year's sets of viewed records, without the search engine."""
    size = world.size.records
    days = [rows[0][0] for month in months for _, rows in month]
    monthly = [list({r for _, rows in month for r in rows[0][0]}) for month in months]
    forms = {
        "daily roaring bitmaps": ([BitMap(day).serialize() for day in days], unite_bitmaps),
        "daily lists of distances": ([ZLIB.pack(gaps(day)) for day in days], unite_lists),
        "daily bits": ([bits(day, size) for day in days], unite_bits),
        "monthly roaring bitmaps": ([BitMap(m).serialize() for m in monthly], unite_bitmaps),
        "monthly bits": ([bits(month, size) for month in monthly], unite_bits),
    }
    expected = len({record for month in monthly for record in month})
    for name, (parts, unite) in forms.items():
        assert unite(parts) == expected
        cost = engine.cost(partial(unite, parts), repeat)
        yield f"{len(parts)} {name}: union, ms", f"{cost} ({sum(map(len, parts)) / MB:.2f} MB)"


def _runs(world: World, answers: Year) -> dict[str, Callable]:
    """Return the questions to a scope."""
    alone = FILTERS["alone"]
    runs: dict[str, Callable] = {"top records": answers.top, "distinct": answers.distinct}
    runs |= {f"filter {name}": partial(answers.filtered, f) for name, f in FILTERS.items()}
    runs["affiliations under a subject"] = partial(answers.grouped, alone, "affiliations")
    if not answers.scope:
        runs["one record by day"] = partial(answers.record, int(world.ordinal[0]))
    return runs


def measure_years(engine: Engine, world: World, repeat: int) -> Report:
    """Return what reading a year of rows costs."""
    year = draw_year(world)
    engine.create(ROWS)
    for scope, months in year.items():
        for month, days in enumerate(months):
            engine.write(ROWS, sheet(scope, month, days))
    facts = f"{write_facts(engine, world) / MB:.1f} MB on disk"
    report = [("rows: shared postings of all facts, once", facts)]
    for label, scope in readers(world).items():
        answers = Year(engine, world, scope)
        check(answers, year[scope])
        for name, run in _runs(world, answers).items():
            report.append((f"year: {label}: rows: {name}, ms", str(engine.cost(run, repeat))))
        found = sets(engine, world, year[scope], repeat)
        report += [(f"year: {label}: {name}", value) for name, value in found]
    return report
