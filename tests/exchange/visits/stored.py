# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Puts visits into the real search engine, and reads back what was counted."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from invenio_usage_stats.indices import ALL_EVENTS, USAGE_DELTA, VISIT, full_name, refresh

from ...oracle.visits import Visit
from ...world import put, stored_deltas


def index_visits(visits: Iterable[Visit]) -> None:
    """Store visits as invenio-stats does."""
    put([_action(visit) for visit in visits])
    refresh(full_name(ALL_EVENTS[VISIT]))


def _action(visit: Visit) -> dict:
    """Return what writes a visit."""
    document = {
        "timestamp": visit.at.isoformat(),
        "community_id": visit.community,
        "unique_id": visit.community,
        "visitor_id": visit.visitor,
        "unique_session_id": visit.session,
        "country": "DE",
        "is_robot": visit.is_robot,
        "is_machine": False,
        "updated_timestamp": datetime.now(UTC).isoformat(),
    }
    index = full_name(f"{ALL_EVENTS[VISIT]}-{visit.at:%Y-%m}")
    return {"_index": index, "_source": document}


def stored() -> tuple[dict[tuple[str, date], dict], dict[tuple[str, date], dict]]:
    """Return the visits of all daily documents, and these documents without them."""
    documents = stored_deltas(USAGE_DELTA)
    visits = {key: document["totals"].pop(VISIT, {}) for key, document in documents.items()}
    return {key: found for key, found in visits.items() if found}, documents
