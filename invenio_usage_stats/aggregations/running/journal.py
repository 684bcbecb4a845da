# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The journal: what the steps of the last runs did, in a table that does not grow."""

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import current_app
from invenio_db import db
from sqlalchemy.engine import Connection

from ..models import RunStep

STEPS = RunStep.__table__
KEPT = 1_000
"""How many rows are kept, besides the last one of each step."""
NEWEST = sa.select(sa.func.max(STEPS.c.id)).group_by(STEPS.c.name)
"""The numbers of the last row of each step."""


class Outcome(NamedTuple):
    """Say what one step of a run did; ``outcome`` is ok, partial or failed."""

    name: str
    documents: int
    seconds: float
    started: datetime
    """Naive UTC."""
    events: int = 0
    bytes: int = 0
    requests: int = 0
    """Bulk requests and refreshes."""
    outcome: str = "ok"
    reason: str = ""

    @property
    def idle(self) -> bool:
        """Tell whether there was nothing to do."""
        return self.outcome == "ok" and not (self.documents or self.events or self.requests)


def note(outcome: Outcome) -> None:
    """Log a step and keep it; steps without work that follow each other share a row."""
    fields = outcome._asdict()
    current_app.logger.info(
        "Usage statistics: %s: %s, %d documents in %.1f s. %s",
        *(outcome.name, outcome.outcome, outcome.documents, outcome.seconds, outcome.reason),
        extra={"step" if name == "name" else name: value for name, value in fields.items()},
    )
    with db.engine.begin() as connection:
        if outcome.idle and _fold(connection, outcome):
            return
        made = sa.insert(STEPS).values(**fields, runs=1).returning(STEPS.c.id)
        newest = connection.execute(made).scalar_one()
        connection.execute(
            sa.delete(STEPS).where(STEPS.c.id <= newest - KEPT, STEPS.c.id.not_in(NEWEST))
        )


def _fold(connection: Connection, outcome: Outcome) -> bool:
    """Add a step without work to the last row of its name if that is one too."""
    last = sa.select(sa.func.max(STEPS.c.id)).where(STEPS.c.name == outcome.name)
    idle = [STEPS.c.outcome == "ok"]
    idle += [STEPS.c[name] == 0 for name in ("documents", "events", "requests")]
    values = {"started": outcome.started, "seconds": outcome.seconds, "runs": STEPS.c.runs + 1}
    statement = sa.update(STEPS).where(STEPS.c.id == last.scalar_subquery(), *idle).values(values)
    return connection.execute(statement).rowcount == 1


def last_noted() -> int | None:
    """Return the number of the last step that was noted; none before the first.

    Whatever writes documents is noted afterwards. So numbers are the same as long as this is.
    """
    return db.session.execute(sa.select(sa.func.max(STEPS.c.id))).scalar()


def last_of_each_step(count: int = 1) -> list[dict[str, Any]]:
    """Return the last rows of each step, in the order of their names, the last one first."""
    newest_first = STEPS.c.id.desc()
    place = sa.func.row_number().over(partition_by=STEPS.c.name, order_by=newest_first)
    placed = sa.select(STEPS.c.id, place.label("place")).subquery()
    last = sa.select(placed.c.id).where(placed.c.place <= count)
    query = sa.select(STEPS).where(STEPS.c.id.in_(last)).order_by(STEPS.c.name, newest_first)
    with db.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def last_of(name: str) -> dict[str, Any] | None:
    """Return the last row of a step; none before the first."""
    query = sa.select(STEPS).where(STEPS.c.name == name).order_by(STEPS.c.id.desc()).limit(1)
    with db.engine.connect() as connection:
        row = connection.execute(query).mappings().one_or_none()
    return row and dict(row)
