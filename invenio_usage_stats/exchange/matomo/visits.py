# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Visits: what a visitor did on a site on one day, with less than half an hour between.

The stored events themselves are asked to which visits they belong, so that nothing else needs to
be kept. Visitors have other ids each day, so no visit goes on after midnight (UTC).
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, NamedTuple

from ...indices import REPORTED, find, full_name, refresh, terms_batches

PAUSE = timedelta(minutes=30)
"""So long without an action ends a visit."""
MONTHS = 12
"""So many indices are asked by name."""
PAGE = 5_000
"""So many visits are read at once."""


class Visitor(NamedTuple):
    """Be somebody on a site."""

    site: int
    id: str


class Visit(NamedTuple):
    """Be a visit, from its first to its last action."""

    id: str
    first: datetime
    last: datetime

    def takes(self, at: datetime) -> bool:
        """Tell whether an action at some time belongs to it."""
        return self.first - PAUSE < at < self.last + PAUSE

    def with_action(self, at: datetime) -> "Visit":
        """Return the visit with one more action."""
        return Visit(self.id, min(self.first, at), max(self.last, at))


Actions = Collection[tuple[Visitor, datetime]]


class Visits:
    """Give actions to visits, those that are stored and those that begin."""

    def __init__(self, actions: Actions) -> None:
        self._known: defaultdict[Visitor, list[Visit]] = defaultdict(list)
        for visitor, visit in _stored(actions):
            self._known[visitor].append(visit)

    def of(self, visitor: Visitor, at: datetime) -> str:
        """Return the id of the visit to which an action belongs; actions come by their times."""
        visits = self._known[visitor]
        for place, visit in enumerate(visits):
            if visit.takes(at):
                visits[place] = visit.with_action(at)
                return visit.id
        begun = Visit(_id(visitor, at), at, at)
        visits.append(begun)
        return begun.id


def _id(visitor: Visitor, at: datetime) -> str:
    """Return the id of a visit by who began it, where and when."""
    return blake2b(repr((*visitor, at.isoformat())).encode(), digest_size=16).hexdigest()


def _stored(actions: Actions) -> Iterator[tuple[Visitor, Visit]]:
    """Yield the stored visits to which actions could belong."""
    if not actions:
        return
    times = [at for _, at in actions]
    index = _index(times)
    refresh(index)
    span = {"gt": _text(min(times) - PAUSE), "lt": _text(max(times) + PAUSE)}
    for some in terms_batches("visitor_id", {visitor.id for visitor, _ in actions}):
        yield from _read(index, [some, {"range": {"timestamp": span}}])


def _index(times: list[datetime]) -> str:
    """Return the indices of some times; all of them where too many would stand in an address."""
    names = {full_name(f"{REPORTED}-{at:%Y-%m}") for at in times}
    return ",".join(sorted(names)) if len(names) <= MONTHS else full_name(REPORTED)


def _read(index: str, wanted: list[dict[str, Any]]) -> Iterator[tuple[Visitor, Visit]]:
    """Yield the visits of the events that are wanted."""
    names = ("site", "visitor_id", "visit_id")
    sources = [{name: {"terms": {"field": name}}} for name in names]
    ends = {end: {end: {"field": "timestamp"}} for end in ("min", "max")}
    pages: dict[str, Any] = {"size": PAGE, "sources": sources}
    while True:
        aggregation = {"visits": {"composite": pages, "aggs": ends}}
        body = {"size": 0, "query": {"bool": {"filter": wanted}}, "aggs": aggregation}
        found = find(index, body).get("aggregations", {}).get("visits", {})
        for bucket in found.get("buckets", ()):
            key = bucket["key"]
            first, last = (_moment(bucket[end]["value"]) for end in ("min", "max"))
            yield Visitor(key["site"], key["visitor_id"]), Visit(key["visit_id"], first, last)
        if "after_key" not in found:
            return
        pages = {**pages, "after": found["after_key"]}


def _moment(milliseconds: float) -> datetime:
    """Return a time of the search engine as naive UTC."""
    return datetime(1970, 1, 1) + timedelta(milliseconds=milliseconds)


def _text(at: datetime) -> str:
    """Return a time as the search engine takes it."""
    return at.isoformat(timespec="milliseconds")
