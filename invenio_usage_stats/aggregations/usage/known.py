# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What is known of days before they are read: which have events, and what was counted there."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from ...errors import EventsGoneError
from ...indices import PAGE, SHEETS, USAGE_DELTA, find, find_all, of_scope, scroll, with_any
from ...ledger.history import GLOBAL, day_date, day_number
from ...proxies import current_usage_stats
from ..days import day_queries
from ..kinds import counting, stored_events, stored_kinds
from ..sheets.spans import day_span
from ..sheets.store import sheet_id
from .events import of_day

SCOPE = ["community_id"]


def days_with_events(query: dict[str, Any]) -> set[int]:
    """Return the days on which matching events happened."""
    body = {
        "size": 0,
        "query": counting(query),
        "aggs": {
            "days": {
                "date_histogram": {
                    "field": "timestamp",
                    "calendar_interval": "day",
                    "min_doc_count": 1,
                }
            }
        },
    }
    answer = find(stored_events(), body)
    buckets = answer.get("aggregations", {}).get("days", {}).get("buckets", ())
    return {day_number(datetime.fromtimestamp(b["key"] / 1000, UTC).date()) for b in buckets}


class Known(NamedTuple):
    """Be what is known of a day before it is read.

    ``events``: how many there are of each kind, and ``counted``: how many counted when the day was
    written last; ``scopes``: those with documents that tell of any event; ``settled``: how many
    events had been indexed before ``settled_until`` then. Where it is another number now, events
    were deleted or replaced, and scopes are wrong in which nothing new happened.
    """

    events: dict[str, int]
    counted: dict[str, int]
    scopes: set[str]
    settled_until: str | None
    settled: int | None

    def check(self) -> None:
        """Raise ``EventsGoneError`` when a kind of events was counted of which there is none."""
        gone = [kind for kind, count in self.counted.items() if count and not self.events[kind]]
        if gone:
            raise EventsGoneError(
                f"{' and '.join(gone)} events are gone, or their index is closed; the day stays "
                "as it is. The night counts what is left, unless most of the month is gone."
            )


def partly_written_days(until: date) -> set[int]:
    """Return the days before another one of which only some scopes were written last.

    A deleted event that had been indexed just before a run may still be counted there.
    """
    partly = [{"term": {"whole": False}}, of_scope(GLOBAL, "span_start", lt=until)]
    dated = [{"field": "span_start", "format": "strict_date"}]
    query = {"bool": {"filter": partly}}
    hits = scroll(SHEETS.target, query, _source=False, docvalue_fields=dated)
    return {day_number(date.fromisoformat(hit["fields"]["span_start"][0])) for hit in hits}


def known_of(day: int) -> Known:
    """Return what is known of a day, asked in one request."""
    (of_documents,) = day_queries(("period_start",), [day])
    catalog, kinds = current_usage_stats.catalog, stored_kinds()
    paths = {kind: catalog.counter(kind, "events").path for kind in kinds}
    written = {"bool": {"filter": [of_documents, with_any(paths.values())]}}
    wanted = {"size": PAGE, "query": written, "_source": False, "docvalue_fields": SCOPE}
    sheet = {
        "query": {"ids": {"values": [sheet_id(GLOBAL, day_span(day_date(day)))]}},
        "_source": False,
        "docvalue_fields": ["settled_until", "settled", *paths.values()],
    }
    questions = [(index, _counting(kind, day)) for kind, index in kinds.items()]
    questions += [(USAGE_DELTA.target, wanted), (SHEETS.target, sheet)]
    *events, found, sheets = find_all(questions)
    hits: Iterable[dict[str, Any]] = found["hits"]["hits"]
    if len(found["hits"]["hits"]) == PAGE:
        hits = scroll(USAGE_DELTA.target, written, _source=False, docvalue_fields=SCOPE)
    scopes = {hit["fields"]["community_id"][0] for hit in hits}
    fields = next((hit.get("fields", {}) for hit in sheets["hits"]["hits"]), {})
    last = {name: values[0] for name, values in fields.items()}
    return Known(
        {kind: one["hits"]["total"]["value"] for kind, one in zip(paths, events, strict=True)},
        {kind: last.get(path, 0) for kind, path in paths.items()},
        scopes,
        last.get("settled_until"),
        last.get("settled"),
    )


def _counting(kind: str, day: int) -> dict[str, Any]:
    """Return a search that counts the events of a kind on a day."""
    return {"size": 0, "query": of_day(day, kind), "track_total_hits": True}
