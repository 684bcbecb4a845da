# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The pass over usage: one reading of each changed day, for every scope at once."""

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from invenio_db import db

from ...indices import (
    REPORT,
    SHEETS,
    USAGE_DELTA,
    USAGE_EVENTS,
    VISIT,
    refresh,
    terms_batches,
)
from ...ledger.history import GLOBAL, day_date
from ...ledger.projection import iso
from ...ledger.store import projected_since, works_of
from ...proxies import current_usage_stats
from ..base import Work, without_collector
from ..beside import Beside
from ..documents import document_id
from ..kinds import CONDITIONS
from ..running import bookmarks
from ..running.leases import next_token
from ..sheets.days import DaySheets
from ..sheets.spans import day_span
from ..sheets.store import SheetWriter
from ..writer import Document
from .events import ReportEvent, VisitEvent, events_of, lots_of
from .grouping import Change, DayGrouping, Entry
from .known import Known, days_with_events, known_of
from .rendering import UsageRenderer
from .scope_days import DayCells

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
            days |= _days_since(min(late[recid] for recid in query["terms"]["recid"]), [query])
        return days | self._days_of_works(late)

    def _days_of_works(self, late: dict[str, datetime]) -> set[int]:
        """Return the days with reported downloads of works as a whole whose past changed."""
        days: set[int] = set()
        if late and self.catalog.reports:
            with db.engine.connect() as connection:
                works = set(works_of(connection, late).values())
            for query in terms_batches("parent_recid", works):
                days |= _days_since(min(late.values()), [query, *CONDITIONS[REPORT]])
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
            chosen = {s: (scopes[s], grouping.beside(s)) for s in wanted}
            cells = DayCells(self.timelines.table, scopes.get(GLOBAL, ()))
            documents = self._documents(day, dict(sorted(chosen.items())), cells, token, settled)
            return self.work.writer.send(documents, token, USAGE_DELTA.name)
        return 0

    def group(self, day: int, known: Known, change: Change | None = None) -> DayGrouping:
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
            if known.events.get(REPORT):
                for reports in events_of(REPORT, day, refused, lot, ReportEvent):
                    grouping.add_reports(reports)
            grouping.reduce()
        self.work.events += grouping.events
        return grouping

    def _documents(
        self,
        day: int,
        scopes: dict[str, tuple[list[Entry], Beside]],
        cells: DayCells,
        token: int,
        settled: dict[str, Any],
    ) -> Iterator[Document]:
        """Yield the deltas and sheets of a day of some scopes."""
        first = day_date(day)
        written = datetime.now(UTC).replace(microsecond=0).isoformat()
        sheets = SheetWriter(self.columns, written, token)
        self.renderer.prepare(cells)
        for scope, (entries, beside) in scopes.items():
            runs = list(cells.runs(entries))
            times = {"timestamp": written, "updated_timestamp": written}
            for part, text in enumerate(self.renderer.delta(scope, first, runs, times, beside)):
                id_ = document_id(scope, first) + (f"-{part}" if part else "")
                yield Document(USAGE_DELTA.index(first), id_, text, scope, day)
            if self.sheets is not None:
                sections = self.sheets.sections(entries, cells, runs, beside)
                more = settled if scope == GLOBAL else {}
                yield from sheets.documents(scope, day_span(first), sections, more)


def _days_since(moment: datetime, queries: list[dict[str, Any]]) -> set[int]:
    """Return the days from a moment on with events that meet some queries."""
    past = {"range": {"timestamp": {"gte": iso(moment)}}}
    return days_with_events({"bool": {"filter": [*queries, past]}})
