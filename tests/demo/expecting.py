# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a question must be answered with, as the lines of an export."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

from . import counting
from .counting import HOLDINGS, MISSING, USAGE, WHOLE, WORKS, Numbers, Parts
from .drawing import Question
from .repository import GLOBAL, Event, History, Repository

ONE_DAY = timedelta(days=1)
LISTS = ("records", "communities")
MONTHS = {"month": 1, "quarter": 3, "year": 12}


class Line(NamedTuple):
    """Be one number of an answer."""

    date: str
    metric: str
    id: str
    value: int | None


@dataclass
class Expected:
    """Be an answer: its period, its lines in order, and what a ranking says besides."""

    period: tuple[date, date]
    lines: list[Line] = field(default_factory=list)
    missing: Numbers | None = None
    totals: Numbers | None = None
    before: Numbers | None = None
    """The numbers of the period right before, if these are asked for."""

    @property
    def ids(self) -> list[str]:
        """Return what is listed, in order."""
        return [id_ for id_ in dict.fromkeys(line.id for line in self.lines) if id_ != WHOLE]


def expected(
    repository: Repository, communities: Iterable[str], question: Question, today: date
) -> Expected:
    """Return the answer of a question by a direct count."""
    count = Count(repository, question, period_of(repository, question, today))
    if question.compared:
        earlier = Count(repository, question, before(count.period)).whole()
        return replace(count.whole(), before={one.metric: one.value for one in earlier.lines})
    if question.dimension is None:
        return count.whole()
    if question.kind == "snapshot":
        return count.snapshot()
    if question.dimension == "communities":
        return count.of_communities(communities)
    return count.series() if question.kind == "series" else count.ranking()


def events_of(repository: Repository, question: Question) -> list[Event]:
    """Return the events of a question's scope."""
    if question.of_record:
        return repository.of_record(question.scope, question.works)
    return repository.events.get(question.scope, [])


def histories_of(repository: Repository, question: Question) -> list[History]:
    """Return the histories that can count in a question's scope."""
    every = repository.histories.values()
    if not question.of_record:
        return list(every)
    own = repository.histories[question.scope]
    if not question.works:
        return [own]
    return [history for history in every if history.parent == own.parent]


class Count:
    """Count one question."""

    def __init__(
        self, repository: Repository, question: Question, period: tuple[date, date]
    ) -> None:
        self.repository, self.question, self.period = repository, question, period
        self.counted = {m: WORKS.get(m, m) if question.works else m for m in question.metrics}
        self.events = counting.meeting(events_of(repository, question), question.wanted)
        self.scope = GLOBAL if question.of_record else question.scope
        self.histories = histories_of(repository, question)

    def parts(self) -> Parts:
        """Return the intervals of the period; of anything but a series all of it."""
        interval = self.question.interval
        return parts_of(self.period, interval) if interval else [self.period]

    def rows(self, dimension: str | None) -> list[dict[str, Numbers]]:
        """Return all numbers of each interval by value of a dimension."""
        parts = self.parts()
        usage = [m for m in self.counted.values() if m in USAGE]
        cumulative = self.question.cumulative
        used = counting.used(self.events, parts, usage, dimension, cumulative=cumulative)
        held = self._held(parts, dimension) if self._asks_for_holdings() else [{} for _ in parts]
        return [
            {id_: {**u.get(id_, {}), **h.get(id_, {})} for id_ in u.keys() | h.keys()}
            for u, h in zip(used, held, strict=True)
        ]

    def _asks_for_holdings(self) -> bool:
        return any(metric in HOLDINGS for metric in self.counted.values())

    def _held(self, parts: Parts, dimension: str | None) -> list[dict[str, Numbers]]:
        """Return what there is at the end of each interval, or by how much it grew in it."""
        found = [self._stock(until, dimension) for _, until in parts]
        if self.question.kind != "series" or self.question.cumulative:
            return found
        before = [self._stock(parts[0][0] - ONE_DAY, dimension), *found[:-1]]
        return [grown(b, a) for b, a in zip(before, found, strict=True)]

    def _stock(self, day: date, dimension: str | None) -> dict[str, Numbers]:
        question = self.question
        return counting.held(
            self.histories, self.scope, day, question.basis, question.wanted, dimension
        )

    def line(self, day: date, metric: str, id_: str, row: Numbers) -> Line:
        """Return one number."""
        return Line(day.isoformat(), metric, id_, row.get(self.counted[metric], 0))

    def whole(self) -> Expected:
        """Return totals, or series of metrics."""
        series = self.question.kind == "series"
        days = [since if series else until for since, until in self.parts()]
        rows = self.rows(None)
        lines = [
            self.line(day, metric, WHOLE, row.get(WHOLE, {}))
            for metric in self.question.metrics
            for day, row in zip(days, rows, strict=True)
        ]
        return Expected(self.period, lines)

    def snapshot(self) -> Expected:
        """Return what there is at the end of the period, and what was used until then."""
        (rows,) = self.rows(self.question.dimension)
        lines = [
            self.line(self.period[1], metric, key, rows[key])
            for key in self._ranked(rows)
            for metric in self.question.metrics
        ]
        return Expected(self.period, [*self.whole().lines, *lines])

    def series(self) -> Expected:
        """Return a series for each value that has anything at all in the period."""
        dimension, (metric,) = self.question.dimension, self.question.metrics
        keys, rows = self._ranked(self._row_of_period(dimension)), self.rows(dimension)
        lines = [
            self.line(since, metric, key, row.get(key, {}))
            for key in keys
            for (since, _), row in zip(self.parts(), rows, strict=True)
        ]
        return Expected(self.period, lines)

    def _row_of_period(self, dimension: str) -> dict[str, Numbers]:
        """Return the numbers by value over the whole period."""
        usage = [m for m in self.counted.values() if m in USAGE]
        (used,) = counting.used(self.events, [self.period], usage, dimension)
        held = self._stock(self.period[1], dimension) if self._asks_for_holdings() else {}
        return {
            id_: {**used.get(id_, {}), **held.get(id_, {})} for id_ in used.keys() | held.keys()
        }

    def _ranked(self, rows: dict[str, Numbers]) -> list[str]:
        """Return the values with most of the first metric; ties by id."""
        first = self.counted[self.question.metrics[0]]
        keys = (key for key, row in rows.items() if any(row.values()) and key != MISSING)
        return sorted(keys, key=lambda key: (-rows[key].get(first, 0), key))

    def ranking(self) -> Expected:
        """Return the ranking of values, or of the records that everybody may see."""
        question = self.question
        listed = question.dimension in LISTS
        rows = self._records() if listed else self._row_of_period(question.dimension)
        found = self._of_rows(rows, self._ranked(rows))
        if not listed:
            row = rows.get(MISSING, {})
            found.missing = {m: row.get(self.counted[m], 0) for m in question.metrics}
        return found

    def _of_rows(self, rows: dict[str, Numbers], keys: list[str]) -> Expected:
        """Return the lines of a ranking."""
        metrics, until = self.question.metrics, self.period[1]
        lines = [self.line(until, metric, key, rows[key]) for key in keys for metric in metrics]
        totals = {line.metric: line.value for line in self.whole().lines}
        return Expected(self.period, lines, totals=totals)

    def _records(self) -> dict[str, Numbers]:
        """Return the numbers of each record, or work, that has any of the first metric."""
        works = self.question.works
        seen = counting.visible(self.repository, works)
        groups: dict[str, list[Event]] = {}
        for event in self.events:
            id_ = event.parent if works else event.recid
            if id_ in seen:
                groups.setdefault(id_, []).append(event)
        metrics, first = list(self.counted.values()), self.counted[self.question.metrics[0]]
        rows = {
            id_: counting.used(some, [self.period], metrics)[0].get(WHOLE, {})
            for id_, some in groups.items()
        }
        return {id_: row for id_, row in rows.items() if row.get(first)}

    def of_communities(self, communities: Iterable[str]) -> Expected:
        """Return the ranking of the communities that everybody may see."""
        rows, question = {}, self.question
        first = self.counted[question.metrics[0]]
        for id_ in communities:
            inner = Question(**{**vars(question), "scope": id_, "dimension": None})
            row = Count(self.repository, inner, self.period).rows(None)[0].get(WHOLE, {})
            if row.get(first):
                rows[id_] = row
        return self._of_rows(rows, self._ranked(rows))


