# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Rankings of records: exact over any period and scope, since sheets have a line for each."""

from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterator
from heapq import nlargest

import sqlalchemy as sa
from invenio_db import db

from ..aggregations.columns import Columns
from ..aggregations.sheets.sheet import Lines, Usage
from ..catalog import Metric
from ..errors import InvalidQueryError
from ..ledger.models import LedgerRecord
from .periods import Period
from .usage import usage_of

IDS = 10_000
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
    least = min(nlargest(size, known.values()), default=0)
    largest = {record: number for record, number in known.items() if number >= least}
    ranked = sorted((-number, recid) for recid, number in _named(largest))
    return [(recid, -number) for number, recid in ranked[:size]]


def counts_of(usage: Usage, column: str) -> Counter[int]:
    """Return a column of lines, added up by the record's ordinal."""
    counts: Counter[int] = Counter()
    for sheet in usage.sheets:
        ordinals = sheet.lines.ordinals
        numbers = getattr(sheet.lines, column)
        for line, number in zip(_lines(sheet.lines, column), numbers, strict=True):
            counts[ordinals[line]] += number
    return counts


def _lines(lines: Lines, column: str) -> list[int]:
    """Return the line of each number of a column: lines count views, their files downloads."""
    of_views = column in ("views", "unique_views")
    return list(range(len(lines.records))) if of_views else lines.file_lines()


def _named(numbers: dict[int, int]) -> Iterator[tuple[str, int]]:
    """Yield record ids with their numbers."""
    table = LedgerRecord.__table__.c
    ordinals = list(numbers)
    with db.engine.connect() as connection:
        for start in range(0, len(ordinals), IDS):
            some = ordinals[start : start + IDS]
            rows = connection.execute(sa.select(table.id, table.recid).where(table.id.in_(some)))
            yield from ((row.recid, numbers[row.id]) for row in rows)


def ranked_by_bounds(
    bounds: dict[str, int], exact: Callable[[str], int] | None, size: int | None
) -> list[str]:
    """Return the keys with the largest numbers, in order; ties by key.

    ``exact``: gives the number of a key of which only a bound from above is known; it is asked
    only for keys that can be among the largest.
    """
    order = sorted(bounds, key=lambda key: (-bounds[key], key))
    if exact is None:
        return order[:size]
    found: list[tuple[int, str]] = []
    for key in order:
        if size is not None and len(found) >= size and -found[size - 1][0] > bounds[key]:
            break
        insort(found, (-exact(key), key))
    return [key for _, key in found[:size]]
