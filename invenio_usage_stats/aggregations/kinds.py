# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Kinds of events that are counted: where they are stored, and which of them count."""

from typing import Any

from ..indices import ALL_EVENTS, REPORT, REPORTED, full_name
from ..proxies import current_usage_stats

ALIASES = {**ALL_EVENTS, REPORT: REPORTED}
CONDITIONS: dict[str, list[dict[str, Any]]] = {
    "view": [{"term": {"via_api": False}}],
    REPORT: [{"term": {"action": "download"}}, {"term": {"resolved": True}}],
}
"""Which events of a kind count, unless they are of robots; of other kinds all do."""
OTHERS: dict[str, Any] = {
    "bool": {
        "filter": {"exists": {"field": "action"}},
        "must_not": {"bool": {"filter": CONDITIONS[REPORT]}},
    }
}
"""What software has reported besides: what is no download, or none of a record."""


def stored_kinds() -> dict[str, str]:
    """Return the kinds of events that this instance counts, each with its alias."""
    return {kind: full_name(ALIASES[kind]) for kind in current_usage_stats.catalog.kinds}


def stored_events() -> str:
    """Return the aliases of all events that this instance counts, as one expression."""
    return ",".join(stored_kinds().values())


def counting(query: dict[str, Any]) -> dict[str, Any]:
    """Return a query for what it finds of all events, without what was reported besides."""
    if REPORT not in current_usage_stats.catalog.kinds:
        return query
    return {"bool": {"filter": query, "must_not": OTHERS}}
