# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The passes over given days, outside of runs.

They need no run's lease: what is read later carries a greater token and wins. So a backfill
and the regular runs may write at the same time.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from flask import current_app

from ..aggregations.base import Work, new_work
from ..aggregations.days import ranges
from ..aggregations.kinds import stored_kinds
from ..aggregations.records.daily import RecordsPass
from ..aggregations.running import leases
from ..aggregations.running.journal import Outcome, note
from ..aggregations.snapshots.monthly import SnapshotsPass
from ..aggregations.usage.daily import UsagePass
from ..bulk import explained
from ..indices import (
    PRODUCTS,
    RECORD_DELTAS,
    USAGE_DELTA,
    USAGE_SNAPSHOT,
    Product,
)
from ..ledger.history import day_number
from ..ledger.models import utc_now
from ..ledger.projection import drain
from ..reader.periods import Period
from ..readiness import require_setup
from .counts import buckets, events_by_day, remember, within

SLICE = timedelta(days=7)
"""After so many days a backfill rests."""
AGAIN = "count again"
SNAPSHOTS = {product.name: product for product in PRODUCTS if product.kind == "snapshot"}


@contextmanager
def working(name: str) -> Iterator[Work | None]:
    """Yield what a pass needs while nobody else does the work of this name, else none.

    Raises ``SearchEngineError`` when the search engine cannot be used.
    """
    with explained(), leases.hold(name) as lease:
        share = float(current_app.config["USAGE_STATS_THROTTLE"])
        yield None if lease is None else new_work(lease, share, all_due=True)


def write_records(work: Work, period: Period, scope: str | None = None) -> int:
    """Write the record deltas of a period anew; return how many documents."""
    days = set(range(day_number(period.since), day_number(period.until) + 1))
    count = RecordsPass(work, RECORD_DELTAS).rebuild(days, _only(scope))
    for product in RECORD_DELTAS:
        work.boundary.done(product.name, days)
    work.boundary.settle(days.__contains__, scope)
    return count


def write_usage(work: Work, period: Period, scope: str | None = None) -> int:
    """Write the usage deltas of a period anew, resting in between; return how many documents.

    What then still differs from the events is remembered, unless only one scope was written.
    """
    count = 0
    usage = GivenDays(work)
    for part in slices(period):
        events = events_by_day(part)
        count += usage.write(part, scope)
        if scope is None:
            remember(part, events)
        work.lease.check()
        work.rest()
    first, last = day_number(period.since), day_number(period.until)
    work.boundary.settle(lambda day: first <= day <= last, scope)
    return count


class GivenDays(UsagePass):
    """Write given days, whatever changed on them, with the events that are left."""

    keeps = False
    period: Period

    def write(self, period: Period, scope: str | None = None) -> int:
        """Write the days of a period that have events or documents; return how many documents."""
        self.period = period
        first, last = day_number(period.since), day_number(period.until)
        only = {} if scope is None else {"scopes": {scope}}
        return self.run(None, lambda day: first <= day <= last, **only)

    def changed_days(self, since: datetime | None, records: dict[str, datetime]) -> set[int]:
        """Return the days of the period that have events or documents."""
        places = [(index, "timestamp") for index in stored_kinds().values()]
        places.append((USAGE_DELTA.target, "period_start"))
        return {
            day_number(day)
            for index, field in places
            for day, _ in buckets(index, within(field, self.period), field)
        }


def write_snapshots(work: Work, product: Product, since: datetime) -> int:
    """Fold the deltas written since a moment (naive UTC) into snapshots; return how many."""
    count = SnapshotsPass(work, (product,)).run(since)
    work.boundary.settle()
    return count


def _only(scope: str | None) -> set[str] | None:
    """Return the scopes that are to be written; none for all."""
    return None if scope is None else {scope}


def slices(period: Period) -> Iterator[Period]:
    """Yield the parts of a period between which a backfill rests."""
    since = period.since
    while since <= period.until:
        end = min(since + SLICE - timedelta(days=1), period.until)
        yield Period(since, end)
        since = end + timedelta(days=1)


def count_again(days: Iterable[int]) -> int | None:
    """Write these days' usage anew and fold it into snapshots; return how many documents.

    None when somebody else is counting days again.
    """
    require_setup()
    began, clock = utc_now(), time.monotonic()
    drain()
    count = 0
    with working(AGAIN) as work:
        if work is None:
            return None
        for first, end in ranges(days):
            count += write_usage(work, Period(first, end - timedelta(days=1)))
        if count:
            count += write_snapshots(work, USAGE_SNAPSHOT, began)
        note_work(AGAIN, work, count, began, time.monotonic() - clock)
    return count


def note_work(name: str, work: Work, documents: int, began: datetime, seconds: float) -> None:
    """Note in the journal what was done."""
    sent = (work.events, work.writer.bytes, work.writer.requests)
    note(Outcome(name, documents, round(seconds, 3), began, *sent, *work.verdict()))
