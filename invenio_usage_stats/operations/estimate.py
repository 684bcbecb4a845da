# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Estimates: how long a backfill or rebuild will take, and how much space it will need."""

import time
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app
from invenio_db import db

from ..aggregations.base import Work, new_work
from ..aggregations.kinds import counting, stored_events
from ..aggregations.models import RunStep
from ..aggregations.records.daily import RecordsPass
from ..aggregations.running import bookmarks
from ..aggregations.running.leases import Lease
from ..aggregations.writer import Writer
from ..bulk import Document
from ..indices import PRODUCTS, RECORD_DELTAS
from ..ledger.history import day_number
from ..reader.periods import Period
from ..readiness import require_setup
from .backfill import record_months_left
from .counts import buckets, within
from .passes import GivenDays
from .plan import Job, Part, parts_of

STEPS = RunStep.__table__
USAGE_STEP = "usage delta"
ENOUGH = 1_000
"""So many events tell how fast a run was."""
ON_DISK = 0.08
"""The share of a document's JSON that it takes on disk, at most."""


class Estimate(NamedTuple):
    """Say how much there is to do: parts, events, seconds of work, bytes on disk.

    ``source``: where time and size come from, and what they leave out.
    """

    months: int
    events: int
    seconds: float
    size: int
    source: str


class Cost(NamedTuple):
    """Be the time that a step works, the bytes that it leaves on disk, and how that is known."""

    seconds: float
    size: float
    source: str


def estimate(job: Job) -> Estimate:
    """Return what a job would cost one worker, resting included; nothing is written.

    Raises ``SetupError``.
    """
    require_setup()
    marks = bookmarks.read(product.name for product in PRODUCTS)
    parts = parts_of(job, marks.keys(), record_months_left(job.name))
    records, usage = (
        [part for part in parts if part.step == step and part.weight]
        for step in ("records", "usage")
    )
    costs = [_of_records(records, job.scope)] if records else []
    costs += [_of_usage(usage, job.scope)] if usage else []
    size = int(sum(cost.size for cost in costs))
    sources = [cost.source for cost in costs] or ["there are no events"]
    if costs:
        sources.append("without snapshots, which are folded from the rest")
    events = sum(part.weight for part in usage)
    return Estimate(len(parts), events, sum(c.seconds for c in costs), size, "; ".join(sources))


def _of_records(parts: list[Part], scope: str | None) -> Cost:
    """Return what records cost, by the newest month that has any."""
    newest = max(parts, key=lambda part: part.period.since)
    first, last = map(day_number, newest.period.bounds)
    scopes = None if scope is None else {scope}
    seconds, size = _sample(
        lambda work: RecordsPass(work, RECORD_DELTAS).rebuild(set(range(first, last + 1)), scopes)
    )
    ratio = sum(part.weight for part in parts) / newest.weight
    return Cost(seconds * ratio, size * ratio, f"records of {newest.name} as a sample")


def _of_usage(parts: list[Part], scope: str | None) -> Cost:
    """Return what usage costs: by past runs, which write all scopes, else by a sample."""
    events = sum(part.weight for part in parts)
    rate = _of_runs() if scope is None else None
    counted, (seconds, size, source) = rate or _of_day(parts, scope)
    ratio = events / counted
    share = float(current_app.config["USAGE_STATS_THROTTLE"])
    return Cost(seconds * ratio / share, size * ratio, source)


def _of_runs() -> tuple[int, Cost] | None:
    """Return the events and the cost of past runs; none when they have counted too little."""
    query = sa.select(
        sa.func.sum(STEPS.c.events), sa.func.sum(STEPS.c.seconds), sa.func.sum(STEPS.c.bytes)
    ).where(STEPS.c.name == USAGE_STEP, STEPS.c.outcome == "ok")
    with db.engine.connect() as connection:
        events, seconds, size = connection.execute(query).one()
    if not events or events < ENOUGH or not seconds:
        return None
    return int(events), Cost(seconds, float(size) * ON_DISK, "past runs")


def _of_day(parts: list[Part], scope: str | None) -> tuple[int, Cost]:
    """Return the events and the cost of the busiest day of the newest month that has any."""
    day, events = _busiest(max(parts, key=lambda part: part.period.since).period)
    seconds, size = _sample(lambda work: GivenDays(work).write(Period(day, day), scope))
    return events, Cost(seconds, size, f"{day} as a sample")


def _busiest(period: Period) -> tuple[date, int]:
    """Return the day with most events, and how many."""
    found = buckets(stored_events(), counting(within("timestamp", period)))
    return max(((day, bucket["doc_count"]) for day, bucket in found), key=lambda pair: pair[1])


def _sample(write: Callable[[Work], object]) -> tuple[float, float]:
    """Return the seconds that something takes without being written, and its bytes on disk."""
    lease = Lease("estimate")
    work = new_work(lease)
    work.writer = sink = Sink(work.boundary, lease)
    started = time.perf_counter()
    write(work)
    return time.perf_counter() - started, sink.bytes * ON_DISK


class Sink(Writer):
    """Take documents as any writer does, count their bytes, and write nothing."""

    def send(self, documents: Iterable[Document], version: int, aggregator: str) -> int:
        """Count documents."""
        before = self.documents
        for document in documents:
            self.documents += 1
            self.bytes += len(document.body)
        return self.documents - before
