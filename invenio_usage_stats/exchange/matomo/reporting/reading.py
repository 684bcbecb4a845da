# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reported events, read page by page and in lots of visitors."""

from collections.abc import Iterator
from typing import Any

import msgspec

from ....aggregations.usage.events import lots_of
from ....indices import REPORTED, Page, find, full_name, pages

LOT = 100_000
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


def lots(wanted: list[Query]) -> Iterator[Iterator[list[ReportedEvent]]]:
    """Yield the pages of all events that fulfil queries, lot by lot.

    A visitor is in one lot, with all visits: what is distinct in each lot can be added.
    """
    query: Query = {"bool": {"filter": wanted, "must_not": [{"term": {"resolved": False}}]}}
    index = full_name(REPORTED)
    counted = find(index, {"query": query, "size": 0, "track_total_hits": True})
    for lot in lots_of(counted["hits"]["total"]["value"], LOT):
        some = {"bool": {"filter": [query, lot]}} if lot else query
        yield (_events(text) for text in pages(index, some))


def _events(text: str) -> list[ReportedEvent]:
    """Return the events of a page."""
    return [hit.source for hit in _decode(text).hits.hits]
