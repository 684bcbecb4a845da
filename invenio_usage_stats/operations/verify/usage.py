# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Checks of usage: our daily totals against the repository's own documents of records."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from ...aggregations.running import bookmarks
from ...aggregations.sheets.spans import ONE_DAY
from ...catalog import Metric
from ...indices import (
    REPOSITORY,
    USAGE_DELTA,
    USAGE_EVENTS,
    find,
    full_name,
    refresh,
    scroll,
)
from ...ledger.history import DAY, GLOBAL, History, day_number
from ...ledger.reading import read_histories
from ...proxies import current_usage_stats
from ...reader.periods import Period, first_kept_day
from ...reader.states import daily_totals
from ..counts import buckets, event_counts, within
from .base import Comparison, Note, Question
from .drafts import of_drafts

THEIR_BOOKMARKS = {"view": "record-view-agg", "download": "file-download-agg"}
THEIR_FIELDS = {"events": "count", "uniques": "unique_count", "volume": "volume"}
"""The repository's field for each of our counters that it has, too."""
NOT_FINISHED = "not finished on both sides"
FEW = 5
"""As many days are named one by one."""
HISTORIES = 50_000
"""How many records' histories are kept in memory."""
Numbers = dict[str, int]
"""Numbers by metric."""


class Compared(NamedTuple):
    """Be a metric that the repository has too, where we and where it keeps it."""

    metric: Metric
    ours: str
    theirs: str


def compared(kind: str) -> list[Compared]:
    """Return what can be compared of one kind of event."""
    metrics = current_usage_stats.catalog.usage_metrics(kind)
    return [
        Compared(metric, metric.path, THEIR_FIELDS[metric.counter])
        for metric in metrics
        if metric.counter in THEIR_FIELDS
    ]


def repository(question: Question) -> Iterator[Comparison | Note]:
    """Compare our daily totals of the repository with the sums of its own documents."""
    if not question.includes(GLOBAL):
        return
    for kind in REPOSITORY:
        period, notes = _finished(question.period, kind)
        yield from notes
        moving = _moving(kind, period)
        if moving:
            yield Note(f"{kind}s of {_listed(moving)} are left out: {NOT_FINISHED}")
        for year in _years(period, kind):
            for one in _compare_year(kind, year):
                if one.day not in moving:
                    yield one


def _compare_year(kind: str, period: Period) -> Iterator[Comparison]:
    """Compare the days of one kind within a year."""
    columns = compared(kind)
    found = daily_totals(USAGE_DELTA, GLOBAL, period, [c.ours for c in columns])
    ours = {day: values for day, values in found if values}
    theirs = _their_days(kind, period)
    events: dict[date, int] | None = None
    for day in sorted(ours.keys() | theirs.keys()):
        mine = {c.metric.id: ours.get(day, {}).get(c.ours, 0) for c in columns}
        other = theirs.get(day, {})
        remark = ""
        if kind == "download" and any(mine[id_] != other.get(id_, 0) for id_ in mine):
            other = _less(other, of_drafts(day))
        if any(mine[id_] != other.get(id_, 0) for id_ in mine):
            events = event_counts(kind, period) if events is None else events
            remark = f"{events.get(day, 0)} events, downloads of drafts included"
        for id_, number in mine.items():
            yield Comparison(id_, GLOBAL, day, number, other.get(id_, 0), remark)


def _less(numbers: Numbers, drafts: Numbers) -> Numbers:
    """Return the repository's numbers without downloads of drafts, which we do not count."""
    return {id_: number - drafts.get(id_, 0) for id_, number in numbers.items()}


def _their_days(kind: str, period: Period) -> dict[date, Numbers]:
    """Return the repository's sums by day."""
    columns = compared(kind)
    sums = {c.metric.id: {"sum": {"field": c.theirs}} for c in columns}
    found = buckets(full_name(REPOSITORY[kind]), within("timestamp", period), **sums)
    return {day: {id_: int(b[id_]["value"]) for id_ in sums} for day, b in found}


def _finished(period: Period, kind: str) -> tuple[Period | None, list[Note]]:
    """Return the part of a period that both sides have finished, and what is left out."""
    names = (THEIR_BOOKMARKS[kind], USAGE_DELTA.name)
    marks = bookmarks.read(names)
    missing = [name for name in names if name not in marks]
    if missing:
        return None, [Note(f"{kind}s are left out: {', '.join(missing)} has never run")]
    until = min(marks.values()).date() - ONE_DAY
    if until >= period.until:
        return period, []
    shorter = Period(period.since, until) if until >= period.since else None
    return shorter, [Note(f"{kind}s after {until} are left out: {NOT_FINISHED}")]


