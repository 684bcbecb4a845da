# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Periods: inclusive ranges of UTC days, by name or by their bounds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from flask import current_app

from ..errors import InvalidQueryError

FIRST_DAY = date(1, 1, 2)
LAST_DAY = date(9999, 12, 30)
NAMED = re.compile(
    r"^(?:(\d{1,4})([dmy])|ytd|all|(year|fy):(\d{4})|last-(month|quarter|year))$", re.ASCII
)
BEGINS_WITH_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?![^T ])", re.ASCII).match
ALLOWED = (
    "30d, 12m, 5y (any number of days, months or years), ytd, last-month, last-quarter, last-year, "
    "year:2025, fy:2025, all"
)
COMPARISONS = ("previous", "year")


@dataclass(frozen=True, order=True)
class Period:
    """Be an inclusive range of days."""

    since: date
    until: date

    @property
    def length(self) -> int:
        """Return how many days it has."""
        return (self.until - self.since).days + 1

    @property
    def bounds(self) -> tuple[date, date]:
        """Return its first and last day."""
        return self.since, self.until

    def days(self) -> Iterator[date]:
        """Yield each day."""
        return (self.since + timedelta(days=n) for n in range(self.length))


def today() -> date:
    """Return the present UTC day."""
    return datetime.now(UTC).date()


def first_kept_day(now: date | None = None) -> date | None:
    """Return the first day whose daily documents of usage are kept; none when all are.

    It is the first of January: a year is kept until its last day is older than the retention.
    """
    age: timedelta | None = (current_app.config["USAGE_STATS_RETENTION"] or {}).get("daily")
    return None if age is None else date(((now or today()) - age).year, 1, 1)


def parse_day(parameter: str, value: object) -> date:
    """Return a day from ISO text such as 2026-01-31; times of day are cut off.

    Raises ``InvalidQueryError``.
    """
    try:
        day = datetime.fromisoformat(str(value)).date() if BEGINS_WITH_DAY(str(value)) else None
    except ValueError:
        day = None
    if not isinstance(value, str | date) or day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise InvalidQueryError(parameter, f"{value!r} is not a day such as 2026-01-31.")
    return day


def parse_range(since: object, until: object, names: tuple[str, str], longest: int) -> Period:
    """Return the period between two days; without bounds the last 30 days.

    Raises ``InvalidQueryError`` for bad days, a reversed range, or more than ``longest`` days.
    """
    end = parse_day(names[1], until) if until is not None else today()
    start = parse_day(names[0], since) if since is not None else end - timedelta(days=29)
    if start > end:
        raise InvalidQueryError(names[0], f"{start} is after {names[1]} {end}.")
    period = Period(start, end)
    if period.length > longest:
        raise InvalidQueryError(names[0], f"{period.length} days are too many, at most {longest}.")
    return period


def parse_name(name: str, first: date | None = None, now: date | None = None) -> Period:
    """Return a period by name; ``first``: the first day with data, for ``all``.

    Raises ``InvalidQueryError``.
    """
    until = now or today()
    match = NAMED.fullmatch(name)
    if not match:
        raise InvalidQueryError("period", f"{name!r} is not one of {ALLOWED}.")
    count, unit, kind, year, last = match.groups()
    if last:
        return last_whole(last, until)
    if year:
        first = max(int(year), FIRST_DAY.year)
        return whole_year(first, year_start() if kind == "fy" else (1, 1))
    if name == "ytd":
        return Period(until.replace(month=1, day=1), until)
    if name == "all":
        return Period(min(first or until, until), until)
    return Period(_back(until, int(count), unit), until)


def last_whole(interval: str, now: date) -> Period:
    """Return the last month, quarter or year of the calendar that is over."""
    until = bucket_start(now, interval) - timedelta(days=1)
    return Period(bucket_start(until, interval), until)


def year_start() -> tuple[int, int]:
    """Return month and day on which a financial year begins."""
    month, day = current_app.config["USAGE_STATS_YEAR_START"].split("-")
    return int(month), int(day)


def whole_year(year: int, start: tuple[int, int]) -> Period:
    """Return the twelve months that begin on a day of a year."""
    until = date(min(year + 1, LAST_DAY.year), *start) - timedelta(days=1)
    return Period(max(date(year, *start), FIRST_DAY), until)


