# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Candidate formats for the cells of a sheet: values and counts of each dimension."""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, chain
from typing import Any

import msgspec
import zstandard
from spike_cells import Cells

Columns = list[list[int]]
Documents = dict[str, dict[str, Any]]
"""Suffix of the id, and the fields."""
SPLIT = 64 * 1024
"""A sheet above this many compressed bytes becomes documents per dimension and section."""
PART = 100_000
"""Rows after which a dimension continues in another document."""


class Segment(msgspec.Struct, array_like=True):
    """Be one dimension of one day: a row per value."""

    values: list[str]
    metrics: list[msgspec.Raw]


class Head(msgspec.Struct, array_like=True):
    """Be the month of one dimension: different values in order, and the month's sums."""

    values: list[Any]
    sums: list[msgspec.Raw]


class Days(msgspec.Struct, array_like=True):
    """Be the days of one dimension, by value and then by day."""

    counts: msgspec.Raw
    """How many days each value of the head has."""
    days: msgspec.Raw
    metrics: list[msgspec.Raw]


class Flat(msgspec.Struct, array_like=True):
    """Be the month of one dimension in the order of days."""

    values: list[str]
    days: msgspec.Raw
    places: msgspec.Raw
    """Which value each row has."""
    metrics: list[msgspec.Raw]


class Codec:
    """Pack and unpack plain data."""

    def __init__(self, press: Callable[[bytes], bytes], expand: Callable[[bytes], bytes]) -> None:
        self.press, self.expand = press, expand

    def pack(self, data: Any) -> bytes:
        """Return compressed MessagePack."""
        return self.press(msgspec.msgpack.encode(data))

    def unpack(self, data: bytes, kind: Any) -> Any:
        """Return what was packed."""
        return msgspec.msgpack.decode(self.expand(data), type=kind)


def zstd(level: int) -> Codec:
    """Return a codec with zstandard."""
    return Codec(
        zstandard.ZstdCompressor(level=level).compress, zstandard.ZstdDecompressor().decompress
    )


ZLIB = Codec(lambda data: zlib.compress(data, 6), zlib.decompress)


def raw(column: Iterable[int]) -> msgspec.Raw:
    """Return a column that is decoded only when it is asked for."""
    return msgspec.Raw(msgspec.msgpack.encode(column))


def ints(column: msgspec.Raw) -> list[int]:
    """Return the numbers of a column."""
    return msgspec.msgpack.decode(column)


def text(data: bytes) -> str:
    """Return bytes as a binary field wants them."""
    return b64encode(data).decode()


def untext(data: str) -> bytes:
    """Return the bytes of a binary field."""
    return b64decode(data)


def segment(cells: Cells, codec: Codec = ZLIB) -> bytes:
    """Return one day of one scope."""
    parts = {name: Segment(v, [raw(c) for c in columns]) for name, (v, columns) in cells.items()}
    return codec.pack(parts)


class Month:
    """Join the days of one dimension."""

    def __init__(self, days: list[tuple[int, list[str], Columns]]) -> None:
        """Take (day, values, columns) in order of days."""
        self.values = list(chain.from_iterable(values for _, values, _ in days))
        self.days = list(chain.from_iterable([day] * len(values) for day, values, _ in days))
        parts = zip(*(columns for _, _, columns in days), strict=True)
        self.metrics = [list(chain.from_iterable(part)) for part in parts]

    def sections(self) -> Iterator[tuple[Head, Days]]:
        """Yield the month by value, in parts: what rankings need, and the rest."""
        places: dict[str, list[int]] = {}
        for place, value in enumerate(self.values):
            places.setdefault(value, []).append(place)
        held, size = [], 0
        for value in sorted(places):
            held.append(value)
            size += len(places[value])
            if size >= PART:
                yield self._section(held, places)
                held, size = [], 0
        if held:
            yield self._section(held, places)

    def _section(self, values: list[str], places: dict[str, list[int]]) -> tuple[Head, Days]:
        """Return the rows of some values."""
        rows = list(chain.from_iterable(places[value] for value in values))
        counts = [len(places[value]) for value in values]
        metrics = [list(map(column.__getitem__, rows)) for column in self.metrics]
        head = Head(values, [raw(sums(column, counts)) for column in metrics])
        days = raw(list(map(self.days.__getitem__, rows)))
        return head, Days(raw(counts), days, [raw(c) for c in metrics])

    def columns(self) -> tuple[list[str], list[int], list[int], Columns]:
        """Return values, and per row day, number of the value, and metrics."""
        values = sorted(set(self.values))
        numbers = {value: number for number, value in enumerate(values)}
        return values, self.days, list(map(numbers.__getitem__, self.values)), self.metrics

    def flat(self) -> Flat:
        """Return the month in the order of days."""
        values, days, places, metrics = self.columns()
        return Flat(values, raw(days), raw(places), [raw(c) for c in metrics])


def sums(column: list[int], counts: list[int]) -> list[int]:
    """Add up a column in groups of these sizes."""
    running = list(accumulate(column, initial=0))
    ends = [running[end] for end in accumulate(counts)]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def join(segments: Iterable[tuple[int, bytes]]) -> dict[str, Month]:
    """Return the month of every dimension from segments."""
    days: dict[str, list[tuple[int, list[str], Columns]]] = {}
    for day, data in segments:
        for name, part in ZLIB.unpack(data, dict[str, Segment]).items():
            days.setdefault(name, []).append((day, part.values, [ints(c) for c in part.metrics]))
    return {name: Month(parts) for name, parts in days.items()}


def one_stream(months: dict[str, Month], codec: Codec) -> Documents:
    """Return format A: everything in one stream, in the order of days."""
    return {"": {"data": text(codec.pack({n: m.flat() for n, m in months.items()}))}}


def plain_json(months: dict[str, Month]) -> Documents:
    """Return format C: the same columns as JSON."""
    return {"": {"cells": {name: month.columns() for name, month in months.items()}}}


def sectioned(
    months: dict[str, Month], codec: Codec, numbers: dict[str, int] | None = None
) -> Documents:
    """Return format B: heads and days apart, and chunks per dimension when large."""
    parts = {name: list(month.sections()) for name, month in months.items()}
    if numbers is not None:
        parts = {n: [(numbered(h, numbers), d) for h, d in pairs] for n, pairs in parts.items()}
    chunks: dict[str, bytes] = {}
    for name, pairs in parts.items():
        for number, (head, days) in enumerate(pairs):
            chunks[f":{name}:{number}:head"] = codec.pack(head)
            chunks[f":{name}:{number}:days"] = codec.pack(days)
    if sum(map(len, chunks.values())) > SPLIT:
        large = {suffix: {"data": text(data)} for suffix, data in chunks.items()}
        return {"": {"parts": {n: len(pairs) for n, pairs in parts.items()}}, **large}
    head, days = ({n: pairs[0][i] for n, pairs in parts.items()} for i in (0, 1))
    return {"": {"head": text(codec.pack(head)), "days": text(codec.pack(days))}}


def numbered(head: Head, numbers: dict[str, int]) -> Head:
    """Return a head whose values are distances between numbers of a shared list."""
    codes = sorted(numbers.setdefault(value, len(numbers)) for value in head.values)
    return Head([b - a for a, b in zip([0, *codes], codes, strict=False)], head.sums)
