# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Counts: the events of each day against what our documents counted.

Incremental runs see what was indexed since they ran last. Events that were deleted, or that
have no time of indexing, show only here.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from invenio_db import db

from ..aggregations.kinds import CONDITIONS, stored_kinds
from ..aggregations.sheets.spans import month_start
from ..indices import USAGE_DELTA, find
from ..ledger.history import GLOBAL, day_date, day_number
from ..proxies import current_usage_stats
from ..reader.periods import Period
from ..reader.states import daily_totals
from .models import CountGap

GAPS = CountGap.__table__
Key = tuple[date, str]
"""A day and a kind of events."""
Events = dict[Key, int]


class Pair(NamedTuple):
    """Be the number of a day's events, and what our documents counted of them."""

    events: int
    counted: int


def event_counts(kind: str, period: Period) -> dict[date, int]:
    """Return how many events of a kind count on each day that has any, in one request."""
    query = {
        "bool": {
            "filter": [within("timestamp", period), *CONDITIONS.get(kind, ())],
            "must_not": [{"term": {"is_robot": True}}],
        }
    }
    return {day: b["doc_count"] for day, b in buckets(stored_kinds()[kind], query)}


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
    field = current_usage_stats.catalog.counter(kind, "events").path
    found = daily_totals(USAGE_DELTA, GLOBAL, period, [field])
    return {day: values[field] for day, values in found if values.get(field)}


def events_by_day(period: Period) -> Events:
    """Return how many events of each kind count on the days of a period."""
    kinds = {kind: event_counts(kind, period) for kind in stored_kinds()}
    return {(day, kind): count for kind, days in kinds.items() for day, count in days.items()}


def compared(period: Period, events: Events) -> dict[Key, Pair]:
    """Return the events of each day and kind, and what our documents counted of them."""
    kinds = {kind: document_counts(kind, period) for kind in stored_kinds()}
    counted = {(day, kind): count for kind, days in kinds.items() for day, count in days.items()}
    keys = events.keys() | counted.keys()
    return {key: Pair(events.get(key, 0), counted.get(key, 0)) for key in keys}


class Gone(NamedTuple):
    """Be the days whose events are no longer there, and whose numbers therefore must stay.

    ``aged``: before the first day that has events, as after their removal for age; ``missing``:
    in a month that lacks most of the events that were counted, as when its index is closed.
    """

    aged: set[date]
    missing: set[date]

    @property
    def days(self) -> set[date]:
        """Return all of them."""
        return self.aged | self.missing


def gone(pairs: dict[Key, Pair]) -> Gone:
    """Return the days of which events are gone, whatever their kind."""
    found = Gone(set(), set())
    for kind in stored_kinds():
        days = {day: pair for (day, of), pair in pairs.items() if of == kind}
        first = min((day for day, pair in days.items() if pair.events), default=date.min)
        emptied = _emptied(days)
        for day, pair in days.items():
            if pair.events < pair.counted:
                if day < first:
                    found.aged.add(day)
                elif month_start(day) in emptied:
                    found.missing.add(day)
    return found


def _emptied(days: dict[date, Pair]) -> set[date]:
    """Return the months that lack most of the events that were counted."""
    events: Counter[date] = Counter()
    counted: Counter[date] = Counter()
    for day, pair in days.items():
        events[month_start(day)] += pair.events
        counted[month_start(day)] += pair.counted
    return {month for month, count in counted.items() if 2 * events[month] < count}


def days_to_count(period: Period, doubtful: Collection[int] = ()) -> set[int]:
    """Return the days that must be counted again, ``doubtful`` ones among them.

    Downloads of drafts are events that we do not count. So a difference that was there after
    the day was counted, and is the same now, is none; but one that is gone is one. Days whose
    events are gone are not counted again, since their numbers would be lost.
    """
    known = {key: pair for key, pair in _known().items() if period.since <= key[0] <= period.until}
    pairs = compared(period, events_by_day(period))
    found = {key: pair for key, pair in pairs.items() if pair.events != pair.counted}
    changed = {key[0] for key in found.keys() | known.keys() if found.get(key) != known.get(key)}
    days = {day_number(day) for day in changed} | set(doubtful)
    return days - {day_number(day) for day in gone(pairs).days}


def remember(period: Period, events: Events) -> None:
    """Keep what still differs on days that have just been counted: it has its reason.

    ``events``: how many there were before the days were read; what changes later than that is a
    difference that has none.
    """
    rows = [
        {"day": day_number(day), "kind": kind, **pair._asdict()}
        for (day, kind), pair in compared(period, events).items()
        if pair.events != pair.counted
    ]
    since, until = day_number(period.since), day_number(period.until)
    with db.engine.begin() as connection:
        connection.execute(sa.delete(GAPS).where(GAPS.c.day.between(since, until)))
        if rows:
            connection.execute(sa.insert(GAPS), rows)


def _known() -> dict[Key, Pair]:
    """Return the differences that have their reason."""
    with db.engine.connect() as connection:
        rows = connection.execute(sa.select(GAPS)).all()
    return {(day_date(row.day), row.kind): Pair(row.events, row.counted) for row in rows}
