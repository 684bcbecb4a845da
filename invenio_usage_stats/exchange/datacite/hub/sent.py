# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What was sent to the hub: written down attempt by attempt, and asked for."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from invenio_db import db

from ....ledger.models import utc_now
from ...counter.months import MonthState, states
from .models import SentPart
from .parts import MonthReport, Part

SENT = SentPart.__table__
NOTHING = Part(0, None, 0, 0, "")
"""Stands for the parts of a month without use."""


def note(
    hub: str,
    report: MonthReport,
    part: Part,
    method: str = "",
    report_id: str | None = None,
    status: int | None = None,
    reason: str = "",
) -> None:
    """Write an attempt down; ``reason``: why it has failed."""
    row = {
        "month": report.state.month,
        "generation": report.state.generation,
        "closed": report.state.closed,
        "hub": hub,
        "created_by": report.reporter.name,
        "part": part.number,
        "parts": len(report.parts),
        "method": method,
        "report_id": report_id,
        "datasets": part.datasets,
        "bytes": part.bytes,
        "checksum": part.checksum,
        "status": status,
        "reason": reason,
        "sent_at": utc_now(),
    }
    with db.engine.begin() as connection:
        connection.execute(sa.insert(SENT).values(row))


def remembered(hub: str, created_by: str, month: str) -> str | None:
    """Return by what a hub knows our report of a month; none when it was never taken."""
    query = sa.select(SENT.c.report_id).where(
        *_of(hub, created_by), SENT.c.month == month, SENT.c.report_id.is_not(None)
    )
    with db.engine.connect() as connection:
        return connection.execute(query.order_by(SENT.c.id.desc()).limit(1)).scalar()


def due(hub: str, created_by: str) -> list[MonthState]:
    """Return the closed months whose present count a hub does not have wholly.

    What was sent last is what the hub has, since recounts can be taken back.
    """
    columns = (SENT.c.month, SENT.c.generation, SENT.c.closed)
    whole = sa.and_(SENT.c.part == SENT.c.parts, SENT.c.reason == "").label("whole")
    query = sa.select(*columns, whole).where(*_of(hub, created_by)).order_by(SENT.c.id)
    with db.engine.connect() as connection:
        last = {row.month: row for row in connection.execute(query)}
    there = {row.month: row.generation for row in last.values() if row.whole and row.closed}
    return [one for one in states() if one.closed and there.get(one.month) != one.generation]


def last_attempts(count: int) -> list[dict[str, Any]]:
    """Return the last attempts, the newest first."""
    query = sa.select(SENT).order_by(SENT.c.id.desc()).limit(count)
    with db.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def last_of_months(months: Collection[str]) -> list[dict[str, Any]]:
    """Return the last attempt of each of some months."""
    newest = sa.select(sa.func.max(SENT.c.id)).where(SENT.c.month.in_(months))
    query = sa.select(SENT).where(SENT.c.id.in_(newest.group_by(SENT.c.month)))
    with db.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def _of(hub: str, created_by: str) -> Sequence[sa.ColumnElement[bool]]:
    """Return the conditions for what we have sent to a hub."""
    return SENT.c.hub == hub, SENT.c.created_by == created_by
