# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Failures: what may go wrong with one day or scope without holding up the others.

Three things can happen to an error:

- It concerns one day or scope: data that cannot be read, a rejected document, a search that the
  engine refuses or does not finish in time. A row of the database keeps it; it is shown by
  ``status`` and tried again, after ten minutes, twenty, and so on up to a day. Data that cannot
  be read will hardly get better: it is tried once a day from the beginning.
- It concerns one step: anything else that a pass raises outside of a boundary. Its bookmark stays
  where it is, and the other steps go on.
- It concerns everything (``ends_run``): the search engine is unreachable, an index is read-only,
  access is denied, the database is away, a lease is lost, a template is missing. The run ends. So
  it does when days keep failing for overload one after the other, or when documents are rejected
  by the thousand: then it is no longer the fault of a day.
"""

import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import Any

import msgspec
import sqlalchemy as sa
from flask import current_app
from invenio_db import db
from invenio_search.engine import search
from sqlalchemy.dialects.postgresql import insert

from ...bulk import is_overload
from ...errors import LeaseLostError, RejectedError, SearchEngineError, SetupError
from ...ledger.history import day_date
from ...ledger.models import utc_now
from ..models import RunFailure

FAILURES = RunFailure.__table__
KEY = ("aggregator", "scope", "day")

Place = tuple[str, int]
"""A scope (empty: the whole day) and a day, in days since 1970."""

FIRST_RETRY = timedelta(minutes=10)
LAST_RETRY = timedelta(days=1)
MOST_REJECTIONS = 5_000
"""As many documents may be rejected in one step."""
MOST_OVERLOADS = 3
"""As many days may fail for overload without one that succeeds between them."""
MOST_LINES = 10
"""As many failures of one request are logged one by one; the rows hold them all."""

UNREADABLE = (msgspec.MsgspecError, ValueError, zlib.error)
"""How data says that it cannot be read."""
ENDS_RUN = (
    LeaseLostError,
    RejectedError,
    SearchEngineError,
    SetupError,
    sa.exc.SQLAlchemyError,
    search.exceptions.AuthenticationException,
    search.exceptions.AuthorizationException,
)


def ends_run(error: Exception) -> bool:
    """Tell whether an error concerns everything."""
    if isinstance(error, search.ConnectionError):
        return not isinstance(error, search.ConnectionTimeout)
    return isinstance(error, ENDS_RUN)


def reason_of(error: Exception) -> str:
    """Return an error as a sentence, without what it drags along."""
    return f"{type(error).__name__}: {error}"[:1_000]


class Boundary:
    """Keep what fails in one step of a run from stopping the rest of it.

    ``all_due``: what failed before is tried again now, whenever its time comes.
    """

    def __init__(self, all_due: bool = False) -> None:
        self.all_due = all_due
        self.failed: dict[str, set[Place]] = {}
        """What has failed in this step, by aggregator."""
        self._first: dict[str, str] = {}
        self._tried: dict[str, set[Place]] = {}
        self._done: dict[str, set[int]] = {}
        self._overloads = 0

    @contextmanager
    def around(self, aggregator: str, *, day: int, scope: str = "") -> Iterator[None]:
        """Keep errors of one day, or of one scope's day, as a row; raise what ends the run."""
        try:
            yield
        except Exception as error:
            self._overloads = self._overloads + 1 if is_overload(error) else 0
            if ends_run(error) or self._overloads >= MOST_OVERLOADS:
                raise
            lasting = isinstance(error, UNREADABLE)
            self.report(aggregator, reason_of(error), day=day, scope=scope, lasting=lasting)
        else:
            self._overloads = 0
            if not scope:
                self.done(aggregator, [day])

    def report(
        self, aggregator: str, reason: str, *, day: int, scope: str = "", lasting: bool = False
    ) -> None:
        """Keep one failure; ``lasting``: it will hardly get better by itself."""
        self.report_all(aggregator, {(scope, day): reason}, lasting)

    def report_all(
        self, aggregator: str, reasons: Mapping[Place, str], lasting: bool = False
    ) -> None:
        """Keep failures, with their reasons.

        Raises ``RejectedError`` when there are too many in this step.
        """
        if not reasons:
            return
        failed = self.failed.setdefault(aggregator, set())
        failed.update(reasons)
        self._first.setdefault(aggregator, next(iter(reasons.values())))
        _store(aggregator, reasons, LAST_RETRY if lasting else FIRST_RETRY)
        for (scope, day), reason in islice(reasons.items(), MOST_LINES):
            current_app.logger.warning(
                "Usage statistics: %s: %s of %s failed: %s",
                *(aggregator, day_date(day), scope or "all scopes", reason),
                extra={"aggregator": aggregator, "scope": scope, "day": day, "reason": reason},
            )
        if len(failed) > MOST_REJECTIONS:
            raise RejectedError("; ".join(self.reasons()))

    def places(self, aggregator: str) -> set[Place]:
        """Return what is to be tried again now: scopes (empty: all) and their days."""
        due = sa.true() if self.all_due else FAILURES.c.retry_at <= utc_now()
        found = _places(FAILURES.c.aggregator == aggregator, due)
        self._tried.setdefault(aggregator, set()).update(found)
        return set(found)

    def due(self, aggregator: str) -> set[int]:
        """Return the days that are to be tried again now."""
        return {day for _, day in self.places(aggregator)}

    def reasons(self) -> Iterator[str]:
        """Yield for each aggregator how much has failed in this step, and the first reason."""
        for aggregator, places in self.failed.items():
            yield f"{aggregator}: {len(places)} failed, first: {self._first[aggregator]}"

    def done(self, aggregator: str, days: Iterable[int]) -> None:
        """Note that days were written as a whole."""
        self._done.setdefault(aggregator, set()).update(days)

    def settle(self, days: Callable[[int], bool] | None = None, only: str | None = None) -> None:
        """Remove the rows of what was written at last; the step is over.

        ``days``, ``only``: the days and the scope that the step was about, none for all.
        """
        for aggregator in self._tried.keys() | self._done.keys():
            tried = self._tried.get(aggregator, set())
            done = self._done.get(aggregator, set())
            _remove(
                aggregator,
                {
                    (scope, day)
                    for scope, day in _places(FAILURES.c.aggregator == aggregator)
                    if (days is None or days(day))
                    and only in (None, scope)
                    and ((scope, day) in tried or day in done)
                }
                - self.failed.get(aggregator, set()),
            )


