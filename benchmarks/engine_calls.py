# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What is called of the package's engine: the only module that knows its passes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from invenio_usage_stats.aggregations.base import Work
from invenio_usage_stats.aggregations.documents import current_documents
from invenio_usage_stats.aggregations.records.daily import RecordsPass
from invenio_usage_stats.aggregations.running import bookmarks, leases
from invenio_usage_stats.aggregations.running.failures import Boundary
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.aggregations.snapshots.monthly import SnapshotsPass
from invenio_usage_stats.aggregations.usage.daily import UsagePass
from invenio_usage_stats.aggregations.usage.timelines import Timelines
from invenio_usage_stats.aggregations.writer import Writer
from invenio_usage_stats.indices import RECORD_DELTAS, RECORD_SNAPSHOTS, USAGE_SNAPSHOT
from invenio_usage_stats.ledger.history import day_number
from invenio_usage_stats.proxies import current_usage_stats


class Engine:
    """Run passes as runs do; what the process has learned of records it keeps."""

    def __init__(self, lease: leases.Lease) -> None:
        self._lease = lease

    def _work(self) -> Work:
        """Return what the passes of a run share."""
        boundary = Boundary()
        return Work(current_documents(), Writer(boundary, self._lease), boundary, self._lease)

    def usage(
        self, days: Iterable[date], since: datetime | None = None, sheets: bool = True
    ) -> int:
        """Aggregate the usage of days that changed since a moment; return how many documents."""
        wanted = {day_number(day) for day in days}
        return UsagePass(self._work(), sheets).run(since, days=wanted.__contains__)

    def fold(self) -> int:
        """Write snapshots and sheets of all months and years; return how many documents."""
        return SnapshotsPass(self._work(), (USAGE_SNAPSHOT,)).run(None)

    def records(self, since: datetime | None) -> int:
        """Write record deltas and snapshots after changes; return how many documents."""
        count = RecordsPass(self._work(), RECORD_DELTAS).run(since)
        return count + SnapshotsPass(self._work(), RECORD_SNAPSHOTS).run(since)


@contextmanager
def engine() -> Iterator[Engine]:
    """Hold a lease of our own and give an engine."""
    with leases.hold(f"measuring {id(object())}") as lease:
        yield Engine(lease)


def next_token() -> int:
    """Return a version later than those of all documents."""
    return leases.next_token()


def forget() -> None:
    """Forget what this process knows of records."""
    current_usage_stats.timelines.clear()


def load_facts(recids: Iterable[str]) -> None:
    """Load the facts of records as a worker does that knows none."""
    Timelines(current_usage_stats.catalog).load(recids)


def full_run() -> int:
    """Make an ordinary run of everything; return how many documents it wrote."""
    return sum(outcome.documents for outcome in aggregate())


@contextmanager
def without_overlap() -> Iterator[None]:
    """Let runs look back to their bookmark only, as if the last one was long ago."""
    usual = bookmarks.OVERLAP
    bookmarks.OVERLAP = timedelta(0)
    try:
        yield
    finally:
        bookmarks.OVERLAP = usual
