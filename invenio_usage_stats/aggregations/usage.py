# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The pass over usage: one reading of each changed day, for every scope at once."""

import gc
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from invenio_db import db

from ..indices import (
    PAGE,
    SHEETS,
    USAGE_DELTA,
    USAGE_EVENTS,
    find,
    find_all,
    full_name,
    refresh,
    scroll,
    terms_batches,
)
from ..ledger.history import GLOBAL, day_date, day_number
from ..ledger.projection import iso
from ..ledger.store import projected_since
from ..proxies import current_usage_stats
from .base import Work
from .columns import Columns
from .days import day_queries
from .documents import document_id
from .events import events_of, lots_of, of_day
from .grouping import Change, DayGrouping, Entry, cells_of
from .leases import next_token
from .rendering import UsageRenderer, runs_of
from .sheets.days import DaySheets
from .sheets.spans import day_span
from .sheets.store import SheetWriter
from .writer import Document

SCOPE = ["community_id"]
EVENT_BYTES = 800
"""Measured memory of an event until its record is counted."""


class UsagePass:
    """Aggregate changed days of usage: deltas, and sheets of days."""

    def __init__(self, work: Work, sheets: bool = True) -> None:
        self.work = work
        self.catalog = work.documents.catalog
        self.columns = work.documents.columns
        self.timelines = current_usage_stats.timelines
        self.timelines.catch_up()
        table = self.timelines.table
        self.renderer = UsageRenderer(work.documents, table, self.columns)
        self.sheets = DaySheets(self.catalog, table) if sheets else None

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
            events, written = known_of(day, self.columns)
            grouping = self.group(day, events, change)
            scopes = grouping.scopes()
            emptied = written - scopes.keys()
            scopes |= {scope: [] for scope in emptied}
            wanted = scopes.keys() if change is None else grouping.touched | emptied
            if only is not None:
                wanted = wanted & set(only)
            documents = self._documents(day, scopes, sorted(wanted), token)
            return self.work.writer.send(documents, token, USAGE_DELTA.name)
        return 0

    def group(self, day: int, events: int, change: Change | None = None) -> DayGrouping:
        """Return the events of one day, grouped; ``events``: how many there are."""

        def refused(id_: str, reason: str) -> None:
            text = f"event {id_}: {reason}"
            self.work.boundary.report(USAGE_DELTA.name, text, day=day, lasting=True)

        grouping = DayGrouping(self.catalog, self.columns, self.timelines, day, change)
        limit = current_app.config["USAGE_STATS_MAX_MEMORY"] // EVENT_BYTES
        for lot in lots_of(events, limit):
            for kind in USAGE_EVENTS:
                for page in events_of(kind, day, refused, lot):
                    grouping.add(kind, page)
            grouping.reduce()
        self.work.events += grouping.events
        return grouping

    def _documents(
        self,
        day: int,
        scopes: dict[str, list[Entry]],
        wanted: Iterable[str],
        token: int,
    ) -> Iterator[Document]:
        """Yield the deltas and sheets of a day of the wanted scopes."""
        table = self.timelines.table
        date = day_date(day)
        written = datetime.now(UTC).replace(microsecond=0).isoformat()
        sheets = SheetWriter(self.columns, written, token)
        everything = cells_of(scopes.get(GLOBAL, ()))
        ranks = {cell: n for n, cell in enumerate(sorted(everything, key=table.rank))}
        self.renderer.prefetch(ranks)
        for scope in wanted:
            entries = scopes[scope]
            cells = everything if scope == GLOBAL else cells_of(entries)
            runs = runs_of(cells, ranks, table, self.columns)
            times = {"timestamp": written, "updated_timestamp": written}
            for part, text in enumerate(self.renderer.delta(scope, date, runs, times)):
                id_ = document_id(scope, date) + (f"-{part}" if part else "")
                yield Document(USAGE_DELTA.index(date), id_, text, scope, day)
            if self.sheets is not None:
                sections = self.sheets.sections(entries, runs)
                yield from sheets.documents(scope, day_span(date), sections)


@contextmanager
def without_collector() -> Iterator[None]:
    """Keep Python from looking for cycles: a day has millions of objects, and none of them.

    Measured: the search for cycles takes a quarter of the time of a day.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


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
    answer = find(",".join(full_name(alias) for alias in USAGE_EVENTS.values()), body)
    buckets = answer.get("aggregations", {}).get("days", {}).get("buckets", ())
    return {day_number(datetime.fromtimestamp(b["key"] / 1000, UTC).date()) for b in buckets}


def known_of(day: int, columns: Columns) -> tuple[int, set[str]]:
    """Return how many events a day has, and which scopes have documents that tell of any."""
    (of_documents,) = day_queries(("period_start",), [day])
    used = [
        {"range": {f"totals.{metric.event}.{metric.field}": {"gt": 0}}}
        for metric in columns.metrics
        if metric.counter == "events"
    ]
    written = {"bool": {"filter": [of_documents], "should": used, "minimum_should_match": 1}}
    wanted = {"size": PAGE, "query": written, "_source": False, "docvalue_fields": SCOPE}
    counted = {"size": 0, "query": of_day(day), "track_total_hits": True}
    usage = ",".join(full_name(alias) for alias in USAGE_EVENTS.values())
    events, found = find_all([(usage, counted), (USAGE_DELTA.target, wanted)])
    hits: Iterable[dict[str, Any]] = found["hits"]["hits"]
    if len(found["hits"]["hits"]) == PAGE:
        hits = scroll(USAGE_DELTA.target, written, _source=False, docvalue_fields=SCOPE)
    scopes = {hit["fields"]["community_id"][0] for hit in hits}
    return events["hits"]["total"]["value"], scopes
