# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Periods by name."""

from datetime import date

import pytest

from invenio_usage_stats.errors import InvalidQueryError
from invenio_usage_stats.reader.periods import Period, parse_name

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
