# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reading the raw events of a month in lots of whole hours, judged by one list of robots."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import msgspec

from ...indices import Page, find, full_name, pages
from .agents import verdict
from .fields import EVENTS
from .rules import WINDOW, Event

LOT = 50_000
"""How many events are read at once, unless an hour alone has more."""
HOUR = timedelta(hours=1)
HOURS: dict[str, Any] = {
    "date_histogram": {"field": "timestamp", "fixed_interval": "1h", "min_doc_count": 1}
}
MONTHS_OF_EVENTS: dict[str, Any] = {
    "date_histogram": {
        "field": "timestamp",
        "calendar_interval": "month",
        "format": "yyyy-MM",
        "min_doc_count": 1,
    }
}
EPOCH = datetime(1970, 1, 1)
DECODER = msgspec.json.Decoder(Page[Event])


class Lot(NamedTuple):
    """Be some whole hours: from a moment to another one, and how many events they have."""

    since: datetime
    until: datetime
    size: int


def bounds(month: str) -> tuple[datetime, datetime]:
    """Return the first moment of a month (YYYY-MM) and that of the next one."""
    first = datetime.strptime(month, "%Y-%m")
    return first, (first + timedelta(days=31)).replace(day=1)


def events_by_month() -> dict[str, int]:
    """Return how many raw events there are in each month that has any."""
    body = {"size": 0, "aggs": {"months": MONTHS_OF_EVENTS}}
    answer = find(full_name(EVENTS), body)
    buckets = answer.get("aggregations", {"months": {"buckets": ()}})["months"]["buckets"]
    return {bucket["key_as_string"]: bucket["doc_count"] for bucket in buckets}


def lots(month: str) -> Iterator[Lot]:
    """Yield the hours of a month that have events, several together as long as they are few."""
    lot: Lot | None = None
    for hour in _hours(month):
        if lot is not None and lot.size + hour.size <= LOT:
            lot = Lot(lot.since, hour.until, lot.size + hour.size)
            continue
        if lot is not None:
            yield lot
        lot = hour
    if lot is not None:
        yield lot


def _hours(month: str) -> Iterator[Lot]:
    """Yield each hour of a month that has events."""
    body = {"size": 0, "query": _between(*bounds(month)), "aggs": {"hours": HOURS}}
    answer = find(full_name(EVENTS), body)
    buckets = answer.get("aggregations", {"hours": {"buckets": ()}})["hours"]["buckets"]
    for bucket in buckets:
        since = EPOCH + timedelta(milliseconds=bucket["key"])
        yield Lot(since, since + HOUR, bucket["doc_count"])


def _between(since: datetime, until: datetime) -> dict[str, Any]:
    """Return a query for the events from one moment on, before another one."""
    return {"range": {"timestamp": {"gte": since.isoformat(), "lt": until.isoformat()}}}


def events(lot: Lot) -> Iterator[Event]:
    """Yield the events of a lot, and of the time after it that a double click may take."""
    # Milliseconds are all that the search engine knows of a time.
    until = lot.until + WINDOW + timedelta(milliseconds=1)
    for page in pages(full_name(EVENTS), _between(lot.since, until)):
        for hit in DECODER.decode(page).hits.hits:
            yield hit.source


class Judge:
    """Judge events by one list, whichever list they were judged by when they came.

    A verdict changes only where the two lists differ: what was found out about an event by more
    than the name of its program stays.
    """

    def __init__(self, version: str) -> None:
        self.version = version
        self._changed = cache(self._compare)

    def no_robots(self, some: Iterator[Event]) -> Iterator[Event]:
        """Yield events that no robot has caused, with the access method by this list."""
        version = self.version
        for event in some:
            if event.list_version != version:
                changed = self._changed(event.agent, event.list_version)
                if changed is not None:
                    event.is_robot, event.is_machine = changed
            if not event.is_robot:
                yield event

    def _compare(self, agent: str, version: str) -> tuple[bool, bool] | None:
        """Return the verdict (robot, machine) on a program where it differs from another list's."""
        now = verdict(agent, self.version)
        return None if now == verdict(agent, version) else now
