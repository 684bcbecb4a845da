# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Periods by name."""

from datetime import date, timedelta
from random import Random

import pytest

from invenio_usage_stats.errors import InvalidQueryError
from invenio_usage_stats.reader import periods
from invenio_usage_stats.reader.periods import (
    INTERVALS,
    Period,
    count_intervals,
    intervals,
    parse_name,
    stretch,
)

NEW_YEAR, LEAP_DAY = date(2026, 1, 1), date(2024, 2, 29)


@pytest.mark.parametrize(
    ("name", "now", "since", "until"),
    [
        ("last-month", NEW_YEAR, date(2025, 12, 1), date(2025, 12, 31)),
        ("last-quarter", NEW_YEAR, date(2025, 10, 1), date(2025, 12, 31)),
        ("last-year", NEW_YEAR, date(2025, 1, 1), date(2025, 12, 31)),
        ("last-month", date(2024, 3, 31), date(2024, 2, 1), LEAP_DAY),
        ("last-quarter", LEAP_DAY, date(2023, 10, 1), date(2023, 12, 31)),
        ("12m", NEW_YEAR, date(2025, 1, 2), NEW_YEAR),
        ("1y", LEAP_DAY, date(2023, 3, 1), LEAP_DAY),
        ("ytd", NEW_YEAR, NEW_YEAR, NEW_YEAR),
        ("year:2024", NEW_YEAR, date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_names(name: str, now: date, since: date, until: date):
    assert parse_name(name, now=now) == Period(since, until)


@pytest.mark.parametrize("name", ["last-week", "last-", "last-quarter ", "12", "year:26", ""])
def test_what_is_no_name_is_refused_with_what_is(name: str):
    with pytest.raises(InvalidQueryError, match="last-quarter"):
        parse_name(name)


@pytest.mark.parametrize("interval", INTERVALS)
def test_stretches_are_those_of_the_list(interval: str):
    rng = Random(interval)
    for _ in range(50):
        since = date(2023, 1, 1) + timedelta(days=rng.randrange(800))
        period = Period(since, since + timedelta(days=rng.randrange(900)))
        every = intervals(period, interval)
        assert count_intervals(period, interval) == len(every)
        start, count = rng.randrange(len(every) + 2), rng.randrange(1, 40)
        some = every[start : start + count]
        found = stretch(period, interval, start, count)
        assert found == (Period(some[0].since, some[-1].until) if some else None)


def test_long_lists_are_not_kept():
    periods._kept.cache_clear()
    assert len(intervals(Period(date(2010, 1, 1), date(2019, 12, 31)), "day")) == 3_652
    assert periods._kept.cache_info().currsize == 0
