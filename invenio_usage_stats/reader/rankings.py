# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Rankings of records: exact over any period and scope, since sheets have a line for each."""

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import nsmallest
from itertools import islice
from typing import Any, NamedTuple

import sqlalchemy as sa
from invenio_db import db

from ..aggregations.columns import Columns
from ..aggregations.sheets.repeats import whole_surplus
from ..aggregations.sheets.sheet import Lines, Usage
from ..catalog import Metric
from ..errors import InvalidQueryError
from ..ledger.models import LedgerRecord
from .filters import KIND_OF, UNIQUE
from .periods import Period
from .usage import usage_of

IDS = 10_000
FEW = 200
"""As many records are named, or looked for, at a time."""
LINE_COLUMNS = {
    ("view", "events"): "views",
    ("view", "uniques"): "unique_views",
    ("download", "events"): "downloads",
    ("download", "uniques"): "unique_downloads",
    ("download", "volume"): "volume",
}
"""Where the lines of sheets count what a metric counts."""


def top_records(
    columns: Columns, scope: str, period: Period, metric: Metric, size: int
) -> list[tuple[str, int]]:
    """Return the records with most of a metric in a period: (record id, number), ties by id.

    Records that the ledger never knew are left out. Raises ``InvalidQueryError`` for metrics that
    single records do not have.
    """
    column = LINE_COLUMNS.get((metric.event, metric.counter))
    if column is None:
        raise InvalidQueryError("metric", f"{metric.id} cannot rank records.")
    counts = counts_of(usage_of(columns, scope, period, dimensions=()), column)
    known = {record: number for record, number in counts.items() if number and record > 0}
    return [(recid, number) for recid, number, _ in islice(ordered(known), size)]


def counts_of(usage: Usage, column: str) -> Counter[int]:
    """Return a column of lines, added up by the record's ordinal; sessions as often as told."""
    counts: Counter[int] = Counter()
    for sheet in usage.sheets:
        ordinals = sheet.lines.ordinals
        numbers = getattr(sheet.lines, column)
        line_of = _lines(sheet.lines, column)
        for line, number in zip(line_of, numbers, strict=True):
            counts[ordinals[line]] += number
        if column in UNIQUE:
            for position, surplus in whole_surplus(sheet.repeats.of(KIND_OF[column])):
                counts[ordinals[line_of[position]]] -= surplus
    return counts


def _lines(lines: Lines, column: str) -> list[int]:
    """Return the line of each number of a column: lines count views, their files downloads."""
    of_views = KIND_OF[column] == "view"
    return list(range(len(lines.records))) if of_views else lines.file_lines()


def ordered(numbers: Mapping[int, int], *, works: bool = False) -> Iterator[tuple[str, int, int]]:
    """Yield (record id, number, ordinal), the largest numbers first, ties by id.

    Names are looked up as far as they are asked for. ``works``: name the works of these records.
    """
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for ordinal, number in numbers.items():
        groups[number].append(ordinal)
    waiting: dict[int, int] = {}
    sizes = sorted(groups, reverse=True)
    for number in sizes:
        waiting |= dict.fromkeys(groups[number], number)
        if len(waiting) >= FEW or number == sizes[-1]:
            found = named(waiting, works=works)
            yield from sorted(found, key=lambda row: (-row[1], row[0]))
            waiting = {}


def named(numbers: Mapping[int, int], *, works: bool = False) -> Iterator[tuple[str, int, int]]:
    """Yield (record id, number, ordinal) of the records that the ledger knows."""
    table = LedgerRecord.__table__.c
    name = table.parent_recid if works else table.recid
    ordinals = list(numbers)
    with db.engine.connect() as connection:
        for start in range(0, len(ordinals), IDS):
            some = ordinals[start : start + IDS]
            rows = connection.execute(sa.select(table.id, name).where(table.id.in_(some)))
            yield from ((recid, numbers[id_], id_) for id_, recid in rows)


def to_works(counts: Counter[int], usage: Usage) -> Counter[int]:
    """Return the numbers of records added up by the ordinal of their work."""
    work_of: dict[int, int] = {}
    for sheet in usage.sheets:
        ordinals = sheet.lines.ordinals
        work_of |= dict(zip(ordinals, sheet.lines.works(ordinals), strict=True))
    found: Counter[int] = Counter()
    for ordinal, number in counts.items():
        found[work_of[ordinal]] += number
    return found


class Ranked(NamedTuple):
    """Be one place of a list: what it is, how it is shown, and its number."""

    id: str
    seen: Any
    value: int


def order_of(bounds: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return ids with their numbers, the largest first, ties by id."""
    return sorted(bounds.items(), key=lambda pair: (-pair[1], pair[0]))


def seen_in_order(
    order: Iterable[tuple[str, int]], see: Callable[[list[str]], Mapping[str, Any]]
) -> Iterator[Ranked]:
    """Yield what can be seen of ids with numbers, in their order (see ``best``)."""
    waiting = iter(order)
    while batch := list(islice(waiting, FEW)):
        seen = see([id_ for id_, _ in batch])
        yield from (Ranked(id_, seen[id_], number) for id_, number in batch if id_ in seen)


def best(
    order: Iterable[tuple[str, int]],
    see: Callable[[list[str]], Mapping[str, Any]],
    size: int | None,
    exact: Callable[[str], int | None] | None,
) -> list[Ranked]:
    """Return the first of what can be seen: the largest numbers, ties by id.

    ``order``: ids with numbers, the largest first. ``see``: tells which of some ids are visible,
    and how they are shown. ``exact``: gives the number of an id of which ``order`` only knows a
    bound from above; it is asked only for those that can be among the first.
    """
    if exact is None:
        return list(islice(seen_in_order(order, see), size))
    found: list[tuple[int, str, Any]] = []
    waiting = iter(order)
    while batch := list(islice(waiting, FEW)):
        seen = see([id_ for id_, _ in batch])
        for id_, bound in batch:
            if size is not None and len(found) >= size and -found[size - 1][0] > bound:
                return _ranked(found[:size])
            if id_ in seen:
                number = exact(id_)
                if number:
                    insort(found, (-number, id_, seen[id_]), key=lambda row: row[:2])
    return _ranked(found[:size])


def _ranked(found: list[tuple[int, str, Any]]) -> list[Ranked]:
    """Return what was found as places of a list."""
    return [Ranked(id_, seen, -number) for number, id_, seen in found]


def ranked_by_bounds(
    bounds: dict[str, int], exact: Callable[[str], int] | None, size: int | None
) -> list[str]:
    """Return the keys with the largest numbers, in order; ties by key.

    ``exact``: gives the number of a key of which only a bound from above is known; it is asked
    only for keys that can be among the largest.
    """
    if exact is None and size is not None:
        return nsmallest(size, bounds, key=lambda key: (-bounds[key], key))
    order = sorted(bounds, key=lambda key: (-bounds[key], key))
    if exact is None:
        return order
    found: list[tuple[int, str]] = []
    for key in order:
        if size is not None and len(found) >= size and -found[size - 1][0] > bounds[key]:
            break
        insort(found, (-exact(key), key))
    return [key for _, key in found[:size]]
