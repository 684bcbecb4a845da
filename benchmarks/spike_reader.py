# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Questions about the cells of a year, answered from each of the formats."""

import heapq
from bisect import bisect_left
from collections.abc import Iterator
from itertools import chain, compress
from typing import Any

from spike_data import ADDITIVE, NAMES
from spike_engine import Engine
from spike_formats import ZLIB, Codec, Days, Flat, Head, ints, sums, untext


class Reader:
    """Read a year of one scope."""

    def __init__(
        self, engine: Engine, index: str, scope: int, codec: Codec = ZLIB, months: int = 12
    ) -> None:
        self.engine, self.index, self.scope, self.codec = engine, index, scope, codec
        self.months = months

    def _fetch(self, ids: list[str]) -> dict[str, dict]:
        """Return documents, few at a time: they may be large."""
        index, found = f"spike-year-{self.index}", {}
        for start in range(0, len(ids), 16):
            found |= self.engine.get(index, ids[start : start + 16])
        return found

    def sections(self, names: tuple[str, ...], section: str, kind: type) -> Iterator[dict]:
        """Yield heads or days of dimensions, month by month, each a list of parts."""
        first = self._fetch([f"{self.scope}:{month}" for month in range(self.months)])
        for id_, doc in first.items():
            if "parts" not in doc:
                found = self.codec.unpack(untext(doc[section]), dict[str, kind])
                yield {name: [found[name]] for name in names if name in found}
                continue
            counts = {name: doc["parts"].get(name, 0) for name in names}
            ids = [f"{id_}:{n}:{p}:{section}" for n, count in counts.items() for p in range(count)]
            docs = iter(self._fetch(ids).values())
            yield {n: [self._part(next(docs), kind) for _ in range(c)] for n, c in counts.items()}

    def _part(self, doc: dict, kind: type) -> Any:
        """Return one chunk."""
        return self.codec.unpack(untext(doc["data"]), kind)

    def sheets(self) -> Iterator[dict]:
        """Yield months of format A or C: per dimension values, places and metrics."""
        for month in range(self.months):
            for doc in self._fetch([f"{self.scope}:{month}"]).values():
                if "cells" in doc:
                    parts = doc["cells"].items()
                    yield {n: (v, p, lambda m, c=m: c[m]) for n, (v, _, p, m) in parts}
                    continue
                flat = self.codec.unpack(untext(doc["data"]), dict[str, Flat])
                yield {n: (f.values, ints(f.places), f.metrics) for n, f in flat.items()}

    def complete(self) -> int:
        """Decode every value and every monthly sum; return how many numbers."""
        months = self.sections(NAMES, "head", Head)
        heads = (head for parts in months for held in parts.values() for head in held)
        return sum(len(ints(column)) for head in heads for column in head.sums)

    def top(self, names: tuple[str, ...]) -> dict[str, list]:
        """Rank the values of dimensions by views, with all additive metrics."""
        found: dict[str, list] = {name: [] for name in names}
        for parts in self.sections(names, "head", Head):
            for name, heads in parts.items():
                columns = ((h.values, [ints(h.sums[m]) for m in ADDITIVE]) for h in heads)
                found[name] += columns
        return {name: _top(parts) for name, parts in found.items()}

    def bounded(self, names: tuple[str, ...]) -> dict[str, list]:
        """Rank the same, but look only at values that can be among the largest."""
        found: dict[str, list] = {name: [] for name in names}
        for parts in self.sections(names, "head", Head):
            for name, heads in parts.items():
                if heads:
                    values = list(chain.from_iterable(head.values for head in heads))
                    found[name].append((values, Lazy(heads)))
        return {name: _bounded(months) for name, months in found.items()}

    def top_of_rows(self, names: tuple[str, ...]) -> dict[str, list]:
        """Do the same from formats that have no sums."""
        found: dict[str, list] = {name: [] for name in names}
        for sheet in self.sheets():
            for name, (values, places, metrics) in sheet.items():
                if name in found:
                    found[name].append((values, _added(places, metrics, len(values))))
        return {name: _top(parts) for name, parts in found.items()}

    def series(self, name: str) -> list[list[int]]:
        """Return views by value and day of one dimension."""
        days = self.sections((name,), "days", Days)
        return [_series(part) for parts in days for part in parts.get(name, ())]

    def daily(self) -> int:
        """Read thirty daily documents completely."""
        suffixes = ["", *(f":{name}" for name in NAMES)]
        ids = [f"{day}:{self.scope}{suffix}" for day in range(30) for suffix in suffixes]
        docs = (self._fetch(ids[start : start + 16]) for start in range(0, len(ids), 16))
        cells = (doc["cells"] for part in docs for doc in part.values())
        return sum(len(items) for part in cells for items in part.values())


