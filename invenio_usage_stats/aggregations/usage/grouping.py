# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Grouping: the events of a day per record first, then the records per cell of each scope."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

import msgspec

from ...catalog import Catalog
from ...ledger.facts import extension_of
from ...ledger.history import GLOBAL
from ...ledger.reading import seconds
from ..beside import Beside
from ..columns import Columns
from ..shares import MISSING
from ..visits import DayVisits
from .attribution import Segment
from .cells import CellTable
from .events import ReportEvent, UsageEvent, VisitEvent
from .moments import Moments
from .pieces import FileCounts, Part, Piece, PieceMaker, Sighting, share, united
from .reports import DayReports
from .timelines import Timelines


class Change(NamedTuple):
    """Say since when events are news, and of which records the past has changed."""

    since: str
    records: Set[str]

    def concerns(self, event: UsageEvent) -> bool:
        """Tell whether an event, or where it counts, may not have been known before."""
        return self.is_news(event) or event.recid in self.records

    def is_news(self, event: UsageEvent | VisitEvent | ReportEvent) -> bool:
        """Tell whether an event may not have been known before."""
        return event.updated_timestamp >= self.since


class Entry(msgspec.Struct, gc=False, eq=False):
    """Be one segment's day: the whole of it, and its parts by cells that only events know."""

    segment: Segment
    whole: Piece
    parts: list[tuple[int, Piece]]
    views: tuple[int, int]
    """Views, and unique views."""
    downloads: FileCounts
    places: list[int] = []
    """Where the segment's cells stand in the order of the day's cells."""
    viewed: Sequence[str] = ()
    """When it was viewed first and last."""
    downloaded: Sequence[str] = ()
    """When each of the files was downloaded last, in their order."""


Seen = dict[Segment, list[Sighting]]


