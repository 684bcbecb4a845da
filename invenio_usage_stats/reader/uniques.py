# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Numbers of distinct records, works and files of a scope, exact for any interval.

A day, a month or a year that has a sheet of its own has the number ready in a mapped field; for
any other interval the sets of its sheets are united.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from ..aggregations.columns import Columns, Numbers
from ..aggregations.shares import TOTAL
from ..aggregations.sheets.sheet import CELLS, LINES, Usage
from ..aggregations.sheets.spans import Span, cover
from ..aggregations.sheets.store import in_order, read, sheet_id, spans_of
from ..indices import SHEETS, find
from .periods import Period
from .usage import BEGINNING, usage_by_interval

ONLY = [LINES, CELLS]
MOST = 10_000


def numbers_by_interval(columns: Columns, scope: str, periods: list[Period]) -> list[Numbers]:
    """Return all numbers of each interval, the distinct ones exactly."""
    spans = spans_of([scope], periods[0].since, periods[-1].until)[scope]
    covers = {period: list(cover(spans, *period.bounds)) for period in periods}
    ready = _ready(columns, scope, [some[0] for some in covers.values() if len(some) == 1])
    several = [period for period, some in covers.items() if len(some) > 1]
    usages = usage_by_interval(columns, ([(scope, period)] for period in several), ONLY)
    united = {p: usage.numbers(TOTAL) for p, usage in zip(several, usages, strict=True)}
    zero = {period: columns.zero for period, some in covers.items() if not some}
    single = {p: ready.get(some[0], columns.zero) for p, some in covers.items() if len(some) == 1}
    found = {**united, **zero, **single}
    return [found[period] for period in periods]


def _ready(columns: Columns, scope: str, spans: list[Span]) -> dict[Span, Numbers]:
    """Return the numbers of sheets from their mapped fields."""
    fields = [f"totals.{metric.event}.{metric.field}" for metric in columns.metrics]
    dated = {"field": "span_start", "format": "strict_date"}
    found: dict[Span, Numbers] = {}
    for start in range(0, len(spans), MOST):
        ids = [sheet_id(scope, span) for span in spans[start : start + MOST]]
        body: dict[str, Any] = {
            "size": MOST,
            "_source": False,
            "query": {"ids": {"values": ids}},
            "docvalue_fields": [dated, "span", *fields],
        }
        for hit in find(SHEETS.target, body)["hits"]["hits"]:
            values = hit["fields"]
            span = Span(date.fromisoformat(values["span_start"][0]), values["span"][0])
            found[span] = tuple(int(values.get(field, [0])[0]) for field in fields)
    return found


def numbers_until(columns: Columns, scope: str, days: Iterable[date]) -> list[Numbers]:
    """Return all numbers from the beginning to the end of each of some days, in order."""
    usage, found, start = Usage(columns), [], BEGINNING
    wanted = list(days)
    spans = spans_of([scope], BEGINNING, wanted[-1])[scope]
    for day in wanted:
        keys = [(scope, span) for span in cover(spans, start, day)]
        for sheet in in_order(read(columns, keys, ONLY), keys):
            usage.add(sheet)
        found.append(usage.numbers(TOTAL))
        start = date.fromordinal(day.toordinal() + 1)
    return found
