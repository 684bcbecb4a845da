# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Runs: which passes an aggregation makes, in which order, and up to where.

A run first projects the ledger, then aggregates records and usage, then folds snapshots.
Each product keeps a bookmark of its own, moved only over what was written or is kept as a
failure. A step that fails leaves its bookmark where it is, and the others go on.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from ..bulk import explained, is_overload
from ..indices import (
    PRODUCTS,
    RECORD_DELTAS,
    RECORD_SNAPSHOTS,
    USAGE_DELTA,
    USAGE_SNAPSHOT,
    Product,
)
from ..ledger.history import day_number
from ..ledger.models import utc_now
from ..ledger.projection import drain
from ..readiness import require_setup
from .base import Work, new_work
from .records.daily import RecordsPass
from .running import bookmarks, leases
from .running.failures import ends_run, forget, reason_of
from .running.journal import Outcome, note
from .snapshots.dense import DensePass, daily_name, is_daily
from .snapshots.monthly import SnapshotsPass
from .usage.daily import UsagePass

LEASE = "aggregate"
"""The name whose holder may write."""
PATIENCE = timedelta(minutes=2)
"""For how long a run waits for another one, or for the lease of one that was killed."""

PASSES = (RECORD_DELTAS, (USAGE_DELTA,), (*RECORD_SNAPSHOTS, USAGE_SNAPSHOT))
"""The products of each pass, in the order in which they build on each other."""

PROJECTION = "projection"
LATE = timedelta(hours=1)
"""For how long after its end a day is still open."""

Days = Callable[[int], bool]


class Plan(NamedTuple):
    """Say what a run is to do.

    ``days``: restrict to some days; ``all_changes``: whatever the bookmarks say;
    ``final``: what is done is done for good, so bookmarks move; ``waits``: for another run.
    """

    products: tuple[Product, ...]
    days: Days | None = None
    all_changes: bool = False
    final: bool = True
    waits: bool = True


def aggregate(
    products: Iterable[Product] = PRODUCTS,
    start: datetime | None = None,
    end: datetime | None = None,
    update_bookmarks: bool = True,
) -> list[Outcome]:
    """Bring products up to date and return what was done.

    ``start``, ``end``: aggregate these days whatever changed, instead of what changed since the
    bookmarks, which then stay where they are. Returns nothing when another run is at work and
    does not end within two minutes.

    Raises ``SetupError`` when templates or tables are missing, ``SearchEngineError`` when
    nothing can be written, ``LeaseLostError`` when another run has taken over.
    """
    days = _window(start, end)
    final = update_bookmarks and days is None
    return _run(Plan(tuple(products), days, all_changes=days is not None, final=final))


def refresh() -> list[Outcome]:
    """Aggregate what changed on the open day only; bookmarks stay where they are.

    Does nothing before the first run over everything, and while another run is at work.
    Raises what ``aggregate`` raises.
    """
    now = datetime.now(UTC)
    first, last = day_number((now - LATE).date()), day_number(now.date())
    products = (*RECORD_DELTAS, USAGE_DELTA)
    return _run(Plan(products, lambda d: first <= d <= last, final=False, waits=False))


def _run(plan: Plan) -> list[Outcome]:
    """Carry out a plan as the only one, and return what was done."""
    with explained():
        require_setup()
        with leases.hold(LEASE, PATIENCE if plan.waits else timedelta(0)) as lease:
            if lease is None:
                current_app.logger.info("Usage statistics: another run is at work; nothing done.")
                return []
            return list(_steps(lease, plan))


def _steps(lease: leases.Lease, plan: Plan) -> Iterator[Outcome]:
    """Run the passes of a run one after the other."""
    moment = datetime.now(UTC)
    parts = list(_parts(plan))
    marks = bookmarks.take(name for part in parts for name in part.names)
    if not (marks or plan.all_changes):
        if not plan.final:
            return
        bookmarks.create()
    if plan.final and not is_daily():
        forget(daily_names())
    yield _step(PROJECTION, new_work(lease), lambda work: drain(work.writer))
    finished: list[str] = []
    failed = False
    for part in parts:
        if part.needs_last and failed:
            continue
        since = _since(plan, part, marks, moment)
        work = new_work(lease)
        outcome = _step(part.title, work, part.action(since, plan.days))
        yield outcome
        failed = outcome.outcome == "failed"
        if failed:
            continue
        work.boundary.settle(plan.days)
        if not plan.final:
            continue
        finished += part.names
        if outcome.documents:
            _move(lease, finished, moment)
            finished = []
    _move(lease, finished, moment)


def _move(lease: leases.Lease, names: list[str], moment: datetime) -> None:
    """Move bookmarks, if the run is still the only one."""
    if names:
        lease.check()
        bookmarks.write(names, moment)


