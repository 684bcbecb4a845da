# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""How much came in each day, and what became of it: counted once, however often it is delivered."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from invenio_db import db
from sqlalchemy.dialects.postgresql import insert

from ...reader.periods import today
from ..ear import TTL
from .models import ReportedDay, ReportedMessage

DAYS, MESSAGES = ReportedDay.__table__, ReportedMessage.__table__
RECEIVED, STORED = "received", "stored"
Outcomes = Counter[tuple[date, str]]
"""Numbers of hits by the day on which they came, and by what became of them."""


def new_among(ids: Collection[str]) -> set[str]:
    """Return which messages were not counted before."""
    query = sa.select(MESSAGES.c.id).where(MESSAGES.c.id.in_(list(ids)))
    with db.engine.connect() as connection:
        return set(ids) - set(connection.execute(query).scalars())


def add(messages: dict[str, date], outcomes: Outcomes) -> None:
    """Count what became of messages, given with their days, and keep in mind that they are."""
    with db.engine.begin() as connection:
        if messages:
            rows = [{"id": id_, "day": day} for id_, day in messages.items()]
            connection.execute(sa.insert(MESSAGES), rows)
        if found := [(*key, count) for key, count in sorted(outcomes.items()) if count]:
            statement = insert(DAYS).values(found)
            total = {"count": DAYS.c.count + statement.excluded.count}
            keys = ("day", "outcome")
            connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=total))


def between(since: date, until: date) -> list[dict[str, Any]]:
    """Return the numbers of each day, the newest first."""
    query = sa.select(DAYS).where(DAYS.c.day.between(since, until))
    found: dict[date, dict[str, int]] = {}
    with db.engine.connect() as connection:
        for row in connection.execute(query.order_by(DAYS.c.day.desc(), DAYS.c.outcome)):
            found.setdefault(row.day, {})[row.outcome] = row.count
    return [{"day": day, **_told(numbers)} for day, numbers in found.items()]


def _told(numbers: dict[str, int]) -> dict[str, Any]:
    """Return the numbers of a day, the reasons apart."""
    rejected = {name: n for name, n in numbers.items() if name not in (RECEIVED, STORED)}
    whole = {name: numbers.get(name, 0) for name in (RECEIVED, STORED)}
    return {**whole, "rejected": rejected}


def total(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the sums of several days."""
    known = list(rows)
    rejected: Counter[str] = Counter()
    for row in known:
        rejected.update(row["rejected"])
    whole = {name: sum(row[name] for row in known) for name in (RECEIVED, STORED)}
    return {**whole, "rejected": dict(rejected.most_common())}


def forget_outdated() -> int:
    """Forget messages that no broker delivers any more; return how many."""
    with db.engine.begin() as connection:
        old = sa.delete(MESSAGES).where(MESSAGES.c.day < today() - 2 * TTL)
        return connection.execute(old).rowcount