def _moving(kind: str, period: Period | None) -> set[date]:
    """Return the days of a period with events so late that one side may not have counted them.

    The repository's aggregation sets its bookmark at its end, so they may also be those that it
    is just counting.
    """
    if period is None:
        return set()
    refresh(",".join(map(full_name, (REPOSITORY[kind], bookmarks.INDEX))))
    marks = bookmarks.read((THEIR_BOOKMARKS[kind], USAGE_DELTA.name))
    since = min(marks.values()).replace(tzinfo=None).isoformat()
    late = {"range": {"updated_timestamp": {"gte": since}}}
    query = {"bool": {"filter": [within("timestamp", period), late]}}
    return {day for day, _ in buckets(full_name(USAGE_EVENTS[kind]), query)}


def _listed(days: set[date]) -> str:
    """Return days as text, or how many they are."""
    return ", ".join(map(str, sorted(days))) if len(days) <= FEW else f"{len(days)} days"


def _years(period: Period | None, kind: str) -> Iterator[Period]:
    """Yield the parts of a period, year by year, from the first day with anything."""
    if period is None:
        return
    first = min(_first_days(kind), default=None)
    if first is None:
        return
    since = max(period.since, first, first_kept_day() or first)
    while since <= period.until:
        end = min(period.until, date(since.year, 12, 31))
        yield Period(since, end)
        since = end + ONE_DAY


def _first_days(kind: str) -> Iterator[date]:
    """Yield the first day of the repository's documents and of ours."""
    places = ((full_name(REPOSITORY[kind]), "timestamp"), (USAGE_DELTA.target, "period_start"))
    for index, field in places:
        answer = find(index, {"size": 0, "aggs": {"first": {"min": {"field": field}}}})
        value = answer.get("aggregations", {}).get("first", {}).get("value")
        if value is not None:
            yield (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value)).date()


def communities(question: Question) -> Iterator[Comparison | Note]:
    """Compare communities' daily totals with sums over the repository's documents of records.

    Exact where a record was a member for the whole day: the repository's documents do not say
    at which second an event happened. Other community-days are left out and counted.
    """
    if not question.includes_communities:
        return
    left_out = 0
    histories: dict[str, History] = {}
    for kind in REPOSITORY:
        period, _ = _finished(question.period, kind)
        moving = _moving(kind, period)
        for year in _years(period, kind):
            for day in _their_days(kind, year).keys() - moving:
                theirs, partial = _their_scopes(kind, day, histories, question)
                left_out += len(partial)
                yield from _compare_scopes(kind, day, theirs, partial, question)
    if left_out:
        yield Note(
            f"{left_out} community-days are left out: records with usage joined or left in them"
        )


def _compare_scopes(
    kind: str, day: date, theirs: dict[str, Numbers], partial: set[str], question: Question
) -> Iterator[Comparison]:
    """Compare the communities of one day."""
    ours = _our_scopes(kind, day)
    for scope in sorted((theirs.keys() | ours.keys()) - partial - {GLOBAL}):
        if question.includes(scope):
            for column in compared(kind):
                id_ = column.metric.id
                mine, other = ours.get(scope, {}).get(id_, 0), theirs.get(scope, {}).get(id_, 0)
                yield Comparison(id_, scope, day, mine, other)


def _our_scopes(kind: str, day: date) -> dict[str, Numbers]:
    """Return our totals of every scope on one day, from columns."""
    columns = compared(kind)
    fields = ["community_id", *(c.ours for c in columns)]
    query = within("period_start", Period(day, day))
    hits = scroll(USAGE_DELTA.target, query, _source=False, docvalue_fields=fields)
    return {
        hit["fields"]["community_id"][0]: {c.metric.id: hit["fields"][c.ours][0] for c in columns}
        for hit in hits
        if columns[0].ours in hit["fields"]
    }


def _their_scopes(
    kind: str, day: date, histories: dict[str, History], question: Question
) -> tuple[dict[str, Numbers], set[str]]:
    """Return the repository's sums by community, and the communities that are not exact."""
    records: defaultdict[str, Counter] = defaultdict(Counter)
    columns = compared(kind)
    for hit in scroll(full_name(REPOSITORY[kind]), within("timestamp", Period(day, day))):
        source = hit["_source"]
        records[source["recid"]].update(
            {c.metric.id: int(source.get(c.theirs) or 0) for c in columns}
        )
    _load(records.keys(), histories)
    sums: defaultdict[str, Counter] = defaultdict(Counter)
    partial: set[str] = set()
    start = day_number(day) * DAY
    for recid, numbers in records.items():
        history = histories.get(recid)
        for scope in history.scopes if history else ():
            covered = _covered(history, scope, start) if question.includes(scope) else 0
            if covered == DAY:
                sums[scope].update(numbers)
            elif covered and scope != GLOBAL:
                partial.add(scope)
    return dict(sums), partial


def _covered(history: History, scope: str, start: int) -> int:
    """Return for how many seconds of a day a record belonged to a scope."""
    intervals = history.membership(scope)
    return sum(max(0, min(end, start + DAY) - max(begin, start)) for begin, end in intervals)


def _load(recids: Any, histories: dict[str, History]) -> None:
    """Load the histories of records that are not in memory."""
    if len(histories) > HISTORIES:
        histories.clear()
    for history in read_histories("record_id", recids - histories.keys(), mend=False):
        histories[history.record] = history
