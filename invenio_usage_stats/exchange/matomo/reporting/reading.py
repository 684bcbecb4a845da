# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reported events, grouped by the search engine so that nothing is estimated.

Measured with a million events in a month: groups of address, visit and visitor cost a tenth of
reading the documents, as long as each search is about few days. A search looks at all its events
for each page of groups, so its days have no more events than a page has groups.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from ....indices import REPORTED, find, full_name

LOT = 50_000
"""So many groups a search answers at most, and about so many events it looks at."""
Query = dict[str, Any]
Group = dict[str, Any]
"""The values of some fields (``key``), how many events have them, and when these begin and end."""
UNRESOLVED: Query = {"term": {"resolved": False}}
ENDS = {end: {end: {"field": "timestamp"}} for end in ("min", "max")}


class Stretch(NamedTuple):
    """Be some days of one period."""

    place: int
    """Which of the periods it is."""
    first: str
    last: str
    events: int

    @property
    def query(self) -> Query:
        """Return the query for these days."""
        return {"range": {"timestamp": {"gte": self.first, "lte": f"{self.last}||/d"}}}


def chosen(wanted: Sequence[Query], refused: Sequence[Query] = ()) -> Query:
    """Return the query for what fulfils all of some queries, and none of others."""
    return {"bool": {"filter": [*wanted], "must_not": [UNRESOLVED, *refused]}}


def between(since: str, until: str) -> Query:
    """Return a query for a span of time, its end not included."""
    return {"range": {"timestamp": {"gte": since, "lt": until}}}


def groups(query: Query, fields: Iterable[str], timed: bool = False) -> Iterator[Group]:
    """Yield the groups of events with the same values of some fields; ``timed``: with times."""
    sources = [{name: {"terms": {"field": name, "missing_bucket": True}}} for name in fields]
    pages: dict[str, Any] = {"size": LOT, "sources": sources}
    while True:
        aggregation = {"composite": pages, **({"aggs": ENDS} if timed else {})}
        body = {"size": 0, "query": query, "aggs": {"groups": aggregation}}
        found = find(full_name(REPORTED), body).get("aggregations", {}).get("groups", {})
        yield from found.get("buckets", ())
        if "after_key" not in found:
            return
        pages = {**pages, "after": found["after_key"]}


def stretches(query: Query, starts: Sequence[str]) -> Iterator[Stretch]:
    """Yield the days that have events, few enough at a time; ``starts``: of the periods."""
    current: Stretch | None = None
    for day, events in _days(query):
        place = bisect_right(starts, day) - 1
        if current and (current.place != place or current.events + events > LOT):
            yield current
            current = None
        first, before = (current.first, current.events) if current else (day, 0)
        current = Stretch(place, first, day, before + events)
    if current:
        yield current


def _days(query: Query) -> Iterator[tuple[str, int]]:
    """Yield the days that have events, and how many."""
    days = {"field": "timestamp", "calendar_interval": "day", "min_doc_count": 1}
    body = {"query": query, "size": 0, "aggs": {"days": {"date_histogram": days}}}
    found = find(full_name(REPORTED), body).get("aggregations", {}).get("days", {})
    for bucket in found.get("buckets", ()):
        yield bucket["key_as_string"][:10], bucket["doc_count"]
