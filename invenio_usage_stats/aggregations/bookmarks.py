# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Bookmarks: up to which moment of indexing an aggregator has seen everything.

They are kept in invenio-stats' own index and format.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from invenio_search import current_search_client
from invenio_stats.bookmark import BookmarkAPI

from ..indices import find, full_name

OVERLAP = timedelta(minutes=15)
"""How far back of a bookmark a run looks: ``updated_timestamp`` is set before the bulk."""


def read(names: Iterable[str]) -> dict[str, datetime]:
    """Return the bookmarks of aggregators, in one search."""
    body = {
        "size": 0,
        "query": {"terms": {"aggregation_type": list(names)}},
        "aggs": {
            "names": {
                "terms": {"field": "aggregation_type", "size": 100},
                "aggs": {"date": {"max": {"field": "date"}}},
            }
        },
    }
    buckets = find(full_name("stats-bookmarks"), body).get("aggregations", {"names": {}})
    return {
        bucket["key"]: datetime.fromtimestamp(bucket["date"]["value"] / 1000, UTC)
        for bucket in buckets["names"].get("buckets", ())
    }


def write(names: Iterable[str], moment: datetime) -> None:
    """Set the bookmarks of aggregators, in one request."""
    index = full_name("stats-bookmarks")
    if not current_search_client.indices.exists(index=index):
        current_search_client.indices.create(index=index, body=BookmarkAPI.MAPPINGS)
    lines: list[dict] = []
    for name in names:
        lines += [{"index": {}}, {"date": moment.isoformat(), "aggregation_type": name}]
    current_search_client.bulk(body=lines, index=index, params={"refresh": "true"})


def since(bookmark: datetime | None) -> datetime | None:
    """Return from which moment on changes must be looked at (naive UTC)."""
    return None if bookmark is None else (bookmark - OVERLAP).replace(tzinfo=None)
