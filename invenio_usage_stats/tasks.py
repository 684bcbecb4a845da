# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Celery tasks."""

from celery import Task, shared_task
from sqlalchemy.exc import OperationalError

from .aggregations import runs
from .errors import LeaseLostError, SearchEngineError
from .exchange.visits.events import store_waiting
from .operations import backfill
from .operations.nightly import nightly
from .operations.plan import asked_job, backfill_job

RETRIES = 5
PAUSE = 60
"""Seconds until a part is tried again: servers are back, the lease of a dead worker expires."""
PASSING = (LeaseLostError, OperationalError, SearchEngineError)
"""Errors for which a part is tried again."""


@shared_task(ignore_result=True)
def refresh() -> None:
    """Bring the open day up to date."""
    runs.refresh()


@shared_task(ignore_result=True)
def aggregate() -> None:
    """Bring all products up to date, and see to backfills that nobody works at.

    A worker that was killed has taken its part from the queue. Acknowledging parts only at their
    end would not do: queues take back what is not acknowledged within half an hour.
    """
    runs.aggregate()
    for job in backfill.stalled():
        go_on(job)


@shared_task(ignore_result=True)
def visits() -> None:
    """Store the visits to landing pages of communities that wait."""
    store_waiting()


@shared_task(ignore_result=True)
def reconcile() -> None:
    """Compare ledger and counts with the repository, repair both, and remove what is outdated."""
    nightly()


@shared_task(
    ignore_result=True,
    bind=True,
    max_retries=RETRIES,
    default_retry_delay=PAUSE,
    autoretry_for=PASSING,
)
def backfill_part(self: Task, part: int, job: str) -> None:
    """Do one part of a backfill; whoever does the last month sends the snapshots."""
    waiting = set(backfill.open_parts(job))
    if not backfill.do_part(part):
        raise self.retry()
    for following in set(backfill.open_parts(job)) - waiting:
        backfill_part.delay(following, job)


@shared_task(ignore_result=True)
def begin_backfill() -> None:
    """Aggregate everything that is not there yet: lay the work out, and send its parts."""
    job = backfill_job()
    backfill.begin(job)
    go_on(job.name)


@shared_task(ignore_result=True)
def rebuild(since: str, until: str | None = None, scope: str | None = None) -> None:
    """Write the documents of given days anew: lay the work out, and send its parts."""
    job = asked_job(since, until, scope)
    backfill.begin(job)
    go_on(job.name)


@shared_task(ignore_result=True)
def go_on(job: str) -> None:
    """Send what is left of a backfill or rebuild to the workers."""
    for part in backfill.open_parts(job):
        backfill_part.delay(part, job)
