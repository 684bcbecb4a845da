# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Months, as reports name and count them."""

import re
from datetime import date

from ....reader.periods import FIRST_DAY, LAST_DAY, Period, interval_end, intervals

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


def first_day(month: str) -> date:
    """Return the first day of a month; raise ``ValueError`` for what is none (``2026-01``)."""
    day = date.fromisoformat(f"{month}-01") if MONTH.fullmatch(month) else None
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"{month!r} is not a month such as 2026-01.")
    return day


def last_day(month: str) -> date:
    """Return the last day of a month."""
    return interval_end(first_day(month), "month")


def month_of(day: date) -> str:
    """Return the month of a day."""
    return day.isoformat()[:7]


def months_of(period: Period) -> list[str]:
    """Return the months that a period touches."""
    return [month_of(part.since) for part in intervals(period, "month")]


def whole_month(month: str) -> Period:
    """Return the days of a month."""
    return Period(first_day(month), last_day(month))
