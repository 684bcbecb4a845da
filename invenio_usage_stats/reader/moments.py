# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""When something of a community was downloaded last: told by the sheet of the day."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from ..aggregations.columns import Columns
from ..aggregations.sheets.sheet import LINES, TIMES
from ..aggregations.sheets.spans import DAY, day_span
from ..aggregations.sheets.store import read
from ..catalog import Metric
from ..indices import SHEETS, find
from .periods import Period
from .totals import EPOCH


def last_downloads(
    columns: Columns, metric: Metric, scopes: Collection[str], period: Period
) -> dict[str, int]:
    """Return when a file of some scopes was downloaded last in a period, as seconds since 1970.

    Scopes without downloads are left out, and those whose sheets do not tell. ``metric``: what
    counts downloads.
    """
    days = _last_days(metric.path, scopes, period)
    keys = [(scope, day_span(day)) for scope, day in days.items()]
    found = read(columns, keys, [LINES, TIMES])
    times = {scope: sheet.times for (scope, _), sheet in found.items()}
    return {scope: max(known.last_downloaded) for scope, known in times.items() if known}


def _last_days(field: str, scopes: Collection[str], period: Period) -> dict[str, date]:
    """Return the last day of a period on which a mapped field of some scopes is not nought."""
    bounds = {"gte": period.since.isoformat(), "lte": period.until.isoformat()}
    wanted: list[dict[str, Any]] = [
        {"terms": {"community_id": sorted(scopes)}},
        {"term": {"span": DAY}},
        {"range": {"span_start": bounds}},
        {"range": {field: {"gt": 0}}},
    ]
    last = {"last": {"max": {"field": "span_start"}}}
    terms = {"field": "community_id", "size": max(1, len(scopes))}
    body = {"size": 0, "query": {"bool": {"filter": wanted}}}
    body["aggs"] = {"scopes": {"terms": terms, "aggs": last}}
    buckets = find(SHEETS.target, body).get("aggregations", {}).get("scopes", {}).get("buckets", ())
    return {b["key"]: EPOCH + timedelta(milliseconds=b["last"]["value"]) for b in buckets}
