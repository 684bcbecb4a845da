# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The pass of the policy ``daily``: a delta and a snapshot for every day, active or not.

Both are dense from each scope's first day up to yesterday: days without activity get empty
deltas, and snapshots are carried forward from the last one that is up to date. Today's are there
when there was activity. On the basis of publication days are dense from the repository's first
day on: a book of 1850 must not make a hundred thousand documents.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask import current_app

from ...indices import RECORD_DELTAS, Product
from ...ledger.history import day_date, day_number
from ..base import Work
from ..records.states import RecordDelta
from ..running.failures import Place, failures
from ..running.leases import next_token
from ..sheets.sheet import Usage
from ..sheets.spans import BEGINNING
from .carrying import Carrying, Starts
from .coverage import Stored, coverage, first_of_all, missing_days
from .monthly import delta_of

SCOPES = 200
"""How many scopes are looked at together,"""
DAYS = 20_000
"""unless more days than this are to be written."""


def is_daily() -> bool:
    """Tell whether every day is to have documents."""
    return current_app.config["USAGE_STATS_SNAPSHOT_POLICY"] == "daily"


def daily_name(product: Product) -> str:
    """Return under which name this pass keeps a product's bookmark and failures."""
    return f"{product.name.removesuffix('-agg')}-daily-agg"


class DensePass:
    """Write what some products of snapshots, and their deltas, lack for every day."""

    def __init__(self, work: Work, products: tuple[Product, ...]) -> None:
        self.work = work
        self.pairs = {product: delta_of(product) for product in products}

    def run(self, since: datetime | None, today: date | None = None) -> int:
        """Write what is missing, and snapshots after deltas written since a moment.

        ``since``: naive UTC, none for all days. Returns how many documents were written.
        """
        today = today or datetime.now(UTC).date()
        token = next_token()
        floors = self._floors()
        found = coverage(self.pairs, floors, since, today)
        count = 0
        for product, stored in found.items():
            floor = floors.get(product, BEGINNING)
            begins = {scope: max(floor, days.begin) for scope, days in stored.deltas.items()}
            daily = _Daily(self.work, product, begins, today)
            count += daily.fill(stored.deltas)
            starts = daily.starts(stored.snapshots, stored.changed) if since else begins
            count += daily.write(starts, token)
        return count

    def _floors(self) -> dict[Product, date]:
        """Return the first dense day of products whose documents may be much older."""
        products = [product for product in self.pairs if product.basis == "published"]
        created = next(delta for delta in RECORD_DELTAS if delta.basis == "created")
        first = first_of_all(created) if products else None
        return dict.fromkeys(products, first) if first else {}


@dataclass
class _Daily:
    """Write the daily documents of one product; ``begins``: each scope's first day."""

    work: Work
    product: Product
    begins: Starts
    today: date

    def __post_init__(self) -> None:
        self.delta = delta_of(self.product)
        self.name = daily_name(self.product)

    def fill(self, stored: dict[str, Stored]) -> int:
        """Write empty deltas for the days without; return how many.

        What somebody has counted meanwhile stays. Their time is the end of their day, so that no
        pass takes them for a change.
        """
        empty = self._empty()
        missing = missing_days(self.delta, stored, self.begins, self.today)
        days = ((s, date.fromordinal(day)) for s, some in missing.items() for day in some)
        rows = ((s, day, {**empty, "timestamp": f"{day}T23:59:59"}) for s, day in days)
        return self.work.writer.rows(self.delta, rows, None, self.name)

    def _empty(self) -> dict[str, Any]:
        """Return the fields of a delta of a day without activity."""
        documents = self.work.documents
        if self.product.family == "usage":
            return documents.usage_delta(Usage(documents.columns))
        return documents.records.stored_delta(RecordDelta())

    def starts(self, stored: dict[str, Stored], changed: Starts) -> Starts:
        """Return from which day on snapshots are missing, outdated, or failed before."""
        found = dict(changed)
        for scope, days in missing_days(self.product, stored, self.begins, self.today).items():
            found[scope] = min(found.get(scope, date.max), date.fromordinal(days[0]))
        for scope, day in self.work.boundary.places(self.name) | self._waiting():
            found[scope] = min(found.get(scope, date.max), day_date(day))
        begins = self.begins
        return {scope: max(day, begins[scope]) for scope, day in found.items() if scope in begins}

    def _waiting(self) -> set[Place]:
        """Return the months of scopes that could not be closed, to be looked at again, too."""
        rows = [row for row in failures() if row["aggregator"] == self.product.name]
        places = {(row["scope"], row["day"]) for row in rows if row["scope"]}
        reasons = dict.fromkeys(places, "the snapshot or sheet of a month failed")
        self.work.boundary.report_all(self.name, reasons)
        return places

    def write(self, starts: Starts, token: int) -> int:
        """Write the snapshots of scopes from a day on; return how many."""
        carrying = Carrying(self.work.documents, self.product, self.today, self._around)
        return sum(
            self.work.writer.rows(self.product, carrying.rows(lot), token, self.name)
            for lot in _lots(starts, self.today)
        )

    def _around(self, scope: str, day: date) -> AbstractContextManager:
        """Return the boundary of one scope from a day on."""
        return self.work.boundary.around(self.name, day=day_number(day), scope=scope)


def _lots(starts: Starts, today: date) -> Iterator[Starts]:
    """Yield scopes in lots that are not too large."""
    lot: Starts = {}
    size = 0
    for scope, start in starts.items():
        days = (today - start).days
        if lot and (len(lot) == SCOPES or size + days > DAYS):
            yield lot
            lot, size = {}, 0
        lot[scope] = start
        size += days
    if lot:
        yield lot
