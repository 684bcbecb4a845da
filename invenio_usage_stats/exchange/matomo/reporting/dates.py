# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Periods and dates in Matomo's notation; days are UTC days."""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from flask import current_app

from ....errors import MatomoError
from ....reader.periods import (
    FIRST_DAY,
    Period,
    bucket_start,
    count_intervals,
    interval_end,
    today,
)

RANGE = "range"
LATEST = date(9998, 12, 31)
"""Periods must end before time does."""
PERIODS = ("day", "week", "month", "year", RANGE)
_BACK = re.compile(r"(last|previous)(\d{1,4})", re.ASCII | re.IGNORECASE)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
DAYS_AGO = {"tomorrow": -1, "today": 0, "now": 0, "yesterday": 1, "yesterdaysametime": 1}
DAYS_AGO |= {"lastweek": 7}
MONTHS_AGO = {"lastmonth": 1, "lastyear": 12}


class Dates(NamedTuple):
    """Be the periods that are asked for, in their order."""

    unit: str
    periods: tuple[Period, ...]
    several: bool
    """Whether each period is answered by itself, under its name."""

    @property
    def whole(self) -> Period:
        """Return all days from the first to the last."""
        return Period(self.periods[0].since, self.periods[-1].until)

    def name(self, period: Period) -> str:
        """Return how answers call a period."""
        if self.unit == "week":
            return f"{period.since},{period.until}"
        return str(period.since)[: {"month": 7, "year": 4}.get(self.unit)]


def read_dates(unit: str, text: str) -> Dates:
    """Return the periods that a unit and a date stand for."""
    if unit not in PERIODS:
        allowed = ", ".join(PERIODS)
        raise MatomoError(
            f"The period '{unit}' is not supported. Try any of the following instead: {allowed}"
        )
    back = _BACK.fullmatch(text)
    if back is None and "," not in text:
        return _single(unit, text)
    days = _ago(back[1].lower(), int(back[2]), unit) if back else _between(text)
    return Dates(RANGE, (days,), False) if unit == RANGE else _several(unit, days)


def _single(unit: str, text: str) -> Dates:
    """Return the one period that holds a day."""
    if unit == RANGE:
        raise _bad_range(text)
    return Dates(unit, (_holding(_day(text), unit),), False)


def _several(unit: str, days: Period) -> Dates:
    """Return the whole periods that have any of some days."""
    most = current_app.config["USAGE_STATS_MAX_DAYS"]
    if count_intervals(days, unit) > most:
        raise MatomoError(f"These are more than {most} periods: ask for a shorter range of dates.")
    found = [_holding(days.since, unit)]
    while found[-1].until < days.until:
        found.append(_holding(found[-1].until + timedelta(days=1), unit))
    return Dates(unit, tuple(found), True)


def _holding(day: date, unit: str) -> Period:
    """Return the period that holds a day."""
    start = max(bucket_start(day, unit), FIRST_DAY)
    return Period(start, interval_end(bucket_start(start, unit), unit))


def _ago(kind: str, count: int, unit: str) -> Period:
    """Return the days of the last periods: with the present one, or of those before it."""
    unit = "day" if unit == RANGE else unit
    end = today()
    if kind == "previous":
        end = bucket_start(end, unit) - timedelta(days=1)
    start = end
    for _ in range(min(max(count, 1), current_app.config["USAGE_STATS_MAX_DAYS"]) - 1):
        start = max(bucket_start(start, unit), FIRST_DAY + timedelta(days=1)) - timedelta(days=1)
    return Period(start, end)


def _between(text: str) -> Period:
    """Return the days between two dates."""
    parts = text.split(",")
    if len(parts) != 2:
        raise _bad_range(text)
    since, until = map(_day, parts)
    if since > until:
        raise _bad_range(text)
    return Period(since, until)


def _day(text: str) -> date:
    """Return the day of a date, or of a word for one."""
    word = re.sub(r"[\s_-]", "", text).lower()
    if word in DAYS_AGO:
        return today() - timedelta(days=DAYS_AGO[word])
    if word in MONTHS_AGO:
        return _months_ago(MONTHS_AGO[word])
    found = _DAY.fullmatch(text.strip())
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or not FIRST_DAY <= day <= LATEST:
        raise MatomoError(
            f"The date '{text}' is not a correct date format. Date format must be: YYYY-MM-DD, "
            "or 'today' or 'yesterday'."
        )
    return day


def _months_ago(count: int) -> date:
    """Return the same day some months ago, or the last one of that month."""
    now = today()
    year, month = divmod(now.year * 12 + now.month - 1 - count, 12)
    return date(year, month + 1, min(now.day, monthrange(year, month + 1)[1]))


def _bad_range(text: str) -> MatomoError:
    """Return the error of a range that is none."""
    return MatomoError(
        f"The date '{text}' is not a correct date range. It should have the following format: "
        "YYYY-MM-DD,YYYY-MM-DD, lastX or previousX."
    )
