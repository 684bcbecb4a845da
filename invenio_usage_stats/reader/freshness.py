# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""How fresh and how complete numbers are."""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from invenio_db import db

from ..aggregations.models import RunFailure
from ..aggregations.running import bookmarks
from ..indices import RECORD_DELTAS, SHEETS, USAGE_DELTA, Product, find_all
from ..ledger.history import GLOBAL, day_date
from ..ledger.models import LedgerEntry
from ..proxies import current_usage_stats
from .holdings import FLOWS
from .periods import Period
from .states import first_day_body, first_day_of

NAMES = [product.name for product in (*RECORD_DELTAS, USAGE_DELTA)]
KEPT_SECONDS = 600
GUESSED = ("request", "created")
"""How times of entries are known that lie before the ledger's own time."""


@dataclass(frozen=True)
class Freshness:
    """Say what numbers know.

    ``as_of``: up to which moment everything that was indexed is counted; ``first_day``: the
    scope's first day with a number; ``recorded_from``: the repository's first day with usage;
    ``incomplete_from``: the first day of the period that is not counted wholly;
    ``estimated_before``: before which day memberships are what the database tells today.
    """

    as_of: datetime | None
    first_day: date | None
    recorded_from: date | None
    incomplete_from: date | None = None
    estimated_before: date | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        days = ("first_day", "incomplete_from", "estimated_before")
        found = {name: getattr(self, name) for name in days}
        moment = self.as_of and self.as_of.replace(microsecond=0).isoformat()
        return {"as_of": moment, **{name: day and day.isoformat() for name, day in found.items()}}


def as_of() -> datetime | None:
    """Return up to which moment everything that was indexed is counted."""
    marks = bookmarks.read(NAMES)
    return min(marks.values()) if len(marks) == len(NAMES) else None


def first_days(scope: str, products: tuple[Product, ...]) -> list[date | None]:
    """Return the first day of a scope in some products, and of the repository's usage."""
    wanted = [(product, scope) for product in products] + [(SHEETS, GLOBAL)]
    answers = find_all((p.target, first_day_body(p, s, _beginning(p))) for p, s in wanted)
    return [first_day_of(p, answer) for (p, _), answer in zip(wanted, answers, strict=True)]


def first_of(event: str) -> date | None:
    """Return the first day on which a kind of event was counted for the repository."""
    fields = [current_usage_stats.catalog.counter(event, "events").path]
    (answer,) = find_all([(SHEETS.target, first_day_body(SHEETS, GLOBAL, fields))])
    return first_day_of(SHEETS, answer)


def _beginning(product: Product) -> list[str]:
    """Return the mapped fields that a day of a product has when something begins to count."""
    if product != SHEETS:
        return [FLOWS["records"][0]]
    catalog = current_usage_stats.catalog
    return [catalog.counter(event, "events").path for event in catalog.events]


class LedgerBegin:
    """Know the day on which the ledger began to see what happens; asked for now and then."""

    def __init__(self) -> None:
        self._asked: float | None = None
        self._day: date | None = None

    def __call__(self) -> date | None:
        """Return the day before which the ledger tells what it has not seen; none if nowhere."""
        now = time.monotonic()
        if self._day is None and (self._asked is None or now - self._asked > KEPT_SECONDS):
            self._asked, self._day = now, self._read()
        return self._day

    def forget(self) -> None:
        """Ask again at the next time."""
        self._asked = self._day = None

    @staticmethod
    def _read() -> date | None:
        """Return when the first entry was recorded whose time had to be guessed."""
        table = LedgerEntry.__table__.c
        guessed = table.date_source.in_(GUESSED)
        query = sa.select(table.recorded_at).where(guessed).order_by(table.id).limit(1)
        with db.engine.connect() as connection:
            moment = connection.execute(query).scalar()
        return moment.date() if moment else None


estimated_before = LedgerBegin()


def first_failure(scope: str, period: Period) -> date | None:
    """Return the first day of a period that could not be counted."""
    table = RunFailure.__table__.c
    days = sorted(_failed_days(table, scope))
    return next((day for day in days if period.since <= day <= period.until), None)


def _failed_days(table: Any, scope: str) -> list[date]:
    """Return the days that wait for another attempt."""
    query = sa.select(table.day).where(table.scope.in_(["", scope]))
    with db.engine.connect() as connection:
        return [day_date(day) for day in connection.execute(query).scalars()]


def incomplete_from(scope: str, period: Period, moment: datetime | None) -> date | None:
    """Return the first day of a period that is not counted wholly."""
    if moment is None:
        return period.since
    cut = moment.astimezone(UTC).date()
    open_day = max(cut, period.since) if cut <= period.until else None
    failed = first_failure(scope, period)
    return min((day for day in (open_day, failed) if day), default=None)
