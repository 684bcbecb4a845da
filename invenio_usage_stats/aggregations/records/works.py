# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Works: how the pass over records reads them, and finds those that may move."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any

from ...catalog import Catalog
from ...catalog.base import BASES, Basis
from ...indices import EVENTS, full_name, scroll
from ...ledger.history import GLOBAL, History
from ...ledger.reading import read_histories
from ..days import day_queries, ranges
from ..shares import shares_of
from .flows import WorkFlows

Days = dict[str, set[int]]
"""Days by scope."""
Touched = dict[Basis, Days]
"""For each basis the days of scopes whose documents may have to be written."""

TOGETHER = 2_000
"""How many works are read together."""
KEPT = 10_000
"""How many works are kept in memory for those who ask again: about 100 MB."""
NARROW = 20_000
"""Of more scopes and days than these, works of all scopes are looked at."""
CLAUSES = 250
DATES: dict[str, tuple[Basis, ...]] = {
    "event_date": BASES,
    "record_created_date": ("created", "published"),
    "record_published_date": ("published",),
}
"""Dates of entries, and on which bases records move on them; those unpublished when created."""


class Works:
    """Read works, and keep some for those who ask again in the same pass."""

    def __init__(self, catalog: Catalog) -> None:
        self._owners = catalog.counting("uploaders").id
        family = catalog.of_family("records")
        dimensions = tuple(d for d in family if d.source != "event")
        self._shares = partial(shares_of, dimensions=dimensions)
        self._kept: dict[str, WorkFlows] = {}

    def of(self, parents: Iterable[str]) -> Iterator[WorkFlows]:
        """Yield each of these works."""
        wanted = set(parents)
        known = self._kept.keys() & wanted
        yield from (self._kept[parent] for parent in sorted(known))
        for versions in read_works(wanted - known):
            work = WorkFlows(versions, self._shares, self._owners)
            if len(self._kept) < KEPT:
                self._kept[work.parent] = work
            yield work


def read_works(parents: Iterable[str], mend: bool = True) -> Iterator[list[History]]:
    """Yield all versions of each of these works (``mend``: see ``read_histories``)."""
    wanted = sorted(parents)
    for start in range(0, len(wanted), TOGETHER):
        found = read_histories("parent_id", wanted[start : start + TOGETHER], mend)
        ordered = sorted(found, key=attrgetter("parent"))
        for _, versions in groupby(ordered, key=attrgetter("parent")):
            yield list(versions)


def moving(touched: Touched) -> set[str]:
    """Return the works that may move on touched days of their scopes."""
    size = sum(len(days) for scopes in touched.values() for days in scopes.values())
    if size > NARROW:
        return parents_moving_on(set(_by_day(touched.values())))
    clauses = list(_clauses(touched))
    lots = (clauses[start : start + CLAUSES] for start in range(0, len(clauses), CLAUSES))
    return _parents({"bool": {"should": lot}} for lot in lots)


def _clauses(touched: Touched) -> Iterator[dict[str, Any]]:
    """Yield queries for the entries of scopes on their days.

    A record enters a scope on the date of its basis, and moves in it by the scope's own entries;
    all its scopes follow its edits, deletions and restores. It joins none before its publication.
    """
    for field, bases in DATES.items():
        groups: defaultdict[frozenset[str], set[int]] = defaultdict(set)
        for day, scopes in _by_day(touched.get(basis, {}) for basis in bases).items():
            groups[frozenset(scopes)].add(day)
        for scopes, days in groups.items():
            of_scopes = {"terms": {"community_id": sorted(scopes)}}
            yield from ({"bool": {"filter": [of_scopes, one]}} for one in _dates(field, days))
    own = {"term": {"community_id": GLOBAL}}
    first = {"term": {"event_type": "added"}}
    for one in _dates("event_date", _by_day(touched.values())):
        yield {"bool": {"filter": [own, one], "must_not": [first]}}


def _dates(field: str, days: Iterable[int]) -> Iterator[dict[str, Any]]:
    """Yield queries for dates on some days."""
    for first, end in ranges(days):
        yield {"range": {field: {"gte": first.isoformat(), "lt": end.isoformat()}}}


def _by_day(parts: Iterable[Days]) -> dict[int, set[str]]:
    """Return the scopes of each day."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for part in parts:
        for scope, days in part.items():
            for day in days:
                found[day].add(scope)
    return found


def parents_moving_on(days: set[int]) -> set[str]:
    """Return the works that may move on any of these days, in any scope, on any basis."""
    return _parents(day_queries(DATES, days))


def _parents(queries: Iterable[dict[str, Any]]) -> set[str]:
    """Return the works of entries."""
    fields = {"_source": False, "docvalue_fields": ["parent_id"]}
    return {
        hit["fields"]["parent_id"][0]
        for query in queries
        for hit in scroll(full_name(EVENTS), query, **fields)
    }
