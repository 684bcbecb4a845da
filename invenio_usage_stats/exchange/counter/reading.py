# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reading the raw events of a month in lots of whole hours, judged by one list of robots."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple, TypeVar

import msgspec
from flask import current_app

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
T, U = TypeVar("T"), TypeVar("U")
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


def events_in_lots(month: str) -> Iterator[tuple[Lot, list[Event]]]:
    """Yield the lots of a month with their events; the next lot is received meanwhile.

    Each has the events of the time after it, too, that a double click may take.
    """
    application = current_app._get_current_object()

    def received(lot: Lot) -> tuple[Lot, list[str]]:
        # Milliseconds are all that the search engine knows of a time.
        until = lot.until + WINDOW + timedelta(milliseconds=1)
        with application.app_context():
            return lot, list(pages(full_name(EVENTS), _between(lot.since, until)))

    for lot, texts in _ahead(received, lots(month)):
        found = (DECODER.decode(text).hits.hits for text in texts)
        yield lot, [hit.source for hits in found for hit in hits]


def _ahead(function: Callable[[T], U], some: Iterable[T]) -> Iterator[U]:
    """Yield what a function makes of each of some things; it is at the next one meanwhile."""
    with ThreadPoolExecutor(1, thread_name_prefix="usage-stats-counter") as thread:
        coming: deque[Future[U]] = deque()
        for one in some:
            coming.append(thread.submit(function, one))
            if len(coming) > 1:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()


class Judge:
    """Judge events by one list, whichever list they were judged by when they came.

    A verdict changes only where the two lists differ: what was found out about an event by more
    than the name of its program stays.
    """

    def __init__(self, version: str) -> None:
        self.version = version
        self._changed = cache(self._compare)

    def no_robots(self, some: Iterable[Event]) -> Iterator[Event]:
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