def grown(before: dict[str, Numbers], after: dict[str, Numbers]) -> dict[str, Numbers]:
    """Return how much larger numbers have become, by value."""
    return {
        id_: {m: after.get(id_, {}).get(m, 0) - before.get(id_, {}).get(m, 0) for m in HOLDINGS}
        for id_ in before.keys() | after.keys()
    }


# --- days ---


def period_of(repository: Repository, question: Question, today: date) -> tuple[date, date]:
    """Return first and last day of what a question asks for."""
    if question.name is None:
        return question.since, min(question.until, today)
    name = question.name
    if name == "all":
        scope = GLOBAL if question.of_record else question.scope
        histories, events = histories_of(repository, question), events_of(repository, question)
        return min(counting.first_day(histories, events, scope, question.basis), today), today
    if name == "ytd":
        return today.replace(month=1, day=1), today
    kind, _, year = name.partition(":")
    if year:
        return date(int(year), 1, 1), min(date(int(year), 12, 31), today)
    if kind.startswith("last-"):
        return last_whole(kind.removeprefix("last-"), today)
    count, unit = int(name[:-1]), name[-1]
    if unit == "d":
        return today - timedelta(days=count - 1), today
    return months_before(today, count * MONTHS["year" if unit == "y" else "month"]), today


def last_whole(interval: str, today: date) -> tuple[date, date]:
    """Return the last month, quarter or year that is over."""
    until = start_of(today, interval) - ONE_DAY
    return start_of(until, interval), until


def start_of(day: date, interval: str) -> date:
    """Return the first day of the month, quarter or year that holds a day."""
    return day.replace(month=day.month - (day.month - 1) % MONTHS[interval], day=1)


def before(period: tuple[date, date]) -> tuple[date, date]:
    """Return as many days right before a period."""
    since, until = period
    return since - (until - since) - ONE_DAY, since - ONE_DAY


def months_before(day: date, count: int) -> date:
    """Return the day after the same day some months ago."""
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)) + ONE_DAY


def parts_of(period: tuple[date, date], interval: str) -> Parts:
    """Return the intervals of a period, the first and the last cut to it."""
    found, (day, last) = [], period
    while day <= last:
        until = min(end_of(day, interval), last)
        found.append((day, until))
        day = until + ONE_DAY
    return found


def end_of(day: date, interval: str) -> date:
    """Return the last day of the interval that holds a day."""
    if interval == "day":
        return day
    if interval == "week":
        return day + timedelta(days=6 - day.weekday())
    length = MONTHS[interval]
    first = (day.month - 1) // length * length + length
    return date(day.year, first, monthrange(day.year, first)[1])
