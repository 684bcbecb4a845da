# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Backfill and rebuild: jobs of many months, each done by one worker at a time.

Usage is written newest month first: each day stands for itself, and readers ask for recent
days. Records come before it, oldest first, and are few. Snapshots come last, once, because each
is folded from the one before: until then readers fold the deltas that are there.

The plan is stored before the first part is begun, and a part is marked when it is done. So a
job that was killed goes on where it was when the same command is given again.
"""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from invenio_db import db

from ..aggregations.base import Work
from ..aggregations.running import bookmarks
from ..aggregations.running.failures import failures
from ..aggregations.running.leases import holders
from ..indices import PRODUCTS, RECORD_DELTAS, USAGE_DELTA
from ..ledger.history import day_date, day_number
from ..ledger.models import utc_now
from ..ledger.projection import drain
from ..proxies import current_usage_stats
from ..reader.periods import Period
from ..readiness import require_setup
from .models import BackfillMonth
from .passes import (
    SNAPSHOTS,
    note_work,
    working,
    write_records,
    write_snapshots,
    write_usage,
)
from .plan import BACKFILL, Job, Part, parts_of

PARTS = BackfillMonth.__table__
RECORDS = "records"
STEPS = (RECORDS, "usage", "snapshots")
LAST_STEP = STEPS[-1]
AGGREGATORS = {
    RECORDS: [product.name for product in RECORD_DELTAS],
    "usage": [USAGE_DELTA.name],
}
"""Whose documents each step writes; snapshots have a part for each aggregator."""
PART = "part "
"""The beginning of the names of parts' leases."""


class Progress(NamedTuple):
    """Say how far a job is: parts and what they read (events and ledger entries)."""

    parts: int
    done: int
    weight: int
    weight_done: int
    documents: int

    @property
    def is_done(self) -> bool:
        """Tell whether nothing is left."""
        return self.parts == self.done


class Planned(NamedTuple):
    """Be a job that was begun, with how far it is."""

    name: str
    planned: datetime
    """When its parts were laid out, naive UTC."""
    progress: Progress


DONE = PARTS.c.done.is_not(None)
WEIGHT = sa.func.greatest(PARTS.c.events, 1)
COUNTS = (
    sa.func.count(),
    sa.func.count().filter(DONE),
    sa.func.coalesce(sa.func.sum(WEIGHT), 0),
    sa.func.coalesce(sa.func.sum(WEIGHT).filter(DONE), 0),
    sa.func.coalesce(sa.func.sum(PARTS.c.documents), 0),
)
"""The numbers of a progress."""


def begin(job: Job, anew: bool = False) -> Progress:
    """Store the plan of a job unless it is there, unfinished, and return how far it is.

    A job that covers everything also sets the bookmarks that are missing: from here on regular
    runs see what is new, and the plan has the rest. ``anew``: make a plan in any case.

    Raises ``SetupError``.
    """
    require_setup()
    drain()
    left = progress(job.name)
    if left.parts and not (left.is_done or anew or _was_cancelled(job.name)):
        return left
    # Runs look back from their bookmark. What has just been projected is left to the plan.
    moment = datetime.now(UTC) + bookmarks.OVERLAP
    marks = bookmarks.read(product.name for product in PRODUCTS)
    store(job, parts_of(job, marks.keys(), record_months_left(job.name)))
    missing = [product.name for product in PRODUCTS if product.name not in marks]
    if job.only_missing and missing:
        bookmarks.create()
        bookmarks.write(missing, moment)
    return progress(job.name)


def store(job: Job, parts: list[Part]) -> None:
    """Replace a job's rows."""
    planned = utc_now()
    rows = [
        {
            "job": job.name,
            "step": part.step,
            "part": part.name,
            "since": part.period.since,
            "until": part.period.until,
            "scope": job.scope,
            "planned": planned,
            "events": part.weight,
        }
        for part in parts
    ]
    with db.engine.begin() as connection:
        connection.execute(sa.delete(PARTS).where(PARTS.c.job == job.name))
        if rows:
            connection.execute(sa.insert(PARTS), rows)


def progress(job: str) -> Progress:
    """Return how far a job is."""
    with db.engine.connect() as connection:
        row = connection.execute(sa.select(*COUNTS).where(PARTS.c.job == job)).one()
    return Progress(*map(int, row))


def jobs() -> list[Planned]:
    """Return all jobs that were ever begun, the last one first."""
    planned = sa.func.max(PARTS.c.planned).label("planned")
    query = sa.select(PARTS.c.job, planned, *COUNTS).group_by(PARTS.c.job)
    with db.engine.connect() as connection:
        rows = connection.execute(query.order_by(planned.desc())).all()
    return [Planned(row[0], row[1], Progress(*map(int, row[2:]))) for row in rows]