def _places(*conditions: sa.ColumnElement[bool]) -> set[Place]:
    """Return the places of some rows."""
    query = sa.select(FAILURES.c.scope, FAILURES.c.day).where(*conditions)
    with db.engine.connect() as connection:
        return {(row.scope, row.day) for row in connection.execute(query)}


def failures() -> list[dict[str, Any]]:
    """Return all rows, the oldest failures first."""
    query = sa.select(FAILURES).order_by(FAILURES.c.since, *(FAILURES.c[name] for name in KEY))
    with db.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def replace(aggregator: str, reasons: Mapping[Place, str]) -> None:
    """Keep these failures of an aggregator, and none that it had before."""
    _remove(aggregator, _places(FAILURES.c.aggregator == aggregator) - reasons.keys())
    if reasons:
        _store(aggregator, reasons, LAST_RETRY)


def forget(aggregators: Iterable[str]) -> None:
    """Delete all rows of aggregators that are not at work any more."""
    statement = sa.delete(FAILURES).where(FAILURES.c.aggregator.in_(list(aggregators)))
    with db.engine.begin() as connection:
        connection.execute(statement)


def _store(aggregator: str, reasons: Mapping[Place, str], pause: timedelta) -> None:
    """Write rows; each further attempt doubles the pause."""
    now = utc_now()
    rows = [
        {"aggregator": aggregator, "scope": scope, "day": day, "reason": reason}
        | {"since": now, "attempts": 1, "retry_at": now + pause}
        for (scope, day), reason in sorted(reasons.items())
    ]
    doubled = FIRST_RETRY * sa.func.power(2, sa.func.least(FAILURES.c.attempts, 10))
    longer = sa.func.least(sa.func.greatest(doubled, pause), LAST_RETRY)
    statement = insert(FAILURES)
    statement = statement.on_conflict_do_update(
        index_elements=KEY,
        set_={
            "reason": statement.excluded.reason,
            "attempts": FAILURES.c.attempts + 1,
            "retry_at": sa.literal(now) + longer,
        },
    )
    with db.engine.begin() as connection:
        connection.execute(statement, rows)


def _remove(aggregator: str, places: Collection[Place]) -> None:
    """Delete rows."""
    if not places:
        return
    place = sa.tuple_(FAILURES.c.scope, FAILURES.c.day)
    statement = sa.delete(FAILURES).where(
        FAILURES.c.aggregator == aggregator, place.in_(list(places))
    )
    with db.engine.begin() as connection:
        connection.execute(statement)
