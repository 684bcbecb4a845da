# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Sessions that lines count twice: those that saw a record before and after a change of a day.

Sheets tell which these are (``aggregations.sheets.repeats``), and counting takes them off. This is
for sheets of format 1, which do not: there what lines count twice is found among the stored events
of these records and days. Writing the days anew makes it needless.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

import sqlalchemy as sa
from invenio_db import db

from ..aggregations.columns import Columns
from ..aggregations.sheets.days import file_number
from ..aggregations.sheets.sheet import Sheet, Usage
from ..aggregations.sheets.spans import Span
from ..aggregations.usage.attribution import Segment
from ..aggregations.usage.events import UsageEvent, counts, of_day, parsed
from ..aggregations.usage.timelines import Timelines
from ..indices import USAGE_EVENTS, full_name, pages
from ..ledger.history import DAY, day_date, day_number
from ..ledger.models import LedgerEntry, LedgerRecord
from ..ledger.reading import seconds
from ..proxies import current_usage_stats
from .filters import Choice, Counted, Opened
from .periods import Period
from .spans import Place
from .stored import still_stored

MOST = 500
"""As many changed days of records are looked at for one number."""
BATCH = 200


class Changed(NamedTuple):
    """Be a record that changed within a day."""

    ordinal: int
    recid: str
    day: int


class Chosen(NamedTuple):
    """Be what was chosen: lines by record and facts, and rows by these and the file."""

    lines: set[tuple[int, int]]
    rows: set[tuple[int, int, int]]


class Overlaps:
    """Correct the unique sessions of chosen lines."""

    def __init__(
        self, columns: Columns, choice: Choice, places: Callable[[Period], list[Place]]
    ) -> None:
        self.columns, self.choice, self.places = columns, choice, places

    def correct(self, row: Counted, usage: Usage) -> None:
        """Take away what a row counts twice; without knowing it, the row says nothing."""
        if not untold(usage):
            return
        for event in USAGE_EVENTS:
            at = self.columns.at.get((event, "uniques"))
            if at is not None:
                twice = self.by_record(event, usage)
                row[at] = None if twice is None else row[at] - twice.total()

    def by_record(self, event: str, usage: Usage) -> Counter[int] | None:
        """Return by ordinal how much is counted twice; none where that is not known."""
        sheets = untold(usage)
        if not sheets:
            return Counter()
        chosen = self._chosen(sheets)
        records = {record for record, _ in chosen.lines} | {r for r, _, _ in chosen.rows}
        spans = [sheet.span for sheet in sheets]
        period = Period(min(span.start for span in spans), max(span.end for span in spans))
        changed = changed_days(period, records, spans)
        if changed is None or not still_stored(current_usage_stats.catalog, period):
            return None
        return self._twice(event, changed, chosen)

    def _chosen(self, sheets: Iterable[Sheet]) -> Chosen:
        """Return the lines and rows that are chosen of some sheets."""
        found = Chosen(set(), set())
        for sheet in sheets:
            opened = Opened(self.columns, sheet)
            picked, lookup = self.choice.pick(opened), opened.lookup
            facts, files = opened.lines.facts, opened.lines.files
            found.lines.update((lookup.records[n], facts[n]) for n in picked.lines)
            for n in picked.rows:
                line = lookup.line_of_file[n]
                found.rows.add((lookup.records[line], facts[line], files[n]))
        return found

    def _twice(self, kind: str, changed: list[Changed], chosen: Chosen) -> Counter[int]:
        """Return by ordinal how many sessions are counted too often."""
        segments: defaultdict[tuple[int, int], dict[Segment, set]] = defaultdict(dict)
        for event, segment in attributed(kind, changed):
            day = seconds(event.timestamp) // DAY
            scopes = {scope for scope, _ in self.places(_day(day))}
            if scopes.isdisjoint(segment.scopes) or not _is_chosen(kind, event, segment, chosen):
                continue
            seen = segments[segment.record, day].setdefault(segment, set())
            if event.unique_session_id:
                seen.add((event.unique_id, event.unique_session_id))
        found: Counter[int] = Counter()
        for (record, _), some in segments.items():
            found[record] += sum(map(len, some.values())) - len(set().union(*some.values()))
        return found


def untold(usage: Usage) -> list[Sheet]:
    """Return the sheets that do not tell what their lines count twice."""
    return [sheet for sheet in usage.sheets if sheet.repeats is None]


def _day(day: int) -> Period:
    """Return a day as a period."""
    return Period(day_date(day), day_date(day))


def _is_chosen(kind: str, event: UsageEvent, segment: Segment, chosen: Chosen) -> bool:
    """Tell whether an event lies on a chosen line, or its file in a chosen row."""
    line = (segment.record, segment.facts)
    if kind == "view":
        return line in chosen.lines
    return (*line, file_number(event.unique_id)) in chosen.rows


def changed_days(
    period: Period, records: set[int], spans: Collection[Span]
) -> list[Changed] | None:
    """Return the records that changed within a day of some spans; none when they are too many.

    ``period``: what the spans lie in.
    """
    entry, record = LedgerEntry.__table__.c, LedgerRecord.__table__.c
    query = (
        sa.select(record.id, record.recid, entry.effective_at)
        .join(LedgerEntry.__table__, entry.record_id == record.id)
        .where(entry.effective_at >= period.since, sa.func.date(entry.effective_at) <= period.until)
    )
    if len(records) <= BATCH:
        query = query.where(record.id.in_(sorted(records)))
    found: set[Changed] = set()
    with db.engine.connect() as connection:
        for id_, recid, at in connection.execute(query):
            within = any(span.start <= at.date() <= span.end for span in spans)
            if within and id_ in records and at.time() != at.time().min:
                found.add(Changed(id_, recid, day_number(at.date())))
            if len(found) > MOST:
                return None
    return sorted(found)


def attributed(kind: str, changed: Iterable[Changed]) -> Iterator[tuple[UsageEvent, Segment]]:
    """Yield the events of records on certain days that count, and where they do."""
    wanted = list(changed)
    timelines = Timelines(current_usage_stats.catalog)
    timelines.load({one.recid for one in wanted})
    for start in range(0, len(wanted), BATCH):
        clauses = [
            {"bool": {"filter": [{"term": {"recid": one.recid}}, of_day(one.day)]}}
            for one in wanted[start : start + BATCH]
        ]
        query = {"bool": {"should": clauses, "minimum_should_match": 1}}
        for text in pages(full_name(USAGE_EVENTS[kind]), query):
            for event in parsed(text, lambda id_, reason: None):
                timeline = timelines.of(event.recid)
                moment = seconds(event.timestamp)
                draft = kind == "download" and timeline is not None and timeline.is_draft(moment)
                if timeline is not None and not draft and counts(kind, event):
                    yield event, timeline.at(moment)