def cancel(job: str) -> int:
    """Forget the parts of a job that nobody has done yet; return how many.

    What is at work is finished, and what is written stays: regular runs fold it. A backfill's
    months of records stay in the plan: it has set their bookmarks, so nothing else finds them.
    """
    undone = sa.delete(PARTS).where(PARTS.c.job == job, ~DONE)
    if job == BACKFILL:
        undone = undone.where(PARTS.c.step != RECORDS)
    with db.engine.begin() as connection:
        return connection.execute(undone).rowcount


def _was_cancelled(job: str) -> bool:
    """Tell whether a job has only what was kept of it: each plan ends with snapshots."""
    last = sa.select(sa.func.count()).where(PARTS.c.job == job, PARTS.c.step == LAST_STEP)
    with db.engine.connect() as connection:
        return not connection.execute(last).scalar_one()


def record_months_left(job: str) -> set[date]:
    """Return the first days of the months of records that a job has not done."""
    query = sa.select(PARTS.c.since).where(PARTS.c.job == job, PARTS.c.step == RECORDS, ~DONE)
    with db.engine.connect() as connection:
        return {day.replace(day=1) for day in connection.execute(query).scalars()}


def open_parts(job: str) -> list[int]:
    """Return the ids of the parts that can be done now, in their order.

    Snapshots wait until everything else is done.
    """
    query = sa.select(PARTS).where(PARTS.c.job == job, PARTS.c.done.is_(None))
    with db.engine.connect() as connection:
        rows = connection.execute(query).all()
    early = [row for row in rows if row.step != LAST_STEP]
    return [row.id for row in sorted(early or rows, key=_order)]


def _order(row: sa.Row) -> tuple[int, int, str]:
    """Return the place of a part: records oldest first, usage newest first."""
    number = day_number(row.since)
    return STEPS.index(row.step), -number if row.step == "usage" else number, row.part


def unfinished() -> dict[str, int]:
    """Return how many parts are left, by job."""
    query = sa.select(PARTS.c.job, sa.func.count()).where(PARTS.c.done.is_(None))
    with db.engine.connect() as connection:
        rows = connection.execute(query.group_by(PARTS.c.job)).all()
    return {row[0]: row[1] for row in rows}


def stalled() -> list[str]:
    """Return the jobs that nobody works at, although something is left of them."""
    return [] if is_at_work() else list(unfinished())


def is_at_work() -> bool:
    """Tell whether anybody is doing a part of any job."""
    return any(holder["name"].startswith(PART) for holder in holders())


def failed(job: str) -> list[dict[str, Any]]:
    """Return what failed of the days and scopes that a job was about."""
    with db.engine.connect() as connection:
        parts = connection.execute(sa.select(PARTS).where(PARTS.c.job == job)).all()
    return [row for row in failures() if any(_covers(part, row) for part in parts)]


def _covers(part: sa.Row, failure: dict[str, Any]) -> bool:
    """Tell whether a failure is of what a part writes; snapshots are not bound to its days."""
    if part.step == LAST_STEP:
        return failure["aggregator"] == part.part
    return (
        failure["aggregator"] in AGGREGATORS[part.step]
        and part.since <= day_date(failure["day"]) <= part.until
        and (part.scope is None or failure["scope"] in ("", part.scope))
    )


def do_part(id_: int) -> bool:
    """Do one part, unless it is done; return whether it is done now (nobody else has it)."""
    with working(f"{PART}{id_}") as work:
        if work is None:
            return False
        with db.engine.connect() as connection:
            row = connection.execute(sa.select(PARTS).where(PARTS.c.id == id_)).one_or_none()
        if row is None or row.done is not None:
            return True
        began, started = utc_now(), time.monotonic()
        documents = _write(work, row)
        seconds = round(time.monotonic() - started, 3)
        note_work(f"{row.job.split()[0]} {row.step}", work, documents, began, seconds)
        values = {"documents": documents, "seconds": seconds, "done": utc_now()}
        with db.engine.begin() as connection:
            connection.execute(sa.update(PARTS).where(PARTS.c.id == id_).values(values))
    return True


def _write(work: Work, row: sa.Row) -> int:
    """Write the documents of a part; return how many. A rebuild reads records afresh."""
    period = Period(row.since, row.until)
    if row.job != BACKFILL:
        current_usage_stats.timelines.clear()
    if row.step == "records":
        return write_records(work, period, row.scope)
    if row.step == "snapshots":
        return write_snapshots(work, SNAPSHOTS[row.part], row.planned)
    return write_usage(work, period, row.scope)


def do_all(job: str) -> Iterator[Progress]:
    """Do every part that nobody else is doing; yield how far the job is after each."""
    passed: set[int] = set()
    while ids := [id_ for id_ in open_parts(job) if id_ not in passed]:
        if not do_part(ids[0]):
            passed.add(ids[0])
        yield progress(job)
