# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The pass over records: what joined and left each scope, day by day."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from invenio_db import db

from ...indices import RECORD_DELTAS, Product, scroll
from ...ledger.history import DAY, day_date
from ...ledger.store import works_since
from ..base import Work, without_collector
from ..days import day_queries
from ..running.failures import Place
from ..running.leases import next_token
from ..writer import Row, existing
from .flows import Change
from .states import RecordDelta
from .touches import touch, touch_all
from .works import Days, Touched, Works, moving, parents_moving_on

Groups = defaultdict[tuple[str, int], RecordDelta]
"""What moved, by scope and day."""


class RecordsPass:
    """Aggregate changed days of all scopes, on some bases."""

    def __init__(self, work: Work, products: Iterable[Product]) -> None:
        self.work = work
        self.documents = work.documents
        self.products = [product for product in products if product in RECORD_DELTAS]
        self.works = Works(self.documents.catalog)

    def run(self, since: datetime | None, days: Callable[[int], bool] | None = None) -> int:
        """Write the documents that changes since a moment touch; return how many.

        ``since``: naive UTC, none for everything; ``days``: restrict to some days.
        """
        version = next_token()
        years: defaultdict[int, Touched] = defaultdict(dict)
        for basis, scopes in self.touched(since).items():
            for scope, some in scopes.items():
                for day in some:
                    if days is None or days(day):
                        wanted = years[day_date(day).year].setdefault(basis, {})
                        wanted.setdefault(scope, set()).add(day)
        return sum(self._write(years[year], version) for year in sorted(years))

    def rebuild(self, days: set[int], scopes: set[str] | None = None) -> int:
        """Write all documents of these days anew, whatever changed; return how many.

        What is stored but should not be there becomes empty. ``scopes``: write only theirs.
        """
        version = next_token()
        touched = self._stored(list(day_queries(("period_start",), days)))
        for work in self.works.of(parents_moving_on(days)):
            touch_all(touched, work)
        wanted: Touched = {
            basis: {
                scope: some & days
                for scope, some in found.items()
                if scopes is None or scope in scopes
            }
            for basis, found in touched.items()
        }
        return self._write(wanted, version)

    @without_collector()
    def touched(self, since: datetime | None) -> Touched:
        """Return which documents the entries projected since a moment may change.

        Of all entries, these are also the stored ones: a run that was killed before it set a
        bookmark may have written days on which nothing moves any more.
        """
        with db.engine.connect() as connection:
            changed = works_since(connection, since)
        touched = self._stored([{"match_all": {}}] if since is None else [])
        for product in self.products:
            _add(touched[product.basis], self.work.boundary.places(product.name))
        for work in self.works.of(changed):
            if since is None:
                touch_all(touched, work)
            else:
                touch(touched, work, changed[work.parent])
        return touched

    def _stored(self, queries: list[dict[str, Any]]) -> Touched:
        """Return the documents that queries find."""
        touched: Touched = {}
        for product in self.products:
            touched[product.basis] = _add({}, stored(product, queries))
        return touched

    @without_collector()
    def _write(self, touched: Touched, version: int) -> int:
        """Compute and write one year's documents."""
        groups = self._group(touched)
        count = 0
        for product in self.products:
            moved = groups.get(product.basis, {})
            days = touched.get(product.basis, {})
            still = ((scope, day) for scope, some in days.items() for day in some)
            empty = existing(product, ((s, day_date(d)) for s, d in still if (s, d) not in moved))
            deltas = [(scope, day_date(day), moved[scope, day]) for scope, day in sorted(moved)]
            deltas += [(scope, day, RecordDelta()) for scope, day in sorted(empty)]
            count += self.work.writer.rows(product, self._rows(deltas), version)
            self.work.rest()
        return count

    def _rows(self, deltas: list[tuple[str, date, RecordDelta]]) -> Iterator[Row]:
        """Yield the fields of documents."""
        texts = self.documents.records
        texts.prefetch(delta.flows for _, _, delta in deltas)
        for scope, day, delta in deltas:
            yield scope, day, texts.stored_delta(delta)

    def _group(self, touched: Touched) -> dict[str, Groups]:
        """Return what moved in each touched scope and day, for each basis."""
        groups = {basis: defaultdict(RecordDelta) for basis in touched}
        for work in self.works.of(moving(touched)):
            for basis, scopes in touched.items():
                for scope in work.scopes & scopes.keys():
                    _count(groups[basis], work.days(scope, basis), scope, scopes[scope])
        return groups


def _count(groups: Groups, changes: dict[int, list[Change]], scope: str, days: set[int]) -> None:
    """Add a work's changes in a scope on some days."""
    for day in changes.keys() & days:
        for change in changes[day]:
            groups[scope, day].move(change)


def _add(found: Days, places: Iterable[Place]) -> Days:
    """Add places to the days of scopes, and return these."""
    for scope, day in places:
        found.setdefault(scope, set()).add(day)
    return found


def stored(product: Product, queries: Iterable[dict[str, Any]]) -> Iterator[Place]:
    """Yield scopes and days of the documents of a product that queries find."""
    fields = [{"field": "period_start", "format": "epoch_second"}, "community_id"]
    for query in queries:
        for hit in scroll(product.target, query, _source=False, docvalue_fields=fields):
            (scope,), (moment,) = hit["fields"]["community_id"], hit["fields"]["period_start"]
            yield scope, int(moment) // DAY