def _added(places: list[int], metrics: list, size: int) -> list[list[int]]:
    """Add up rows per value."""
    columns = []
    for metric in ADDITIVE:
        column = metrics(metric) if callable(metrics) else ints(metrics[metric])
        total = [0] * size
        for place, number in zip(places, column, strict=True):
            total[place] += number
        columns.append(total)
    return columns


def _top(months: list[tuple[list[str], list[list[int]]]]) -> list:
    """Return the twenty largest values of several months, with all their metrics."""
    total: dict[str, int] = {}
    for values, columns in months:
        known = map(total.get, values, [0] * len(values))
        total.update(zip(values, map(sum, zip(known, columns[0], strict=True)), strict=True))
    best = heapq.nsmallest(20, total.items(), key=lambda pair: (-pair[1], pair[0]))
    places = [{value: at for at, value in enumerate(values)} for values, _ in months]
    return [(v, *_metrics(v, months, places)) for v, _ in best]


class Lazy:
    """Decode the columns of a month when they are asked for."""

    def __init__(self, heads: list[Head]) -> None:
        self._heads = heads
        self._columns: dict[int, list[int]] = {}

    def __getitem__(self, number: int) -> list[int]:
        """Return one of the additive metrics."""
        if number not in self._columns:
            parts = (ints(head.sums[ADDITIVE[number]]) for head in self._heads)
            self._columns[number] = list(chain.from_iterable(parts))
        return self._columns[number]


def _bounded(months: list[tuple[list[str], Lazy]], depth: int = 100) -> list:
    """Return the twenty largest values: exact, as what is left out cannot reach the last."""
    candidates: set[str] = set()
    bound = 0
    for values, columns in months:
        limit = 0
        if len(values) > depth:
            limit = heapq.nlargest(depth, columns[0])[-1]
            bound += max(limit - 1, 0)
        candidates.update(compress(values, map(limit.__le__, columns[0])))
    best = heapq.nsmallest(20, ((-_views(v, months), v) for v in candidates))
    complete = not bound or (len(best) == 20 and -best[-1][0] > bound)
    return _with_metrics(best, months) if complete else _bounded(months, depth * 8)


def _views(value: str, months: list[tuple[list[str], Lazy]]) -> int:
    """Return the views of one value."""
    held = ((columns, _place(value, values)) for values, columns in months)
    return sum(columns[0][at] for columns, at in held if at is not None)


def _with_metrics(best: list[tuple[int, str]], months: list[tuple[list[str], Lazy]]) -> list:
    """Add the other metrics to the largest values."""
    found = ({v: _place(v, values) for _, v in best} for values, _ in months)
    places = [{v: at for v, at in held.items() if at is not None} for held in found]
    return [(value, *_metrics(value, months, places)) for _, value in best]


def _place(value: str, values: list[str]) -> int | None:
    """Return where a value stands in an ordered list."""
    at = bisect_left(values, value)
    return at if at < len(values) and values[at] == value else None


def _metrics(value: str, months: list, places: list[dict[str, int]]) -> Iterator[int]:
    """Yield the metrics of one value."""
    held = [
        (columns, at[value]) for (_, columns), at in zip(months, places, strict=True) if value in at
    ]
    yield from (sum(columns[m][place] for columns, place in held) for m in range(len(ADDITIVE)))


def _series(days: Days) -> list[int]:
    """Return the views by day, and of the twenty values with most."""
    counts, views = ints(days.counts), ints(days.metrics[0])
    by_day = [0] * 32
    for day, number in zip(ints(days.days), views, strict=True):
        by_day[day] += number
    return [*by_day, *heapq.nlargest(20, sums(views, counts))]
