# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""When communities were visited, and their files downloaded: told by the sheets of days."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from ..aggregations.columns import Columns
from ..aggregations.sheets.sheet import LINES, TIMES
from ..aggregations.sheets.spans import DAY, day_span
from ..aggregations.sheets.store import read
from ..aggregations.sheets.times import Times
from ..catalog import Metric
from ..indices import SHEETS, find
from .periods import Period
from .totals import EPOCH

Place = tuple[str, date]
"""A scope and a day."""
ENDS = {"first": "min", "last": "max"}


class Days(NamedTuple):
    """Be the first and the last day on which something was counted."""

    first: date
    last: date


def last_downloads(
    columns: Columns, metric: Metric, scopes: Collection[str], period: Period
) -> dict[str, int]:
    """Return when a file of some scopes was downloaded last in a period, as seconds since 1970.

    Scopes without downloads are left out, and those whose sheets do not tell. ``metric``: what
    counts downloads.
    """
    days = _days(metric.path, scopes, period)
    times = _times(columns, ((scope, some.last) for scope, some in days.items()))
    return {scope: max(known.last_downloaded) for (scope, _), known in times.items()}


def visits(
    columns: Columns, metric: Metric, scopes: Collection[str], period: Period
) -> dict[str, tuple[int, int]]:
    """Return when the pages of some scopes were visited first and last in a period, likewise."""
    days = _days(metric.path, scopes, period)
    times = _times(columns, ((scope, day) for scope, some in days.items() for day in some))
    return {
        scope: (times[scope, some.first].visited[0], times[scope, some.last].visited[1])
        for scope, some in days.items()
        if times.keys() >= {(scope, day) for day in some}
    }


def _times(columns: Columns, places: Iterable[Place]) -> dict[Place, Times]:
    """Return the times of those days of scopes whose sheets tell them."""
    keys = {(scope, day_span(day)) for scope, day in places}
    found = read(columns, keys, [LINES, TIMES])
    return {
        (scope, span.start): sheet.times for (scope, span), sheet in found.items() if sheet.times
    }


def _days(field: str, scopes: Collection[str], period: Period) -> dict[str, Days]:
    """Return the days of a period on which a mapped field of some scopes is not nought."""
    bounds = {"gte": period.since.isoformat(), "lte": period.until.isoformat()}
    wanted: list[dict[str, Any]] = [
        {"terms": {"community_id": sorted(scopes)}},
        {"term": {"span": DAY}},
        {"range": {"span_start": bounds}},
        {"range": {field: {"gt": 0}}},
    ]
    ends = {name: {kind: {"field": "span_start"}} for name, kind in ENDS.items()}
    terms = {"field": "community_id", "size": max(1, len(scopes))}
    body = {"size": 0, "query": {"bool": {"filter": wanted}}}
    body["aggs"] = {"scopes": {"terms": terms, "aggs": ends}}
    buckets = find(SHEETS.target, body).get("aggregations", {}).get("scopes", {}).get("buckets", ())
    return {b["key"]: Days(*(_day(b[name]["value"]) for name in ENDS)) for b in buckets}


def _day(milliseconds: float) -> date:
    """Return the day that the search engine counts in milliseconds."""
    return EPOCH + timedelta(milliseconds=milliseconds)
