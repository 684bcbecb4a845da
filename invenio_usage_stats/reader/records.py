# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Usage of single records, read from the sheets of the smallest scope that has all of it."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from invenio_db import db

from ..aggregations.sheets.spans import ONE_DAY
from ..indices import EVENTS, find_all, full_name
from ..ledger.history import DAY, FOREVER, GLOBAL, History, day_date
from ..ledger.models import LedgerRecord
from ..ledger.reading import read_histories
from .periods import LAST_DAY, Period
from .spans import Place


class Known(NamedTuple):
    """Be what the ledger knows of a record."""

    ordinal: int
    recid: str
    parent: str


def known_record(recid: str) -> Known | None:
    """Return a record of the ledger; none when it never was published."""
    return next(iter(_known(LedgerRecord.recid == recid)), None)


def versions_of(parent: str) -> list[Known]:
    """Return all versions of a work, the oldest first."""
    return _known(LedgerRecord.parent_recid == parent)


def _known(condition: sa.ColumnElement[bool]) -> list[Known]:
    """Return some records of the ledger."""
    table = LedgerRecord.__table__.c
    query = sa.select(table.id, table.recid, table.parent_recid).where(condition)
    with db.engine.connect() as connection:
        return [Known(*row) for row in connection.execute(query.order_by(table.id))]


class Whereabouts:
    """Know in which scope's sheets all usage of some records of one work is found.

    In a community all of it is found on the days that lie wholly within a membership. Small
    communities have small sheets; those of the repository have it all.
    """

    def __init__(self, recids: Iterable[str]) -> None:
        histories = list(read_histories("record_id", recids, mend=False))
        scopes = {scope for history in histories for scope in history.scopes} - {GLOBAL}
        sizes = _sizes(scopes)
        self.stays = [
            (scope, stay)
            for scope in sorted(scopes, key=lambda scope: (sizes[scope], scope))
            for stay in _common_stays(histories, scope)
        ]

    def places(self, period: Period) -> list[Place]:
        """Return which scope's sheets to read on which days of a period."""
        for scope, stay in self.stays:
            since, until = max(period.since, stay.since), min(period.until, stay.until)
            if since <= until:
                before = self._rest(period.since, since - ONE_DAY)
                after = self._rest(until + ONE_DAY, period.until)
                return [*before, (scope, Period(since, until)), *after]
        return [(GLOBAL, period)]

    def _rest(self, since: date, until: date) -> list[Place]:
        """Return where to look for the days beside a stay."""
        return self.places(Period(since, until)) if since <= until else []


def _common_stays(histories: list[History], scope: str) -> list[Period]:
    """Return the days that all these records spent wholly in a scope."""
    stays: list[Period] | None = None
    for history in histories:
        own = [_whole_days(*interval) for interval in history.membership(scope)]
        found = [stay for stay in own if stay]
        stays = found if stays is None else [c for a in stays for b in found if (c := _both(a, b))]
    return stays or []


def _whole_days(start: int, end: int) -> Period | None:
    """Return the days that lie wholly within some seconds."""
    since = day_date(-(-start // DAY))
    until = LAST_DAY if end == FOREVER else day_date(end // DAY) - ONE_DAY
    return Period(since, until) if since <= until else None


def _both(left: Period, right: Period) -> Period | None:
    """Return the days of two periods."""
    since, until = max(left.since, right.since), min(left.until, right.until)
    return Period(since, until) if since <= until else None


def _sizes(scopes: Iterable[str]) -> dict[str, int]:
    """Return how much ever happened in scopes, as a measure of their size."""
    wanted = sorted(scopes)
    bodies = [{"size": 0, "query": {"term": {"community_id": s}}} for s in wanted]
    answers = find_all((full_name(EVENTS), {**body, "track_total_hits": True}) for body in bodies)
    return {s: a["hits"]["total"]["value"] for s, a in zip(wanted, answers, strict=True)}
