# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The pass over usage: one reading of each changed day, for every scope at once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from invenio_db import db

from ..indices import USAGE_DELTA, USAGE_EVENTS, find, full_name, scroll, terms_batches
from ..ledger.facts import extension_of
from ..ledger.history import DAY, day_date, day_number
from ..ledger.projection import iso, read_histories, seconds
from ..ledger.source import draft_recids
from ..ledger.store import projected_since
from .attribution import Segment, Timeline, unknown_segment
from .days import day_queries
from .documents import Documents
from .shares import MISSING, TOTAL, Cell
from .states import UsageState, UsageTally
from .writer import Row, packed, write_rows


class UsageEvent(msgspec.Struct):
    """Be one usage event, as invenio-stats stores it."""

    timestamp: str
    recid: str
    unique_id: str = ""
    parent_recid: str | None = None
    visitor_id: str | None = None
    unique_session_id: str | None = None
    country: str | None = None
    referrer: str | None = None
    file_key: str | None = None
    size: float | None = None
    via_api: bool | None = None
    is_robot: bool | None = None


class Tally:
    """Count one kind of event of one cell within a day."""

    __slots__ = ("events", "files", "parents", "records", "uniques", "visitors", "volume")

    def __init__(self) -> None:
        self.events = self.volume = 0
        self.visitors: set[str] = set()
        self.uniques: set[tuple[str, str]] = set()
        self.records: set[int] = set()
        self.parents: set[int] = set()
        self.files: set[str] = set()

    def count(self, event: UsageEvent, is_file: bool) -> None:
        """Count one event."""
        self.events += 1
        if event.visitor_id:
            self.visitors.add(event.visitor_id)
        if event.unique_session_id:
            self.uniques.add((event.unique_id, event.unique_session_id))
        if is_file:
            self.volume += int(event.size or 0)
            self.files.add(event.unique_id)

    def merge(self, other: "Tally", segment: Segment) -> None:
        """Add the tally of a segment."""
        self.events += other.events
        self.volume += other.volume
        self.visitors |= other.visitors
        self.uniques |= other.uniques
        self.files |= other.files
        self.records.add(segment.record)
        self.parents.add(segment.parent)

    def finish(self) -> UsageTally:
        """Return what remains when the day is over: visitors only as numbers."""
        return UsageTally(
            events=self.events,
            visitors=len(self.visitors),
            uniques=len(self.uniques),
            volume=self.volume,
            records=self.records,
            parents=self.parents,
            files=self.files,
        )


Kinds = dict[tuple[Segment, str], dict[Cell, Tally]]


