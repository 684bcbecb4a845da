# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Numbers of distinct records, works and files of a scope, exact for any interval.

A day, a month or a year that has a sheet of its own has the number ready in a mapped field; for
any other interval the sets of its sheets are united.
"""

from datetime import date
from typing import Any

from ..aggregations.columns import Columns, Numbers
from ..aggregations.shares import TOTAL
from ..aggregations.sheets.sheet import CELLS, LINES, Usage
from ..aggregations.sheets.spans import ONE_DAY, Span
from ..aggregations.sheets.store import sheet_id
from ..indices import SHEETS, find
from .periods import Period
from .spans import covers
from .usage import BEGINNING, usage_by_interval, usages_of

ONLY = [LINES, CELLS]
MOST = 10_000


def numbers_by_interval(columns: Columns, scope: str, periods: list[Period]) -> list[Numbers]:
    """Return all numbers of each interval, the distinct ones exactly."""
    groups = covers([(scope, period)] for period in periods)
    ready = _ready(columns, scope, [keys[0][1] for keys in groups if len(keys) == 1])
    united = usages_of(columns, [keys for keys in groups if len(keys) > 1], ONLY)
    found = []
    for keys in groups:
        if len(keys) > 1:
            found.append(next(united).numbers(TOTAL))
        else:
            found.append(ready[keys[0][1]] if keys else columns.zero)
    return found


def _ready(columns: Columns, scope: str, spans: list[Span]) -> dict[Span, Numbers]:
    """Return the numbers of sheets from their mapped fields."""
    fields = [metric.path for metric in columns.metrics]
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


def numbers_until(columns: Columns, scope: str, periods: list[Period]) -> list[Numbers]:
    """Return all numbers from the beginning to the end of each of some consecutive periods."""
    before = Period(BEGINNING, periods[0].since - ONE_DAY)
    usages = usage_by_interval(columns, ([(scope, p)] for p in (before, *periods)), ONLY)
    usage, found = Usage(columns), []
    for part in usages:
        for sheet in part.sheets:
            usage.add(sheet)
        found.append(usage.numbers(TOTAL))
    return found[1:]
