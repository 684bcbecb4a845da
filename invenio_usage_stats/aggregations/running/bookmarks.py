# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Bookmarks: up to which moment of indexing an aggregator has seen everything.

They are kept in invenio-stats' own index and format.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from invenio_search import current_search_client
from invenio_stats.bookmark import BookmarkAPI

from ...errors import SearchEngineError
from ...indices import find, full_name

INDEX = "stats-bookmarks"
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
    buckets = find(full_name(INDEX), body).get("aggregations", {"names": {}})
    return {
        bucket["key"]: datetime.fromtimestamp(bucket["date"]["value"] / 1000, UTC)
        for bucket in buckets["names"].get("buckets", ())
    }


def create() -> None:
    """Create the index, unless it is there."""
    indices = current_search_client.indices
    indices.create(index=full_name(INDEX), body=BookmarkAPI.MAPPINGS, ignore=[400])


def write(names: Iterable[str], moment: datetime) -> None:
    """Set the bookmarks of aggregators, in one request; each leaves one document a day."""
    lines: list[dict] = []
    for name in names:
        lines.append({"index": {"_id": f"{name}-{moment.date()}"}})
        lines.append({"date": moment.isoformat(), "aggregation_type": name})
    params = {"refresh": "true", "filter_path": "errors,items.*.error"}
    answer = current_search_client.bulk(body=lines, index=full_name(INDEX), params=params)
    if answer["errors"]:
        raise SearchEngineError(f"The bookmarks were not written: {answer['items'][0]}")


def since(bookmark: datetime | None) -> datetime | None:
    """Return from which moment on changes must be looked at (naive UTC)."""
    return None if bookmark is None else (bookmark - OVERLAP).replace(tzinfo=None)