class UsagePass:
    """Aggregate changed days of usage."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents
        self.catalog = catalog = documents.catalog
        self.event_dimensions = catalog.of_event()
        self.file_dimensions = [d for d in catalog.of_family("usage") if d.source == "file"]
        self.timelines: dict[str, Timeline | None] = {}
        self.strangers: dict[str, Segment] = {}

    def run(self, since: datetime | None, days: Callable[[int], bool] | None = None) -> int:
        """Write the documents of all days that changed since a moment; return how many.

        ``since``: naive UTC, none for everything; ``days``: restrict to some days.
        """
        changed = sorted(d for d in self.changed_days(since) if days is None or days(d))
        written = scopes_written_on(changed)
        rows = (row for day in changed for row in self._rows(day, written.get(day, ())))
        return write_rows(USAGE_DELTA, rows)

    def changed_days(self, since: datetime | None) -> set[int]:
        """Return the days with events indexed since a moment, or whose records' past changed."""
        if since is None:
            return days_with_events({"match_all": {}})
        with db.engine.connect() as connection:
            late = {
                recid: at
                for recid, (_, at) in projected_since(connection, since).items()
                if at < since
            }
        days = days_with_events({"range": {"updated_timestamp": {"gte": iso(since)}}})
        for query in terms_batches("recid", late):
            first = min(late[recid] for recid in query["terms"]["recid"])
            past = {"range": {"timestamp": {"gte": iso(first)}}}
            days |= days_with_events({"bool": {"filter": [query, past]}})
        return days

    def _rows(self, day: int, written: Iterable[str]) -> Iterator[Row]:
        """Yield a day's documents; scopes with a document but without events become empty."""
        states = self.group(day)
        for scope in written:
            states.setdefault(scope, UsageState())
        self.documents.prefetch(state.cells for state in states.values())
        for scope in sorted(states):
            yield scope, day_date(day), packed(self.documents.usage_delta, states[scope])

    def group(self, day: int) -> dict[str, UsageState]:
        """Return the usage of every scope on one day."""
        kinds: Kinds = {}
        for kind in USAGE_EVENTS:
            events = list(events_of(kind, day))
            self._load(events)
            self._count(kind, events, kinds)
        return _by_scope(kinds)

    def _load(self, events: Iterable[UsageEvent]) -> None:
        """Load the timelines of records that are not known yet."""
        recids = {event.recid for event in events} - self.timelines.keys()
        for history in read_histories("record_id", recids):
            self.timelines[history.record] = Timeline(history, self.catalog)
        for recid in recids - self.timelines.keys():
            self.timelines[recid] = None

    def _count(self, kind: str, events: list[UsageEvent], kinds: Kinds) -> None:
        """Count events per segment, first of all: the visitors of a record are few."""
        is_file = kind == "download"
        drafts = self._drafts(events) if is_file else set()
        for event in events:
            segment = self._segment(event, is_file, drafts)
            if segment is None:
                continue
            tallies = kinds.setdefault((segment, kind), {})
            for cell in (TOTAL, *self._event_cells(event, is_file)):
                if cell not in tallies:
                    tallies[cell] = Tally()
                tallies[cell].count(event, is_file)

    def _drafts(self, events: list[UsageEvent]) -> set[str]:
        """Return which unknown records are drafts."""
        unknown = {event.recid for event in events if self.timelines[event.recid] is None}
        with db.engine.connect() as connection:
            return draft_recids(connection, unknown)

    def _segment(self, event: UsageEvent, is_file: bool, drafts: set[str]) -> Segment | None:
        """Return where an event counts; none for a draft's file."""
        timeline = self.timelines[event.recid]
        if timeline is None:
            if event.recid in drafts:
                return None
            return self._stranger(event)
        moment = seconds(event.timestamp)
        return None if is_file and timeline.is_draft(moment) else timeline.at(moment)

    def _stranger(self, event: UsageEvent) -> Segment:
        """Return the segment of a record that the ledger never knew."""
        if event.recid not in self.strangers:
            segment = unknown_segment(event.recid, event.parent_recid, self.catalog)
            self.strangers[event.recid] = segment
        return self.strangers[event.recid]

    def _event_cells(self, event: UsageEvent, is_file: bool) -> Iterator[Cell]:
        """Yield the cells that only the event knows."""
        for dimension in self.event_dimensions:
            for key in dimension.values(event) or (MISSING,):
                yield dimension.id, key
        if is_file:
            known = self.timelines[event.recid] is not None
            for dimension in self.file_dimensions:
                yield dimension.id, extension_of(event.file_key) if known else MISSING


def _by_scope(kinds: Kinds) -> dict[str, UsageState]:
    """Unite the segments of each scope."""
    scopes: defaultdict[str, defaultdict[tuple[Cell, str], Tally]] = defaultdict(
        lambda: defaultdict(Tally)
    )
    for (segment, kind), tallies in kinds.items():
        shared = segment.cells if kind == "download" else segment.cells + segment.file_cells
        for scope in segment.scopes:
            groups = scopes[scope]
            for cell, tally in tallies.items():
                groups[cell, kind].merge(tally, segment)
            for cell in shared:
                groups[cell, kind].merge(tallies[TOTAL], segment)
    return {scope: _state(groups) for scope, groups in scopes.items()}


def _state(groups: dict[tuple[Cell, str], Tally]) -> UsageState:
    """Return the state of one scope's day."""
    state = UsageState()
    for (cell, kind), tally in groups.items():
        dimension, key = cell
        state.cells.setdefault(dimension, {}).setdefault(key, {})[kind] = tally.finish()
    return state


def events_of(kind: str, day: int) -> Iterator[UsageEvent]:
    """Yield the events of a day that count: no robots, and of views only those of pages.

    These are the filters of the repository's own aggregation.
    """
    first = day_date(day)
    query = {
        "range": {
            "timestamp": {
                "gte": f"{first.isoformat()}T00:00:00",
                "lt": f"{(first + timedelta(days=1)).isoformat()}T00:00:00",
            }
        }
    }
    for hit in scroll(full_name(USAGE_EVENTS[kind]), query):
        event = msgspec.convert(hit["_source"], UsageEvent)
        if not event.is_robot and (kind != "view" or event.via_api is False):
            yield event


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


def scopes_written_on(days: Iterable[int]) -> dict[int, set[str]]:
    """Return the scopes that have usage documents, by day."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for query in day_queries(("period_start",), days):
        for hit in scroll(USAGE_DELTA.target, query, _source=["community_id", "period_start"]):
            source = hit["_source"]
            found[seconds(source["period_start"]) // DAY].add(source["community_id"])
    return found