def earlier(period: Period, comparison: str) -> Period:
    """Return what a period is compared with.

    ``previous``: as many days right before it; ``year``: the same days a year before.
    """
    if comparison == "year":
        return Period(*(_year_before(day) for day in period.bounds))
    until = max(period.since - timedelta(days=1), FIRST_DAY)
    back = min(period.length - 1, (until - FIRST_DAY).days)
    return Period(until - timedelta(days=back), until)


def _year_before(day: date) -> date:
    """Return the same day a year before; 28 February for a leap day."""
    year = max(day.year - 1, FIRST_DAY.year)
    return (
        day.replace(year=year, day=28)
        if (day.month, day.day) == (2, 29)
        else (day.replace(year=year))
    )


def _back(until: date, count: int, unit: str) -> date:
    """Return the first day of a period of some days, months or years."""
    count = max(count, 1)
    if unit == "d":
        return max(FIRST_DAY, until - timedelta(days=count - 1))
    months = until.year * 12 + until.month - 1 - count * (12 if unit == "y" else 1)
    if months < 24:
        return FIRST_DAY
    year, month = divmod(months, 12)
    last = (date(year, month + 1, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return date(year, month + 1, min(until.day, last.day)) + timedelta(days=1)


INTERVALS = ("day", "week", "month", "quarter", "year")
MONTHS = {"month": 1, "quarter": 3, "year": 12}
KEPT = 1_000
"""Lists of more intervals than these are made anew each time, as they need much memory."""


def bucket_start(day: date, interval: str) -> date:
    """Return the first day of the interval (ISO weeks) that holds a day."""
    if interval == "week":
        return day - timedelta(days=day.weekday())
    if interval == "month":
        return day.replace(day=1)
    if interval == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1) if interval == "year" else day


def interval_end(start: date, interval: str) -> date:
    """Return the last day of the interval that begins on a day."""
    if interval == "day":
        return start
    if interval == "week":
        return start + timedelta(days=6)
    year, month = divmod(start.year * 12 + start.month - 1 + MONTHS[interval], 12)
    return min(date(min(year, 9999), month + 1, 1), LAST_DAY) - timedelta(days=1)


def number_of(day: date, interval: str) -> int:
    """Return the number of the interval that holds a day, counted through all time."""
    if interval == "day":
        return day.toordinal()
    if interval == "week":
        return (day.toordinal() - 1) // 7
    return (day.year * 12 + day.month - 1) // MONTHS[interval]


def _start_of(number: int, interval: str) -> date:
    """Return the first day of the interval with a number."""
    if interval == "day":
        return date.fromordinal(number)
    if interval == "week":
        return date.fromordinal(number * 7 + 1)
    year, month = divmod(number * MONTHS[interval], 12)
    return date(year, month + 1, 1)


def count_intervals(period: Period, interval: str) -> int:
    """Return how many intervals a period has."""
    return number_of(period.until, interval) - number_of(period.since, interval) + 1


def stretch(period: Period, interval: str, start: int, count: int) -> Period | None:
    """Return the days of some intervals of a period; none beyond its end.

    ``start``: how many intervals of the period lie before them.
    """
    if start >= count_intervals(period, interval):
        return None
    first = number_of(period.since, interval) + start
    since = max(period.since, _start_of(first, interval))
    if first + count > number_of(period.until, interval):
        return Period(since, period.until)
    return Period(since, _start_of(first + count, interval) - timedelta(days=1))


def intervals(period: Period, interval: str) -> list[Period]:
    """Return the intervals of a period; the first and the last are cut to it."""
    few = count_intervals(period, interval) <= KEPT
    return list(_kept(period, interval) if few else _intervals(period, interval))


def _intervals(period: Period, interval: str) -> Iterator[Period]:
    """Yield the intervals of a period."""
    start = period.since
    while start <= period.until:
        end = min(interval_end(bucket_start(start, interval), interval), period.until)
        yield Period(start, end)
        start = end + timedelta(days=1)


@lru_cache(maxsize=32)
def _kept(period: Period, interval: str) -> tuple[Period, ...]:
    """Return few intervals, kept because every series of an answer asks for them."""
    return tuple(_intervals(period, interval))


def fitting_interval(period: Period) -> str:
    """Return an interval that gives a readable number of points."""
    if period.length <= 92:
        return "day"
    return "week" if period.length <= 184 else "month" if period.length <= 3_700 else "year"