class DayGrouping:
    """Group the events of one day, given as one lot or as several lots of different visitors."""

    def __init__(
        self,
        catalog: Catalog,
        columns: Columns,
        timelines: Timelines,
        day: int,
        change: Change | None = None,
        settling: Sequence[str] = (),
    ) -> None:
        """Prepare for a day.

        ``change``: what makes scopes worth writing, none for all; ``settling``: moments, for each
        of which the events indexed earlier are counted.
        """
        self.change = change
        self.settled = dict.fromkeys(settling, 0)
        self.touched: set[str] = set()
        self.timelines = timelines
        self.table: CellTable = timelines.table
        self.columns = columns
        self.event_dimensions = catalog.of_event()
        self.file_dimensions = tuple(d for d in catalog.of_family("usage") if d.source == "file")
        self.day = day
        self.events = 0
        self.visits = DayVisits(catalog.visits)
        self.reports = DayReports(timelines)
        self.parts: dict[str, dict[Segment, Part]] = {event: {} for event in catalog.events}
        self._seen: dict[str, Seen] = {event: defaultdict(list) for event in catalog.events}
        self._kept: dict[str | None, str | None] = {}
        self._segments: dict[str, Segment | None] = {}
        self._changing: set[int] = set()
        self._moments = Moments()

    def add(self, kind: str, events: list[UsageEvent]) -> None:
        """Take a page of events of one kind."""
        self._load({event.recid for event in events} - self._segments.keys())
        self._settle(events)
        seen, kept, segments = self._seen[kind], self._kept, self._segments
        is_file, change = kind == "download", self.change
        note = self._moments.download if is_file else self._moments.view
        for event in events:
            segment = segments[event.recid] or self._segment(event, is_file)
            if segment is None:
                continue
            self.events += 1
            if change is not None and change.concerns(event):
                self._touch(event, segment)
            note(segment, event)
            seen[segment].append(
                Sighting(
                    kept.setdefault(event.visitor_id, event.visitor_id),
                    kept.setdefault(event.unique_session_id, event.unique_session_id),
                    kept.setdefault(event.unique_id, event.unique_id),
                    int(event.size or 0),
                    tuple(self._cells(event, segment if is_file else None)),
                )
            )

    def add_visits(self, events: list[VisitEvent]) -> None:
        """Take a page of visits to landing pages of communities."""
        self._settle(events)
        self.events += len(events)
        for event in events:
            if self.change is not None and self.change.is_news(event):
                self.touched.update((event.community_id, GLOBAL))
            self.visits.add(event)

    def add_reports(self, events: list[ReportEvent]) -> None:
        """Take a page of downloads that software has reported."""
        self._settle(events)
        self.events += len(events)
        for event, placed in self.reports.add(events):
            if self.change is not None:
                changed = self.change.records & set(placed.records)
                if changed or self.change.is_news(event):
                    self.touched.update(placed.scopes, *map(self._ever, changed))

    def _ever(self, record: str) -> Iterator[str]:
        """Return the scopes in which a record may have been counted before."""
        timeline = self.timelines.of(record)
        segments = timeline.segments if timeline else ()
        return (scope for segment in segments for scope in segment.scopes)

    def _settle(self, events: Sequence[UsageEvent | VisitEvent | ReportEvent]) -> None:
        """Count, for each moment that matters, the events that were indexed earlier."""
        for moment in self.settled:
            self.settled[moment] += sum(event.updated_timestamp < moment for event in events)

    def _touch(self, event: UsageEvent, segment: Segment) -> None:
        """Note the scopes of an event, and those in which it may have been counted before."""
        self.touched.update(segment.scopes)
        if event.recid in self.change.records:
            self.touched.update(self._ever(event.recid))

    def _load(self, recids: set[str]) -> None:
        """Load records; those that do not change within the day have one segment."""
        self.timelines.load(recids)
        for recid in recids:
            timeline = self.timelines.of(recid)
            self._segments[recid] = timeline and timeline.throughout(self.day)

    def _segment(self, event: UsageEvent, is_file: bool) -> Segment | None:
        """Return where an event of a changing record counts; none for a draft's file."""
        timeline = self.timelines.of(event.recid)
        if timeline is None:
            draft = is_file and self.timelines.is_draft(event.recid)
            return None if draft else self.timelines.stranger(event.recid, event.parent_recid)
        moment = seconds(event.timestamp)
        if is_file and timeline.is_draft(moment):
            return None
        segment = timeline.at(moment)
        self._changing.add(segment.record)
        return segment

    def _cells(self, event: UsageEvent, downloaded: Segment | None) -> Iterator[int]:
        """Yield the cells that only the event knows."""
        number = self.table.number
        for dimension in self.event_dimensions:
            for key in dimension.values(event) or (MISSING,):
                yield number((dimension.id, key))
        if downloaded is not None:
            key = extension_of(event.file_key) if downloaded.known else MISSING
            for dimension in self.file_dimensions:
                yield number((dimension.id, key))

    def reduce(self) -> None:
        """Count what was taken since the last time, and forget its visitors."""
        for kind, seen in self._seen.items():
            maker = PieceMaker(kind, self.columns, _common_visitors(seen), self._changing)
            parts = self.parts[kind]
            while seen:
                segment, sightings = seen.popitem()
                part = maker.part(segment, sightings)
                known = parts.get(segment)
                parts[segment] = maker.merged(known, part) if known else part
        self.visits.reduce()
        self._kept.clear()

    def scopes(self) -> dict[str, list[Entry]]:
        """Return the entries of every scope, in the order of records."""
        self.reduce()
        self._share_parents()
        entries = sorted(self._entries(), key=lambda entry: _order(entry.segment))
        scopes: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            for scope in entry.segment.scopes:
                scopes[scope].append(entry)
        for scope in (*self.visits.scopes, *self.reports.scopes):
            scopes.setdefault(scope, [])
        return scopes

    def beside(self, scope: str) -> Beside:
        """Return what is counted of a scope beside the uses of records."""
        return Beside(self.visits.of(scope), self.reports.of(scope), self.visits.when(scope))

    def _share_parents(self) -> None:
        """Mark the works that are seen in several segments, since they count once."""
        for kind, parts in self.parts.items():
            column = self.columns.at.get((kind, "parents"))
            counts = Counter(segment.parent for segment in parts)
            for segment, part in parts.items():
                if counts[segment.parent] > 1 and column is not None:
                    for piece in {id(p): p for p in (part.whole, *part.cells.values())}.values():
                        share(piece, {column: {segment.parent}})

    def _entries(self) -> Iterator[Entry]:
        """Yield the entry of every segment."""
        for segment in list(dict.fromkeys(s for parts in self.parts.values() for s in parts)):
            wholes: list[Piece] = []
            cells: list[tuple[int, Piece]] = []
            views, downloads = (0, 0), {}
            for kind, parts in self.parts.items():
                part = parts.pop(segment, None)
                if part is None:
                    continue
                wholes.append(part.whole)
                cells += part.cells.items()
                if kind == "download":
                    downloads = dict(sorted(part.files.items()))
                else:
                    views = part.counts
                    cells += [(cell, part.whole) for cell in segment.file_cells]
            entry = Entry(segment, united(wholes), cells, views, downloads)
            entry.viewed = self._moments.viewed(segment)
            entry.downloaded = [self._moments.downloaded(segment, file) for file in downloads]
            yield entry


def _order(segment: Segment) -> tuple:
    """Return what lines are ordered by, the same whenever a day is read."""
    return segment.record, segment.facts, segment.scopes


def _common_visitors(seen: Seen) -> set[str]:
    """Return the visitors of more than one segment."""
    first: dict[str, Segment] = {}
    common = set()
    for segment, sightings in seen.items():
        for sighting in sightings:
            visitor = sighting.visitor
            if visitor and first.setdefault(visitor, segment) is not segment:
                common.add(visitor)
    return common
