# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Status: how far each aggregation has come."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from invenio_db import db

from ..aggregations import bookmarks
from ..indices import PRODUCTS
from ..ledger.models import LedgerEntry, LedgerRecord
from ..proxies import current_usage_stats


def status() -> dict[str, Any]:
    """Return bookmarks with their lag in seconds, and the state of the ledger."""
    marks = bookmarks.read(product.name for product in PRODUCTS)
    now = datetime.now(UTC)
    return {
        "aggregations": [
            {
                "name": product.name,
                "bookmark": marks[product.name].isoformat() if product.name in marks else None,
                "lag_seconds": _lag(now, marks.get(product.name)),
            }
            for product in PRODUCTS
        ],
        "ledger": ledger_status(),
    }


def _lag(now: datetime, mark: datetime | None) -> int | None:
    """Return the seconds since a bookmark."""
    return None if mark is None else int((now - mark).total_seconds())


def ledger_status() -> dict[str, int]:
    """Return the sizes of the ledger, and how many entries wait for projection."""
    waiting = sa.func.sum(sa.case((LedgerEntry.projected_at.is_(None), 1), else_=0))
    with db.engine.connect() as connection:
        entries, unprojected = connection.execute(
            sa.select(sa.func.count(LedgerEntry.id), waiting)
        ).one()
        records = connection.execute(sa.select(sa.func.count(LedgerRecord.id))).scalar()
    return {
        "records": records,
        "entries": entries,
        "waiting": int(unprojected or 0),
        "recorder_failures": current_usage_stats.recorder_failures,
    }
