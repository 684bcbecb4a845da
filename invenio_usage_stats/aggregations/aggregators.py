# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The aggregators that invenio-stats knows: faces of the passes, one for each product.

They follow the contract of ``invenio_stats.aggregations.StatAggregator``.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from invenio_search import current_search_client
from invenio_stats.bookmark import BookmarkAPI

from ..indices import (
    EVENTS,
    RECORD_DELTAS,
    RECORD_SNAPSHOTS,
    USAGE_DELTA,
    USAGE_SNAPSHOT,
    Product,
    full_name,
)
from ..ledger.projection import drain, forget
from ..readiness import require_setup
from .runs import aggregate


class CommunityAggregator:
    """Aggregate one product."""

    product: Product

    def __init__(self, name: str, client: Any = None, **params: Any) -> None:
        self.name = name
        self.client = client or current_search_client
        self.bookmark_api = BookmarkAPI(self.client, name, "day")

    def run(
        self,
        start_date: datetime | None = None,
        end_date: datetime | None = None,
        update_bookmark: bool = True,
    ) -> list[tuple[str, int]]:
        """Aggregate what changed since the bookmark, or the given days; return counts by step."""
        outcomes = aggregate((self.product,), start_date, end_date, update_bookmark)
        return [(outcome.name, outcome.documents) for outcome in outcomes]

    def delete(self, start_date: datetime | None = None, end_date: datetime | None = None) -> None:
        """Delete the documents of these days, and the bookmarks."""
        field = "period_start" if self.product.kind == "delta" else "snapshot_date"
        bounds = {"gte": start_date, "lte": end_date}
        limits = {name: value.date().isoformat() for name, value in bounds.items() if value}
        self._delete(self.product.target, {"range": {field: limits}} if limits else None)
        self._delete(full_name("stats-bookmarks"), {"term": {"aggregation_type": self.name}})

    def _delete(self, index: str, query: dict[str, Any] | None) -> None:
        """Delete documents by query."""
        self.client.delete_by_query(
            index=index,
            body={"query": query or {"match_all": {}}},
            params={"ignore_unavailable": "true", "conflicts": "proceed", "refresh": "true"},
        )

    def list_bookmarks(
        self,
        start_date: datetime | None = None,
        end_date: datetime | None = None,
        limit: int | None = None,
    ) -> Iterable[Any]:
        """Return the bookmarks, newest first."""
        return self.bookmark_api.list_bookmarks(start_date, end_date, limit)


class CommunityRecordsDeltaCreatedAggregator(CommunityAggregator):
    """Aggregate what records changed, counted from their creation."""

    product = RECORD_DELTAS[1]


class CommunityRecordsDeltaAddedAggregator(CommunityAggregator):
    """Aggregate what records changed, counted from their joining."""

    product = RECORD_DELTAS[0]


class CommunityRecordsDeltaPublishedAggregator(CommunityAggregator):
    """Aggregate what records changed, counted from their publication date."""

    product = RECORD_DELTAS[2]


class CommunityRecordsSnapshotCreatedAggregator(CommunityAggregator):
    """Aggregate what communities hold, counted from the records' creation."""

    product = RECORD_SNAPSHOTS[1]


class CommunityRecordsSnapshotAddedAggregator(CommunityAggregator):
    """Aggregate what communities hold, counted from the records' joining."""

    product = RECORD_SNAPSHOTS[0]


class CommunityRecordsSnapshotPublishedAggregator(CommunityAggregator):
    """Aggregate what communities hold, counted from the records' publication date."""

    product = RECORD_SNAPSHOTS[2]


class CommunityUsageDeltaAggregator(CommunityAggregator):
    """Aggregate the usage of each day."""

    product = USAGE_DELTA


class CommunityUsageSnapshotAggregator(CommunityAggregator):
    """Aggregate usage since the beginning."""

    product = USAGE_SNAPSHOT


class CommunityEventsIndexAggregator(CommunityAggregator):
    """Write the ledger's new entries into ``stats-community-events``."""

    def run(
        self,
        start_date: datetime | None = None,
        end_date: datetime | None = None,
        update_bookmark: bool = True,
    ) -> list[tuple[str, int]]:
        """Drain the projection; the ledger itself knows what is left, so dates do not matter."""
        require_setup()
        return [("projection", drain())]

    def delete(self, start_date: datetime | None = None, end_date: datetime | None = None) -> None:
        """Delete the projection; the ledger stays, and the next run writes it anew."""
        self._delete(full_name(EVENTS), None)
        forget()


AGGREGATORS = (
    CommunityRecordsDeltaCreatedAggregator,
    CommunityRecordsDeltaAddedAggregator,
    CommunityRecordsDeltaPublishedAggregator,
    CommunityRecordsSnapshotCreatedAggregator,
    CommunityRecordsSnapshotAddedAggregator,
    CommunityRecordsSnapshotPublishedAggregator,
    CommunityUsageDeltaAggregator,
    CommunityUsageSnapshotAggregator,
)
EVENTS_AGGREGATION = "community-events-index-agg"


def configuration(templates: str) -> dict[str, dict[str, Any]]:
    """Return the entries of ``STATS_AGGREGATIONS``; ``templates``: package of index templates."""
    classes = {EVENTS_AGGREGATION: CommunityEventsIndexAggregator}
    classes |= {aggregator.product.name: aggregator for aggregator in AGGREGATORS}
    return {
        name: {"templates": templates, "cls": cls, "params": {}} for name, cls in classes.items()
    }
