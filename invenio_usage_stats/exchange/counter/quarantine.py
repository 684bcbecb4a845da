# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Events that could not be stored: kept, counted, and tried again when somebody has mended it."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa
from invenio_db import db
from sqlalchemy.dialects.postgresql import insert

from ...bulk import SUPERSEDED, Bulk, Document, explained
from .models import CounterQuarantine

ROWS = CounterQuarantine.__table__
SHOWN = 5
"""How many reasons are told."""


class Held(NamedTuple):
    """Be an event that is kept; ``index`` is empty when it cannot be read."""

    id: str
    index: str
    body: str
    reason: str


def keep(some: Iterable[Held]) -> int:
    """Keep events, each once however often it is delivered, and return how many came."""
    rows = [one._asdict() for one in some]
    if rows:
        with db.engine.begin() as connection:
            connection.execute(insert(ROWS).on_conflict_do_nothing(), rows)
    return len(rows)


def state() -> dict[str, Any]:
    """Return how many events are kept, and the most frequent reasons."""
    number = sa.func.count()
    query = sa.select(ROWS.c.reason, number, sa.func.min(ROWS.c.since)).group_by(ROWS.c.reason)
    with db.engine.connect() as connection:
        total = connection.execute(sa.select(number).select_from(ROWS)).scalar_one()
        found = connection.execute(query.order_by(number.desc(), ROWS.c.reason).limit(SHOWN)).all()
    reasons = [{"reason": r, "count": n, "since": f"{since.isoformat()}Z"} for r, n, since in found]
    return {"quarantined": total, "reasons": reasons}


def try_again() -> tuple[int, int]:
    """Store what is kept and can be read; return how many are stored, and how many are left."""
    query = sa.select(ROWS).where(ROWS.c.index != "")
    with db.engine.connect() as connection:
        rows = {row.id: row for row in connection.execute(query)}
    refused = store(Document(row.index, row.id, row.body, "", 0) for row in rows.values())
    done = [id_ for id_ in rows if id_ not in {one.id for one in refused}]
    with db.engine.begin() as connection:
        connection.execute(sa.delete(ROWS).where(ROWS.c.id.in_(done)))
    return len(done), state()["quarantined"]


def drop() -> int:
    """Forget everything that is kept, and return how much it was."""
    with db.engine.begin() as connection:
        return connection.execute(sa.delete(ROWS)).rowcount


def store(documents: Iterable[Document], bulk: Bulk | None = None) -> list[Held]:
    """Store documents, each once; return those that the search engine refuses.

    Raises ``SearchEngineError`` when it takes nothing.
    """
    refused = []
    with explained():
        for rejected in (bulk or Bulk()).post(documents, None):
            refused += [
                Held(one.document.id, one.document.index, one.document.body, one.reason)
                for one in rejected
                if one.status != SUPERSEDED
            ]
    return refused
