# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Bookmarks: up to which moment of indexing an aggregator has seen everything.

They are kept in invenio-stats' own index and format.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from flask import current_app
from invenio_search import current_search_client
from invenio_stats.bookmark import BookmarkAPI

from ...errors import SearchEngineError
from ...indices import find, full_name

INDEX = "stats-bookmarks"
OVERLAP = timedelta(minutes=15)
"""How far back of a bookmark a run looks: ``updated_timestamp`` is set before the bulk."""
AHEAD = timedelta(minutes=1)
"""How far ahead of a backfill's bookmark (which is ``OVERLAP`` ahead) another clock may be."""


class Marks(NamedTuple):
    """Be the bookmarks of aggregators, and who has some that a wrong clock set in the future."""

    past: dict[str, datetime]
    ahead: list[str]


def look(names: Iterable[str]) -> Marks:
    """Return the bookmarks of aggregators, and what lies in the future, in one search."""
    body = {
        "size": 0,
        "query": {"terms": {"aggregation_type": list(names)}},
        "aggs": {
            "names": {
                "terms": {"field": "aggregation_type", "size": 100},
                "aggs": {
                    "past": {
                        "filter": {"bool": {"must_not": _future()}},
                        "aggs": {"date": {"max": {"field": "date"}}},
                    }
                },
            }
        },
    }
    found = find(full_name(INDEX), body).get("aggregations", {"names": {}})
    buckets = found["names"].get("buckets", ())
    return Marks(
        {
            bucket["key"]: datetime.fromtimestamp(bucket["past"]["date"]["value"] / 1000, UTC)
            for bucket in buckets
            if bucket["past"]["doc_count"]
        },
        [one["key"] for one in buckets if one["past"]["doc_count"] < one["doc_count"]],
    )


def read(names: Iterable[str]) -> dict[str, datetime]:
    """Return the bookmarks of aggregators; those in the future stand for nothing."""
    return look(names).past


def take(names: Iterable[str]) -> dict[str, datetime]:
    """Return the bookmarks of aggregators, and delete those in the future.

    Nobody would notice when one of these comes true, and leaves out what happened before.
    """
    found = look(names)
    if found.ahead:
        owned = {"terms": {"aggregation_type": found.ahead}}
        current_search_client.delete_by_query(
            index=full_name(INDEX),
            body={"query": {"bool": {"filter": [owned, _future()]}}},
            params={"refresh": "true", "conflicts": "proceed"},
        )
        current_app.logger.warning(
            "Usage statistics: bookmarks in the future were deleted: %s", ", ".join(found.ahead)
        )
    return found.past


def _future() -> dict[str, Any]:
    """Return a query for bookmarks that no clock of today sets."""
    return {"range": {"date": {"gt": (datetime.now(UTC) + OVERLAP + AHEAD).isoformat()}}}


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
