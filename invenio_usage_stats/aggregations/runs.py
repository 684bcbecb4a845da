# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Runs: which passes an aggregation makes, in which order, and up to where.

A run first projects the ledger, then aggregates records and usage, then folds snapshots.
Each product keeps a bookmark of its own, moved only over what was written.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import current_app
from invenio_db import db

from ..indices import (
    PRODUCTS,
    RECORD_DELTAS,
    RECORD_SNAPSHOTS,
    USAGE_DELTA,
    USAGE_SNAPSHOT,
    Product,
)
from ..ledger.history import day_number
from ..ledger.projection import drain
from ..readiness import require_setup
from . import bookmarks
from .documents import current_documents
from .records import RecordsPass
from .snapshots import SnapshotsPass
from .usage import UsagePass

LOCK = 0x75_73_74_61
"""Key of the advisory lock that lets one run write at a time."""

PASSES = (RECORD_DELTAS, (USAGE_DELTA,), *((p,) for p in RECORD_SNAPSHOTS), (USAGE_SNAPSHOT,))
"""The products of each pass, in the order in which they build on each other."""


class Outcome(NamedTuple):
    """Say what one step of a run did."""

    name: str
    documents: int
    seconds: float


@contextmanager
def only_one() -> Iterator[bool]:
    """Yield whether this is the only run; the database frees the lock when a worker dies."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name != "postgresql":
            yield True
            return
        mine = connection.execute(sa.select(sa.func.pg_try_advisory_lock(LOCK))).scalar()
        try:
            yield mine
        finally:
            if mine:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(LOCK)))


def aggregate(
    products: Iterable[Product] = PRODUCTS,
    start: datetime | None = None,
    end: datetime | None = None,
    update_bookmarks: bool = True,
) -> list[Outcome]:
    """Bring products up to date and return what was done.

    ``start``, ``end``: aggregate these days whatever changed, instead of what changed since the
    bookmarks, which then stay where they are. Returns nothing when another run is at work.

    Raises ``SetupError`` when templates or tables are missing.
    """
    require_setup()
    with only_one() as mine:
        if not mine:
            current_app.logger.info("Usage statistics: another run is at work; nothing done.")
            return []
        return list(_steps(tuple(products), start, end, update_bookmarks))


def _steps(
    products: tuple[Product, ...],
    start: datetime | None,
    end: datetime | None,
    update_bookmarks: bool,
) -> Iterator[Outcome]:
    """Run the passes of a run one after the other."""
    moment = datetime.now(UTC)
    yield _timed("projection", drain)
    marks = bookmarks.read(product.name for product in products)
    window = _window(start, end)
    for group in PASSES:
        wanted = [product for product in group if product in products]
        if not wanted:
            continue
        since = None if window else _oldest(marks, wanted)
        yield _timed(_title(wanted), _pass(wanted), since, window)
        if update_bookmarks and window is None:
            bookmarks.write([product.name for product in wanted], moment)


def _pass(products: list[Product]) -> Callable[..., int]:
    """Return what aggregates these products."""
    documents = current_documents()
    if products[0].kind == "snapshot":
        run = SnapshotsPass(documents, products[0]).run
        return lambda since, window: run(since)
    if products[0].family == "usage":
        return UsagePass(documents).run
    return RecordsPass(documents, products).run


def _oldest(marks: dict[str, datetime], products: list[Product]) -> datetime | None:
    """Return from which moment on these products must look at changes; none for all."""
    if any(product.name not in marks for product in products):
        return None
    return bookmarks.since(min(marks[product.name] for product in products))


def _window(start: datetime | None, end: datetime | None) -> Callable[[int], bool] | None:
    """Return a test for days between two moments; none without bounds."""
    if start is None and end is None:
        return None
    first = day_number(start.date()) if start else -(1 << 30)
    last = day_number((end or datetime.now(UTC) + timedelta(days=1)).date())
    return lambda day: first <= day <= last


def _title(products: list[Product]) -> str:
    """Return a short name of a step."""
    parts = (products[0].family, products[0].kind, "" if len(products) > 1 else products[0].basis)
    return " ".join(part for part in parts if part)


def _timed(name: str, step: Callable[..., int], *args: Any) -> Outcome:
    """Run a step, log it, and return what it did."""
    started = time.perf_counter()
    count = step(*args)
    outcome = Outcome(name, count, round(time.perf_counter() - started, 3))
    current_app.logger.info(
        "Usage statistics: %s: %d documents in %.1f s.", name, count, outcome.seconds
    )
    return outcome
