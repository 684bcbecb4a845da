# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What the tests of use by user share."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from invenio_db import db
from invenio_stats.proxies import current_stats

from invenio_usage_stats.aggregations.running.journal import STEPS
from invenio_usage_stats.exchange.reports.users.consumer import STEP
from invenio_usage_stats.exchange.reports.users.store import TABLES, USES
from invenio_usage_stats.exchange.reports.users.stream import EAR
from invenio_usage_stats.ledger.history import GLOBAL

from ...counter.ear.hearing import START, publish, raw

VIEW, REQUEST = "investigation", "request"
NOON = START.replace(hour=12, minute=0, second=0, microsecond=0)


def view(user: Any, recid: str, at: datetime = NOON, **changes: Any) -> dict[str, Any]:
    """Return the raw event of a view by somebody."""
    who = {"user_id": user and str(user), "session_id": "s1"}
    return raw(timestamp=at.isoformat(), recid=recid, parent_recid=f"p-{recid}", **who, **changes)


def download(user: Any, recid: str, at: datetime = NOON, **changes: Any) -> dict[str, Any]:
    """Return the raw event of a download by somebody."""
    who = {"user_id": user and str(user), "session_id": "s1"}
    of = {"recid": recid, "parent_recid": f"p-{recid}", **who}
    return raw(REQUEST, timestamp=at.isoformat(), **of, **changes)


def visit(user: Any, community: str, at: datetime = NOON, **changes: Any) -> dict[str, Any]:
    """Return the raw event of a visit to a community's page by somebody."""
    who = {"user_id": user and str(user), "session_id": "s1", "ip_address": "131.130.1.1"}
    return {"timestamp": at.isoformat(), "community_id": community, **who, **changes}


def send(*events: Any) -> None:
    """Publish events as the repository does."""
    for event in events:
        if "community_id" in event:
            current_stats.publish("community-visit", [event])
        else:
            publish([event], REQUEST if "file_key" in event else VIEW)


def counted() -> dict[tuple[int, str, str], tuple[int, int, int]]:
    """Return what is stored of everybody, by user, type and item."""
    query = sa.select(USES).where(USES.c.scope == GLOBAL)
    found: dict[tuple[int, str, str], tuple[int, int, int]] = {}
    with db.engine.connect() as connection:
        for row in connection.execute(query):
            key, use = (row.user_id, row.type, row.item), (row.views, row.downloads, row.volume)
            found[key] = tuple(map(sum, zip(found.get(key, (0, 0, 0)), use, strict=True)))
    return found


def forget() -> None:
    """Delete everything that was counted by user, the queue, and that it ever was switched on."""
    EAR.remove()
    with db.engine.begin() as connection:
        for table in TABLES:
            connection.execute(sa.delete(table))
        connection.execute(sa.delete(STEPS).where(STEPS.c.name == STEP))
