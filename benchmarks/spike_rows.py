# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Candidate formats for the rows of a sheet: counts per day and record, and the facts they need."""

from collections.abc import Iterable, Iterator
from itertools import accumulate, chain
from operator import sub
from typing import Any

import msgspec
from spike_cells import Table
from spike_engine import Action
from spike_formats import ZLIB, Codec, ints, raw, sums, text

KEYS = 4
"""Columns of a row before its counts: record, file, facts, distance to the parent."""
RANGE = 1 << 14
"""Ordinals per chunk of a large scope, and facts per chunk of the shared facts."""
Rows = tuple[Table, Table]
DayRows = list[tuple[int, Rows]]
KINDS = ("views", "files")


class RowHead(msgspec.Struct, array_like=True):
    """Be the month of a chunk's records: a line per record, file and facts."""

    records: msgspec.Raw
    """Distances between ordinals."""
    files: msgspec.Raw
    facts: msgspec.Raw
    """Distance of the facts from the ordinal."""
    parents: msgspec.Raw
    sums: list[msgspec.Raw]
    sizes: msgspec.Raw


class RowDays(msgspec.Struct, array_like=True):
    """Be the days of a chunk's records."""

    counts: msgspec.Raw
    days: msgspec.Raw
    metrics: list[msgspec.Raw]


def gaps(column: list[int]) -> list[int]:
    """Return the distances between neighbours."""
    return list(map(sub, column, [0, *column[:-1]]))


def ordinals(column: msgspec.Raw) -> list[int]:
    """Return the numbers whose distances are stored."""
    return list(accumulate(ints(column)))


def _packed(table: Table) -> list[msgspec.Raw]:
    """Return the columns of a day's rows; ordinals as distances, facts relative to them."""
    record, file, facts, *rest = table
    columns = (gaps(record), file, list(map(sub, facts, record)), *rest)
    return [raw(column) for column in columns]


def day_rows(rows: Rows, codec: Codec = ZLIB) -> bytes:
    """Return one day of one scope: rows of views and of downloads."""
    return codec.pack([_packed(table) for table in rows])


def undo(packed: list[msgspec.Raw]) -> Table:
    """Return the columns of a day's rows."""
    gap, file, facts, *rest = map(ints, packed)
    record = list(accumulate(gap))
    return [record, file, [f + r for f, r in zip(facts, record, strict=True)], *rest]


def plain_rows(days: Iterable[tuple[int, Rows]], codec: Codec = ZLIB) -> bytes:
    """Return a month in the order of days, every number as it is."""
    columns = [list(chain.from_iterable(part)) for part in _columns(days, 0)]
    return codec.pack([columns, [list(chain.from_iterable(part)) for part in _columns(days, 1)]])


def daily_rows(days: Iterable[tuple[int, Rows]], codec: Codec = ZLIB) -> bytes:
    """Return a month in the order of days, ordinals as distances."""
    return codec.pack([[_packed(table) for table in rows] for _, rows in days])


def _columns(days: Iterable[tuple[int, Rows]], kind: int) -> Iterator[tuple[list[int], ...]]:
    """Return the columns of all days."""
    return zip(*([[day] * len(r[kind][0]), *r[kind]] for day, r in days), strict=True)


def by_record(days: DayRows, kind: int) -> tuple[Table, list[int], list[int]]:
    """Return all rows by record, file, facts and day; the days; rows per line of the head."""
    day, *table = (list(chain.from_iterable(part)) for part in _columns(days, kind))
    keys = list(zip(*table[:3], day, strict=True))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    table = [list(map(column.__getitem__, order)) for column in table]
    counts, last = [], None
    for key in zip(*table[:3], strict=True):
        if key == last:
            counts[-1] += 1
        else:
            counts.append(1)
            last = key
    return table, list(map(day.__getitem__, order)), counts


def chunks(days: DayRows, kind: int, codec: Codec = ZLIB) -> dict[int, Any]:
    """Return head and days: all at once, or for every range of ordinals of a large scope."""
    table, day, counts = by_record(days, kind)
    starts = [0, *accumulate(counts)]
    found: dict[int, Any] = {}
    first = 0
    while first < len(counts):
        number = table[0][starts[first]] // RANGE if len(counts) > RANGE else 0
        last = _end(table[0], starts, first, (number + 1) * RANGE)
        last = last if len(counts) > RANGE else len(counts)
        part = slice(starts[first], starts[last])
        lines = [column[part] for column in table]
        found[number] = _chunk(lines, day[part], counts[first:last], codec)
        first = last
    return found


def _end(records: list[int], starts: list[int], first: int, bound: int) -> int:
    """Return the first line whose ordinal is not below a bound."""
    low, high = first, len(starts) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if records[starts[middle]] < bound else (low, middle)
    return low


def _chunk(table: Table, day: list[int], counts: list[int], codec: Codec) -> tuple[bytes, bytes]:
    """Return head and days of one range; volumes as sizes and what differs from them."""
    starts = [0, *accumulate(counts)][:-1]
    record, file, facts, parent = ([c[s] for s in starts] for c in table[:KEYS])
    metrics, sizes = table[KEYS:], []
    totals = [sums(column, counts) for column in metrics]
    if len(metrics) == 3:
        sizes = [metrics[2][s] // (metrics[0][s] or 1) for s in starts]
        metrics = [*metrics[:2], _extra(metrics, sizes, counts)]
        totals[2] = sums(metrics[2], counts)
    relative = [f - r for f, r in zip(facts, record, strict=True)]
    columns = (gaps(record), file, relative, parent)
    head = RowHead(*map(raw, columns), [raw(c) for c in totals], raw(sizes))
    return codec.pack(head), codec.pack(RowDays(raw(counts), raw(day), [raw(c) for c in metrics]))


def _extra(metrics: Table, sizes: list[int], counts: list[int]) -> list[int]:
    """Return volumes less downloads times the size of the file: almost always nothing."""
    each = chain.from_iterable([size] * n for size, n in zip(sizes, counts, strict=True))
    return [v - d * s for v, d, s in zip(metrics[2], metrics[0], each, strict=True)]


def sheet(scope: int, month: int, days: DayRows) -> Iterator[Action]:
    """Yield the documents of the rows of one month."""
    for kind, name in enumerate(KINDS):
        for number, (head, rest) in chunks(days, kind).items():
            for section, data in (("head", head), ("days", rest)):
                fields = {"scope": str(scope), "month": str(month), "data": text(data)}
                yield f"{scope}:{month}:{name}:{number}:{section}", fields


class Postings(msgspec.Struct, array_like=True):
    """Be one dimension of a range of facts: each value with the facts that have it."""

    values: list[str]
    counts: msgspec.Raw
    offsets: msgspec.Raw
    """Distances between facts, starting anew with every value."""


def postings(facts: list[list[str]], codec: Codec = ZLIB) -> bytes:
    """Return the postings of a range of facts."""
    places: dict[str, list[int]] = {}
    for offset, values in enumerate(facts):
        for value in values:
            places.setdefault(value, []).append(offset)
    order = sorted(places)
    counts = [len(places[value]) for value in order]
    offsets = list(chain.from_iterable(gaps(places[value]) for value in order))
    return codec.pack(Postings(order, raw(counts), raw(offsets)))


def with_value(data: bytes, value: str, codec: Codec = ZLIB) -> list[int]:
    """Return the offsets of the facts that have a value."""
    part = codec.unpack(data, Postings)
    if value not in part.values:
        return []
    place, counts = part.values.index(value), ints(part.counts)
    start = sum(counts[:place])
    return list(accumulate(ints(part.offsets)[start : start + counts[place]]))
