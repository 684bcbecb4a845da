# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Downloads of drafts: the repository counts them, and we do not."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from invenio_db import db

from ...indices import USAGE_EVENTS, full_name, scroll
from ...ledger.models import LedgerRecord
from ...ledger.source import draft_recids
from ...proxies import current_usage_stats

RECORDS = LedgerRecord.__table__


def of_drafts(day: date) -> dict[str, int]:
    """Return how much of a day's downloads, by metric, is of files of drafts."""
    events = list(_downloads(day))
    published = list(_published(events))
    every, rest = _totals(events), _totals(published)
    metrics = current_usage_stats.catalog.usage_metrics("download")
    return {m.id: every[m.counter] - rest[m.counter] for m in metrics if m.counter in every}


def _downloads(day: date) -> Iterator[dict[str, Any]]:
    """Yield the downloads of a day, without those of robots."""
    bounds = {"gte": f"{day}T00:00:00", "lt": f"{day + timedelta(days=1)}T00:00:00"}
    for hit in scroll(full_name(USAGE_EVENTS["download"]), {"range": {"timestamp": bounds}}):
        if not hit["_source"].get("is_robot"):
            yield hit["_source"]


def _published(events: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the events of what was no draft at their second."""
    recids = {event["recid"] for event in events}
    with db.engine.connect() as connection:
        rows = connection.execute(
            sa.select(RECORDS.c.recid, RECORDS.c.drafted, RECORDS.c.created).where(
                RECORDS.c.recid.in_(recids)
            )
        )
        known = {row.recid: (row.drafted, row.created) for row in rows}
        drafts = draft_recids(connection, recids - known.keys())
    for event in events:
        drafted, created = known.get(event["recid"], (datetime.max, datetime.min))
        moment = datetime.fromisoformat(event["timestamp"][:19])
        if event["recid"] not in drafts and not drafted <= moment < created:
            yield event


def _totals(events: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Return our counters of some downloads."""
    number = volume = 0
    uniques = set()
    for event in events:
        number += 1
        volume += int(event.get("size") or 0)
        if event.get("unique_session_id"):
            uniques.add((event["unique_id"], event["unique_session_id"]))
    return {"events": number, "uniques": len(uniques), "volume": volume}