def _groups(products: tuple[Product, ...]) -> Iterator[list[Product]]:
    """Yield the products of each pass that has any of these."""
    groups = ([product for product in group if product in products] for group in PASSES)
    return (group for group in groups if group)


class Part(NamedTuple):
    """Be one step of a run: its title, the names of its bookmarks, and its pass.

    ``folds``: it folds deltas; ``needs_last``: left out when the step before it has failed.
    """

    title: str
    names: list[str]
    action: Callable[[datetime | None, Days | None], Callable[[Work], int]]
    folds: bool = False
    needs_last: bool = False


def _parts(plan: Plan) -> Iterator[Part]:
    """Yield the steps of a run over products."""
    for wanted in _groups(plan.products):
        names, folds = [p.name for p in wanted], wanted[0].kind == "snapshot"
        yield Part(_title(wanted), names, partial(_pass, wanted), folds)
    snapshots = _snapshots(plan.products)
    if snapshots and is_daily():
        action = partial(_dense, snapshots)
        yield Part("dense", daily_names(snapshots), action, folds=True, needs_last=True)


def _snapshots(products: Iterable[Product]) -> tuple[Product, ...]:
    """Return the snapshots among products."""
    return tuple(product for product in products if product.kind == "snapshot")


def daily_names(products: Iterable[Product] = PRODUCTS) -> list[str]:
    """Return the names of the bookmarks that the policy ``daily`` has beside those of products."""
    return [daily_name(product) for product in _snapshots(products)]


def step_names() -> list[str]:
    """Return the names of the steps of a run over everything."""
    return [PROJECTION, *(part.title for part in _parts(Plan(PRODUCTS)))]


def bookmark_names() -> list[str]:
    """Return the names of the bookmarks that a run over everything moves."""
    return [product.name for product in PRODUCTS] + (daily_names() if is_daily() else [])


def _dense(
    products: tuple[Product, ...], since: datetime | None, _days: Days | None
) -> Callable[[Work], int]:
    """Return what writes daily documents."""
    return lambda work: DensePass(work, products).run(since)


def _pass(
    products: list[Product], since: datetime | None, days: Days | None
) -> Callable[[Work], int]:
    """Return what aggregates these products."""
    if products[0].kind == "snapshot":
        return lambda work: SnapshotsPass(work, tuple(products)).run(since)
    if products[0].family == "usage":
        return lambda work: UsagePass(work).run(since, days)
    return lambda work: RecordsPass(work, products).run(since, days)


def _since(plan: Plan, part: Part, marks: dict[str, datetime], moment: datetime) -> datetime | None:
    """Return from which moment on a step must look at changes (naive UTC); none for all.

    Of given days, what folds deltas looks at those that this run has written, if it writes any.
    """
    if not plan.all_changes:
        return _oldest(marks, part.names)
    follows = part.folds and len(_snapshots(plan.products)) < len(plan.products)
    return moment.replace(tzinfo=None) if follows else None


def _oldest(marks: dict[str, datetime], names: list[str]) -> datetime | None:
    """Return from which moment on aggregators must look at changes; none for all."""
    if any(name not in marks for name in names):
        return None
    return bookmarks.since(min(marks[name] for name in names))


def _window(start: datetime | None, end: datetime | None) -> Days | None:
    """Return a test for days between two moments; none without bounds."""
    if start is None and end is None:
        return None
    first = day_number(start.date()) if start else -(1 << 30)
    last = day_number((end or datetime.now(UTC) + timedelta(days=1)).date())
    return lambda day: first <= day <= last


def _title(products: list[Product]) -> str:
    """Return a short name of a step."""
    if len({product.family for product in products}) > 1:
        return f"{products[0].kind}s"
    parts = (products[0].family, products[0].kind, "" if len(products) > 1 else products[0].basis)
    return " ".join(part for part in parts if part)


def _step(name: str, work: Work, action: Callable[[Work], int]) -> Outcome:
    """Run a step, note it, and return what it did; raise what ends the run."""
    started, clock, documents = utc_now(), time.perf_counter(), 0
    verdict, reason, fatal = "ok", "", None
    try:
        documents = action(work)
        verdict, reason = work.verdict()
    except Exception as error:
        verdict, reason = "failed", reason_of(error)
        fatal = error if ends_run(error) or is_overload(error) else None
        current_app.logger.exception("Usage statistics: %s failed.", name)
    seconds = round(time.perf_counter() - clock, 3)
    sent = (work.events, work.writer.bytes, work.writer.requests)
    outcome = Outcome(name, documents, seconds, started, *sent, verdict, reason)
    if not isinstance(fatal, SQLAlchemyError):
        note(outcome)
    if fatal is not None:
        raise fatal
    return outcome
