# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The pass over usage: one reading of each changed day, for every scope at once."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from flask import current_app
from invenio_db import db

from ...errors import EventsGoneError
from ...indices import (
    ALL_EVENTS,
    PAGE,
    SHEETS,
    USAGE_DELTA,
    USAGE_EVENTS,
    VISIT,
    find,
    find_all,
    full_name,
    of_scope,
    refresh,
    scroll,
    terms_batches,
    with_any,
)
from ...ledger.history import GLOBAL, day_date, day_number
from ...ledger.projection import iso
from ...ledger.store import projected_since
from ...proxies import current_usage_stats
from ..base import Work, without_collector
from ..days import day_queries
from ..documents import document_id
from ..running import bookmarks
from ..running.leases import next_token
from ..sheets.days import DaySheets
from ..sheets.spans import day_span
from ..sheets.store import SheetWriter, sheet_id
from ..visits import Visits
from ..writer import Document
from .events import VisitEvent, events_of, lots_of, of_day
from .grouping import Change, DayGrouping, Entry
from .rendering import UsageRenderer
from .scope_days import DayCells

SCOPE = ["community_id"]
EVENT_BYTES = 800
"""Measured memory of an event until its record is counted."""


class UsagePass:
    """Aggregate changed days of usage: deltas, and sheets of days."""

    keeps = True
    """Days stay as they are when no event of a kind is left that was counted there."""

    def __init__(self, work: Work, sheets: bool = True) -> None:
        self.work = work
        self.catalog = work.documents.catalog
        self.columns = work.documents.columns
        self.timelines = current_usage_stats.timelines
        self.timelines.catch_up()
        self.until = iso(datetime.now(UTC).replace(tzinfo=None) - bookmarks.OVERLAP)
        table = self.timelines.table
        self.renderer = UsageRenderer(work.documents, table, self.columns)
        self.sheets = DaySheets(self.columns) if sheets else None

    def run(
        self,
        since: datetime | None,
        days: Callable[[int], bool] | None = None,
        scopes: Collection[str] | None = None,
    ) -> int:
        """Write the documents of all days that changed since a moment; return how many.

        ``since``: naive UTC, none for everything; ``days``: restrict to some days; ``scopes``:
        restrict to some scopes.
        """
        due = self.work.boundary.due(USAGE_DELTA.name)
        records = self._changed_records(since)
        changed = self.changed_days(since, records) | due
        change = None if since is None else Change(iso(since), records.keys())
        count = 0
        for day in sorted(changed):
            if days is None or days(day):
                count += self._day(day, None if day in due else change, scopes)
        if count:
            refresh(f"{USAGE_DELTA.target},{SHEETS.target}")
        return count

    def _changed_records(self, since: datetime | None) -> dict[str, datetime]:
        """Return the records with new ledger entries, and from when on these have effect."""
        if since is None:
            return {}
        with db.engine.connect() as connection:
            return {recid: at for recid, (_, at) in projected_since(connection, since).items()}

    def changed_days(self, since: datetime | None, records: dict[str, datetime]) -> set[int]:
        """Return the days with events indexed since a moment, or whose records' past changed."""
        if since is None:
            return days_with_events({"match_all": {}})
        late = {recid: at for recid, at in records.items() if at < since}
        days = days_with_events({"range": {"updated_timestamp": {"gte": iso(since)}}})
        for query in terms_batches("recid", late):
            first = min(late[recid] for recid in query["terms"]["recid"])
            past = {"range": {"timestamp": {"gte": iso(first)}}}
            days |= days_with_events({"bool": {"filter": [query, past]}})
        return days

    def _day(self, day: int, change: Change | None, only: Collection[str] | None) -> int:
        """Write one day's documents; scopes that have some but no events become empty."""
        with self.work.boundary.around(USAGE_DELTA.name, day=day), without_collector():
            token = next_token()
            known = known_of(day)
            if self.keeps:
                known.check()
            grouping = self.group(day, known, change)
            scopes = grouping.scopes()
            emptied = known.scopes - scopes.keys()
            scopes |= {scope: [] for scope in emptied}
            # what is touched but has neither events nor documents needs none
            wanted = (grouping.touched & scopes.keys()) | emptied
            if change is None or grouping.settled.get(known.settled_until) != known.settled:
                wanted = set(scopes)
            if only is not None:
                wanted &= set(only)
            settled = {
                "settled_until": self.until,
                "settled": grouping.settled[self.until],
                "whole": wanted == scopes.keys(),
            }
            visits = grouping.visits
            chosen = {s: (scopes[s], visits.of(s), visits.when(s)) for s in wanted}
            cells = DayCells(self.timelines.table, scopes.get(GLOBAL, ()))
            documents = self._documents(day, dict(sorted(chosen.items())), cells, token, settled)
            return self.work.writer.send(documents, token, USAGE_DELTA.name)
        return 0

    def group(self, day: int, known: "Known", change: Change | None = None) -> DayGrouping:
        """Return the events of one day, grouped."""

        def refused(id_: str, reason: str) -> None:
            text = f"event {id_}: {reason}"
            self.work.boundary.report(USAGE_DELTA.name, text, day=day, lasting=True)

        settling = [moment for moment in (self.until, known.settled_until) if moment]
        parts = (self.catalog, self.columns, self.timelines)
        grouping = DayGrouping(*parts, day, change, settling)
        limit = max(1, current_app.config["USAGE_STATS_MAX_MEMORY"] // EVENT_BYTES)
        for lot in lots_of(sum(known.events.values()), limit):
            for kind in USAGE_EVENTS:
                for page in events_of(kind, day, refused, lot):
                    grouping.add(kind, page)
            if known.events[VISIT]:
                for visits in events_of(VISIT, day, refused, lot, VisitEvent):
                    grouping.add_visits(visits)
            grouping.reduce()
        self.work.events += grouping.events
        return grouping

    def _documents(
        self,
        day: int,
        scopes: dict[str, tuple[list[Entry], Visits, list[str]]],
        cells: DayCells,
        token: int,
        settled: dict[str, Any],
    ) -> Iterator[Document]:
        """Yield the deltas and sheets of a day of some scopes."""
        first = day_date(day)
        written = datetime.now(UTC).replace(microsecond=0).isoformat()
        sheets = SheetWriter(self.columns, written, token)
        self.renderer.prepare(cells)
        for scope, (entries, visits, visited) in scopes.items():
            runs = list(cells.runs(entries))
            times = {"timestamp": written, "updated_timestamp": written}
            for part, text in enumerate(self.renderer.delta(scope, first, runs, times, visits)):
                id_ = document_id(scope, first) + (f"-{part}" if part else "")
                yield Document(USAGE_DELTA.index(first), id_, text, scope, day)
            if self.sheets is not None:
                sections = self.sheets.sections(entries, cells, runs, visits, visited)
                more = settled if scope == GLOBAL else {}
                yield from sheets.documents(scope, day_span(first), sections, more)


def days_with_events(query: dict[str, Any]) -> set[int]:
    """Return the days on which matching events happened."""
    body = {
        "size": 0,
        "query": query,
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
    answer = find(",".join(full_name(alias) for alias in ALL_EVENTS.values()), body)
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
    catalog = current_usage_stats.catalog
    paths = {kind: catalog.counter(kind, "events").path for kind in ALL_EVENTS}
    written = {"bool": {"filter": [of_documents, with_any(paths.values())]}}
    wanted = {"size": PAGE, "query": written, "_source": False, "docvalue_fields": SCOPE}
    counted = {"size": 0, "query": of_day(day), "track_total_hits": True}
    sheet = {
        "query": {"ids": {"values": [sheet_id(GLOBAL, day_span(day_date(day)))]}},
        "_source": False,
        "docvalue_fields": ["settled_until", "settled", *paths.values()],
    }
    questions = [(full_name(alias), counted) for alias in ALL_EVENTS.values()]
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
