# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The pass over records: what joined and left each scope, day by day."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import groupby

from invenio_db import db

from ..catalog.base import Basis
from ..indices import EVENTS, RECORD_DELTAS, Product, full_name, scroll
from ..ledger.facts import Facts
from ..ledger.history import DAY, History, day_date
from ..ledger.reading import read_histories, seconds
from ..ledger.store import projected_since
from .base import Work
from .days import day_queries
from .flows import movements, record_flows, touched_days
from .leases import next_token
from .shares import Cell, Share, shares_of
from .states import RecordDelta
from .writer import existing, packed

Touched = dict[Basis, set[tuple[str, int]]]
"""For each basis the (scope, day) whose documents may have to be written."""

Groups = defaultdict[tuple[Basis, str, int], RecordDelta]


class RecordsPass:
    """Aggregate changed days of all scopes, on some bases."""

    def __init__(self, work: Work, products: Iterable[Product]) -> None:
        self.work = work
        self.documents = work.documents
        self.products = [product for product in products if product in RECORD_DELTAS]
        self.owners = self.documents.owners
        family = self.documents.catalog.of_family("records")
        self.dimensions = tuple(d for d in family if d.source != "event")
        self._shares: dict[str, dict[Cell, Share]] = {}

    def shares_of(self, facts: Facts) -> dict[Cell, Share]:
        """Return a record's shares, computed once for equal facts."""
        if facts.digest not in self._shares:
            self._shares[facts.digest] = shares_of(facts, self.dimensions)
        return self._shares[facts.digest]

    def run(self, since: datetime | None, days: Callable[[int], bool] | None = None) -> int:
        """Write the documents that changes since a moment touch; return how many.

        ``since``: naive UTC, none for everything; ``days``: restrict to some days.
        """
        version = next_token()
        years: defaultdict[int, Touched] = defaultdict(lambda: defaultdict(set))
        for basis, keys in self.touched(since).items():
            for scope, day in keys:
                if days is None or days(day):
                    years[day_date(day).year][basis].add((scope, day))
        return sum(self._write(years[year], version) for year in sorted(years))

    def rebuild(self, days: set[int], scopes: set[str] | None = None) -> int:
        """Write all documents of these days anew, whatever changed; return how many.

        What is stored but should not be there becomes empty. ``scopes``: write only theirs.
        """
        version = next_token()
        touched: Touched = {p.basis: stored_on(p, days) for p in self.products}
        for versions in works(parents_moving_on(days)):
            for history in versions:
                _touch(touched, history, None)
        wanted: Touched = {
            basis: {(s, d) for s, d in keys if d in days and (scopes is None or s in scopes)}
            for basis, keys in touched.items()
        }
        return self._write(wanted, version)

    def touched(self, since: datetime | None) -> Touched:
        """Return which documents the entries projected since a moment may change."""
        with db.engine.connect() as connection:
            changed = projected_since(connection, since)
        parents = {history.parent for history in read_histories("record_id", changed)}
        due = self.work.boundary.places
        touched: Touched = {product.basis: due(product.name) for product in self.products}
        for versions in works(parents):
            for history in versions:
                first = changed[history.record][0] if history.record in changed else None
                _touch(touched, history, first)
        return touched

    def _write(self, touched: Touched, version: int) -> int:
        """Compute and write one year's documents."""
        groups = self._group(touched)
        count = 0
        for product in self.products:
            keys = touched.get(product.basis, set())
            moved = {key for key in keys if (product.basis, *key) in groups}
            empty = existing(product, ((s, day_date(d)) for s, d in keys - moved))
            deltas = [(s, day_date(d), groups[product.basis, s, d]) for s, d in sorted(moved)]
            deltas += [(scope, day, RecordDelta()) for scope, day in sorted(empty)]
            self.documents.prefetch(delta.cells for _, _, delta in deltas)
            render = self.documents.record_delta
            rows = ((s, d, packed(render, delta)) for s, d, delta in deltas)
            count += self.work.writer.rows(product, rows, version)
        return count

    def _group(self, touched: Touched) -> Groups:
        """Return what moved in each touched scope and day."""
        groups: Groups = defaultdict(RecordDelta)
        days = {day for keys in touched.values() for _, day in keys}
        for versions in works(parents_moving_on(days)):
            scopes = {scope for version in versions for scope in version.scopes}
            for basis, keys in touched.items():
                for scope in scopes:
                    for movement in movements(versions, scope, basis, self.shares_of):
                        if (scope, movement.day) in keys:
                            groups[basis, scope, movement.day].move(movement, self.owners)
        return groups


def _touch(touched: Touched, history: History, first: int | None) -> None:
    """Add the days on which a record moves, or moved before its entries from one on."""
    for basis, keys in touched.items():
        for scope in history.scopes:
            days = {flow.at // DAY for flow in record_flows(history, scope, basis)}
            if first is not None:
                days |= touched_days(history, first, scope, basis)
            keys.update((scope, day) for day in days)


def works(parents: Iterable[str]) -> Iterator[list[History]]:
    """Yield all versions of each of these works."""
    wanted = sorted(parents)
    for start in range(0, len(wanted), 2_000):
        found = read_histories("parent_id", wanted[start : start + 2_000])
        ordered = sorted(found, key=lambda history: history.parent)
        for _, versions in groupby(ordered, key=lambda history: history.parent):
            yield list(versions)


def parents_moving_on(days: set[int]) -> set[str]:
    """Return the works that may move on any of these days, on any basis."""
    fields = ("event_date", "record_created_date", "record_published_date")
    return {
        hit["_source"]["parent_id"]
        for query in day_queries(fields, days)
        for hit in scroll(full_name(EVENTS), query, _source=["parent_id"])
    }


def stored_on(product: Product, days: set[int]) -> set[tuple[str, int]]:
    """Return scope and day of a product's documents of these days."""
    return {
        (hit["_source"]["community_id"], seconds(hit["_source"]["period_start"]) // DAY)
        for query in day_queries(("period_start",), days)
        for hit in scroll(product.target, query, _source=["community_id", "period_start"])
    }
