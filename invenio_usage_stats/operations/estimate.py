# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Estimates: how long a backfill or rebuild will take, and how much space it will need."""

import time
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app
from invenio_db import db

from ..aggregations.base import new_work
from ..aggregations.models import RunStep
from ..aggregations.running import bookmarks
from ..aggregations.running.leases import Lease
from ..aggregations.writer import Writer
from ..bulk import Document
from ..indices import PRODUCTS, USAGE_EVENTS, full_name
from ..reader.periods import Period
from ..readiness import require_setup
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

    ``source``: where rate and size come from.
    """

    months: int
    events: int
    seconds: float
    size: int
    source: str


class Rate(NamedTuple):
    """Be how fast events are counted (per second), and how many bytes on disk an event costs."""

    events: float
    size: float
    source: str


def estimate(job: Job) -> Estimate:
    """Return what a job would cost one worker, resting included; nothing is written.

    Raises ``SetupError``.
    """
    require_setup()
    marks = bookmarks.read(product.name for product in PRODUCTS)
    parts = parts_of(job, marks.keys())
    months = [part for part in parts if part.step == "usage"]
    events = sum(part.weight for part in months)
    rate = (_of_runs() or _of_sample(months)) if events else Rate(1, 0, "there are no events")
    share = float(current_app.config["USAGE_STATS_THROTTLE"])
    seconds = events / rate.events / share
    return Estimate(len(parts), events, seconds, int(events * rate.size), rate.source)


def _of_runs() -> Rate | None:
    """Return the rate of past runs; none when they have counted too little."""
    query = sa.select(
        sa.func.sum(STEPS.c.events), sa.func.sum(STEPS.c.seconds), sa.func.sum(STEPS.c.bytes)
    ).where(STEPS.c.name == USAGE_STEP, STEPS.c.outcome == "ok")
    with db.engine.connect() as connection:
        events, seconds, size = connection.execute(query).one()
    if not events or events < ENOUGH or not seconds:
        return None
    return Rate(int(events) / seconds, float(size) * ON_DISK / int(events), "past runs")


def _of_sample(months: list[Part]) -> Rate:
    """Return the rate of one day that is counted without being written: the newest's busiest."""
    day, events = _busiest(max(months, key=lambda part: part.period.since).period)
    lease = Lease("estimate")
    work = new_work(lease)
    work.writer = sink = Sink(work.boundary, lease)
    started = time.perf_counter()
    GivenDays(work).write(Period(day, day))
    seconds = time.perf_counter() - started
    return Rate(events / seconds, sink.bytes * ON_DISK / events, f"{day} as a sample")


def _busiest(period: Period) -> tuple[date, int]:
    """Return the day with most events, and how many."""
    index = ",".join(full_name(alias) for alias in USAGE_EVENTS.values())
    found = buckets(index, within("timestamp", period))
    return max(((day, bucket["doc_count"]) for day, bucket in found), key=lambda pair: pair[1])


class Sink(Writer):
    """Take documents as any writer does, count their bytes, and write nothing."""

    def send(self, documents: Iterable[Document], version: int, aggregator: str) -> int:
        """Count documents."""
        before = self.documents
        for document in documents:
            self.documents += 1
            self.bytes += len(document.body)
        return self.documents - before
