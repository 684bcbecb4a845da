# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reported events, read page by page and in lots."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from ....aggregations.usage.events import lots_of
from ....indices import REPORTED, Page, find, full_name, pages

LOT = 200_000
"""About so many events are counted at a time: their visits and visitors are kept in memory."""
Query = dict[str, Any]


class ReportedEvent(msgspec.Struct, gc=False):
    """Be one event, as far as reports need it."""

    timestamp: str
    action: str
    visitor_id: str
    visit_id: str
    site: int
    url: str = ""
    consumer: str = ""
    consumer_version: str = ""
    recid: str | None = None
    parent_recid: str | None = None


_decode = msgspec.json.Decoder(Page[ReportedEvent]).decode


def between(since: str, until: str) -> Query:
    """Return a query for a span of time, its end not included."""
    return {"range": {"timestamp": {"gte": since, "lt": until}}}


def lots(since: str, until: str, wanted: list[Query]) -> Iterator[Iterator[list[ReportedEvent]]]:
    """Yield the pages of all events of a span of time that fulfil queries, lot by lot.

    No visitor is in two lots of a day, so what is distinct in each lot can be added: visits and
    visitors have other ids on each day. Lots are days, since neighbours are stored together: to
    read a tenth of all visitors costs nearly as much as to read all.
    """
    unresolved = {"term": {"resolved": False}}
    chosen = {"bool": {"filter": [between(since, until), *wanted], "must_not": [unresolved]}}
    for first, last, events in _stretches(_days(chosen)):
        days = {"range": {"timestamp": {"gte": f"{first}", "lte": f"{last}||/d"}}}
        for lot in lots_of(events, LOT):
            query = {"bool": {"filter": [chosen, days, *([lot] if lot else [])]}}
            yield (_events(text) for text in pages(full_name(REPORTED), query))


def _days(query: Query) -> list[tuple[str, int]]:
    """Return the days that have events, and how many."""
    days = {"field": "timestamp", "calendar_interval": "day", "min_doc_count": 1}
    body = {"query": query, "size": 0, "aggs": {"days": {"date_histogram": days}}}
    found = find(full_name(REPORTED), body).get("aggregations", {})
    buckets = found.get("days", {}).get("buckets", ())
    return [(bucket["key_as_string"][:10], bucket["doc_count"]) for bucket in buckets]


def _stretches(days: Iterable[tuple[str, int]]) -> Iterator[tuple[str, str, int]]:
    """Yield stretches of days that make a lot, by the first and last day, with their events."""
    stretch: tuple[str, str, int] | None = None
    for day, count in days:
        if stretch is not None and stretch[2] + count > LOT:
            yield stretch
            stretch = None
        first, _, events = stretch or (day, day, 0)
        stretch = (first, day, events + count)
    if stretch is not None:
        yield stretch


def _events(text: str) -> list[ReportedEvent]:
    """Return the events of a page."""
    return [hit.source for hit in _decode(text).hits.hits]
