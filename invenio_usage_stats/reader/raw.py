# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Usage that no sheet tells: counted from the stored events, for short periods only.

Events that meet all filters are grouped as the aggregation does it, into the sheets of days that
would have been written if there had been no others.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from invenio_i18n import lazy_gettext as _

from ..aggregations.columns import Columns
from ..aggregations.sheets.days import DaySheets
from ..aggregations.sheets.sheet import Sheet
from ..aggregations.sheets.spans import ONE_DAY
from ..aggregations.usage.attribution import Segment
from ..aggregations.usage.events import UsageEvent, counts, parsed
from ..aggregations.usage.grouping import DayGrouping
from ..aggregations.usage.scope_days import DayCells
from ..aggregations.usage.timelines import Timelines
from ..catalog import Catalog, Dimension
from ..errors import TooManyDaysError, UnanswerableError
from ..indices import USAGE_EVENTS, find_all, full_name, pages
from ..ledger.facts import extension_of
from ..ledger.history import day_number
from ..ledger.reading import seconds
from ..proxies import current_usage_stats
from .periods import Period
from .properties import facts_with
from .stored import still_stored

DAYS = 92
MOST = 1_000_000
"""As many events are read at most for one answer."""
Wanted = dict[Dimension, set[str]]


class RawUsage:
    """Count the events that meet filters."""

    def __init__(
        self, columns: Columns, scope: str, wanted: Wanted, recids: Collection[str] | None = None
    ) -> None:
        """Take a scope, values by dimension, and the only records that count (none: all)."""
        self.catalog: Catalog = current_usage_stats.catalog
        self.columns, self.scope, self.wanted = columns, scope, wanted
        self.recids = None if recids is None else sorted(recids)
        self.timelines = Timelines(self.catalog)
        self.known: dict[date, Sheet | None] = {}
        self._facts = {d: facts_with(d, v) for d, v in wanted.items() if "usage" not in d.families}

    def sheets(self, period: Period) -> Iterator[Sheet]:
        """Yield the sheets of the days of a period that have any event."""
        for day in period.days():
            if day not in self.known:
                self.known[day] = self._sheet(day)
            sheet = self.known[day]
            if sheet is not None:
                yield sheet

    def check(self, period: Period) -> None:
        """Raise ``UnanswerableError`` for too long a period, too many events, or removed ones."""
        if period.length > DAYS:
            raise TooManyDaysError(period.length, DAYS)
        if not still_stored(self.catalog, period):
            raise UnanswerableError(
                _(
                    "This combination is counted from single events, and those of this period are "
                    "no longer stored."
                )
            )
        query = self._query(period)
        bodies = [{"size": 0, "query": query, "track_total_hits": True} for _ in USAGE_EVENTS]
        names = (full_name(alias) for alias in USAGE_EVENTS.values())
        answers = find_all(zip(names, bodies, strict=True))
        count = sum(answer["hits"]["total"]["value"] for answer in answers)
        if count > MOST:
            raise UnanswerableError(
                _(
                    "This combination is counted from single events, at most %(most)s; "
                    "in this period there are %(count)s: ask for fewer days."
                ),
                most=MOST,
                count=count,
            )

    def _query(self, period: Period) -> dict[str, Any]:
        """Return a search for all events that may meet the filters."""
        end = period.until + ONE_DAY
        bounds = {"gte": f"{period.since}T00:00:00", "lt": f"{end}T00:00:00"}
        clauses: list[dict[str, Any]] = [{"range": {"timestamp": bounds}}]
        if self.recids is not None:
            clauses.append({"terms": {"recid": self.recids}})
        for dimension, values in self.wanted.items():
            if dimension.event_query is not None:
                some = [dimension.event_query(value) for value in sorted(values)]
                clauses.append({"bool": {"should": some, "minimum_should_match": 1}})
        return {"bool": {"filter": clauses}}

    def _sheet(self, day: date) -> Sheet | None:
        """Return the sheet of a day; none without events."""
        parts = (self.catalog, self.columns, self.timelines, day_number(day))
        grouping = DayGrouping(*parts)
        for kind, alias in USAGE_EVENTS.items():
            for text in pages(full_name(alias), self._query(Period(day, day))):
                events = [e for e in parsed(text, lambda *_: None) if counts(kind, e)]
                self.timelines.load({event.recid for event in events})
                grouping.add(kind, [e for e in events if self._meets(kind, e)])
        entries = grouping.scopes().get(self.scope, [])
        if not entries:
            return None
        cells = DayCells(self.timelines.table, entries)
        sections = DaySheets(self.columns).sections(entries, cells, list(cells.runs(entries)))
        return Sheet(self.columns, sections)

    def _meets(self, kind: str, event: UsageEvent) -> bool:
        """Tell whether an event meets all filters."""
        return all(
            self._has_facts(event, self._facts[dimension])
            if dimension in self._facts
            else not values.isdisjoint(self._values(kind, event, dimension))
            for dimension, values in self.wanted.items()
        )

    def _has_facts(self, event: UsageEvent, sequences: set[int]) -> bool:
        """Tell whether an event's record had some facts, for properties without cells."""
        segment = self._segment(event)
        return segment is not None and segment.facts in sequences

    def _values(self, kind: str, event: UsageEvent, dimension: Dimension) -> Collection[str]:
        """Return the values of an event, or of its record in that second."""
        if dimension.source == "event":
            return list(dimension.values(event))
        segment = self._segment(event)
        if segment is None:
            return ()
        if dimension.source == "file" and kind == "download":
            return [extension_of(event.file_key)]
        cells = self.timelines.table.cells
        numbers = segment.file_cells if dimension.source == "file" else segment.cells
        return [cells[n][1] for n in numbers if cells[n][0] == dimension.id]

    def _segment(self, event: UsageEvent) -> Segment | None:
        """Return where a record's event counts; none for records that nobody knows."""
        timeline = self.timelines.of(event.recid)
        return timeline and timeline.at(seconds(event.timestamp))
