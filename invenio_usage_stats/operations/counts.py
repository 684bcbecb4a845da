# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Counts: the events of each day against what our documents counted.

Incremental runs see what was indexed since they ran last. Events that were deleted, or that
have no time of indexing, show only here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from invenio_db import db

from ..indices import USAGE_DELTA, USAGE_EVENTS, find, full_name
from ..ledger.history import GLOBAL, day_date, day_number
from ..proxies import current_usage_stats
from ..reader.periods import Period
from ..reader.states import daily_totals
from .models import CountGap

GAPS = CountGap.__table__
COUNTED: dict[str, list[dict[str, Any]]] = {"view": [{"term": {"via_api": False}}], "download": []}
"""Which events of each kind count, unless they are of robots."""


class Pair(NamedTuple):
    """Be the number of a day's events, and what our documents counted of them."""

    events: int
    counted: int


def event_counts(kind: str, period: Period) -> dict[date, int]:
    """Return how many events of a kind count on each day that has any, in one request."""
    query = {
        "bool": {
            "filter": [within("timestamp", period), *COUNTED[kind]],
            "must_not": [{"term": {"is_robot": True}}],
        }
    }
    return {day: b["doc_count"] for day, b in buckets(full_name(USAGE_EVENTS[kind]), query)}


def within(field: str, period: Period) -> dict[str, Any]:
    """Return a query for what happened in a period."""
    bounds = {"gte": f"{period.since}T00:00:00", "lte": f"{period.until}T23:59:59.999"}
    return {"range": {field: bounds}}


def buckets(
    index: str,
    query: dict[str, Any],
    field: str = "timestamp",
    interval: str = "day",
    **aggregations: Any,
) -> Iterator[tuple[date, dict[str, Any]]]:
    """Yield each day (month, year) that has documents, with its bucket."""
    histogram = {"field": field, "calendar_interval": interval, "min_doc_count": 1}
    body = {
        "size": 0,
        "query": query,
        "aggs": {"days": {"date_histogram": histogram, "aggs": aggregations}},
    }
    answer = find(index, body)
    for bucket in answer.get("aggregations", {}).get("days", {}).get("buckets", ()):
        yield datetime.fromtimestamp(bucket["key"] / 1000, UTC).date(), bucket


def document_counts(kind: str, period: Period) -> dict[date, int]:
    """Return how many events of a kind our documents counted for the repository, by day."""
    metrics = current_usage_stats.catalog.usage_metrics(kind)
    field = next(f"totals.{kind}.{m.field}" for m in metrics if m.counter == "events")
    found = daily_totals(USAGE_DELTA, GLOBAL, period, [field])
    return {day: values[field] for day, values in found if values.get(field)}


def differences(period: Period) -> dict[tuple[date, str], Pair]:
    """Return the days and kinds whose events are not what our documents counted."""
    found = {}
    for kind in USAGE_EVENTS:
        events, counted = event_counts(kind, period), document_counts(kind, period)
        for day in events.keys() | counted.keys():
            pair = Pair(events.get(day, 0), counted.get(day, 0))
            if pair.events != pair.counted:
                found[day, kind] = pair
    return found


def days_to_count(period: Period) -> set[int]:
    """Return the days that must be counted again.

    Downloads of drafts are events that we do not count. So a difference that was there after
    the day was counted, and is the same now, is none; but one that is gone is one.
    """
    known = {
        key: pair
        for key, pair in _known().items()
        if period.since <= day_date(key[0]) <= period.until
    }
    found = {(day_number(day), kind): pair for (day, kind), pair in differences(period).items()}
    return {key[0] for key in found.keys() | known.keys() if found.get(key) != known.get(key)}


def remember(days: Iterable[int]) -> None:
    """Keep the differences of days that have just been counted: they have their reason."""
    wanted = set(days)
    if not wanted:
        return
    period = Period(day_date(min(wanted)), day_date(max(wanted)))
    rows: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for (day, kind), pair in differences(period).items():
        number = day_number(day)
        rows[number].append({"day": number, "kind": kind, **pair._asdict()})
    with db.engine.begin() as connection:
        for day in sorted(wanted):
            connection.execute(sa.delete(GAPS).where(GAPS.c.day == day))
            if rows[day]:
                connection.execute(sa.insert(GAPS), rows[day])


def _known() -> dict[tuple[int, str], Pair]:
    """Return the differences that have their reason."""
    with db.engine.connect() as connection:
        rows = connection.execute(sa.select(GAPS)).all()
    return {(row.day, row.kind): Pair(row.events, row.counted) for row in rows}
