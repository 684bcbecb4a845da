# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The years of reports, without servers."""

from datetime import date

import pytest

from invenio_usage_stats.errors import InvalidQueryError
from invenio_usage_stats.reader.periods import Period
from invenio_usage_stats.services import years
from invenio_usage_stats.services.years import Year, Years

TODAY = date(2026, 11, 21)
FIRST = date(2024, 3, 12)


@pytest.fixture
def read(light_app, monkeypatch):
    """Return a function that reads the years of an address."""
    monkeypatch.setattr(years, "today", lambda: TODAY)

    def reading(text=None, first=FIRST, most=15, start="01-01"):
        light_app.config["USAGE_STATS_YEAR_START"] = start
        return Years.read(text, first, most)

    with light_app.test_request_context():
        yield reading


def values(found):
    return [year.value for year in found.all]


def test_there_are_reports_of_all_years_with_data(read):
    found = read("2025")
    assert values(found) == ["2026", "2025", "2024"]
    assert found.shown.period == Period(date(2025, 1, 1), date(2025, 12, 31))
    assert found.shown.before == Period(date(2024, 1, 1), date(2024, 12, 31))
    assert found.shown.is_over
    assert found.other_kind is None


def test_the_year_under_way_ends_today_and_is_compared_with_the_same_days(read):
    year = read("2026").shown
    assert year.period == Period(date(2026, 1, 1), TODAY)
    assert year.before == Period(date(2025, 1, 1), date(2025, 11, 21))
    assert not year.is_over


def test_without_a_year_the_last_that_is_over_is_shown(read):
    assert read().shown == Year(2025)
    assert read(first=date(2026, 2, 1)).shown == Year(2026)
    assert read(first=None).shown == Year(2026)


def test_financial_years(read):
    found = read("fy:2025", start="04-01")
    assert found.shown.label == "2025/2026"
    assert found.shown.period == Period(date(2025, 4, 1), date(2026, 3, 31))
    assert values(found) == ["fy:2026", "fy:2025", "fy:2024", "fy:2023"]
    assert found.other_kind == Year(2026)
    assert read("2024", start="04-01").other_kind.value == "fy:2024"


def test_links_lead_to_years_that_there_are(read):
    for start in ("01-01", "04-01", "10-01"):
        for text in values(read("fy:2025", start=start)) + values(read("2025", start=start)):
            found = read(text, start=start)
            if found.other_kind:
                read(found.other_kind.value, start=start)


def test_reports_go_back_as_far_as_dashboards(read):
    assert values(read("2026", first=date(1999, 1, 1), most=2))[-1] == "2024"


@pytest.mark.parametrize(
    "text", ["25", "2025x", "20255", "year:2025", "fy:", "٢٠٢٥", "2025\n", "-2025", "2023", "2027"]
)
def test_other_years_are_refused_with_a_sentence(read, text):
    with pytest.raises(InvalidQueryError) as caught:
        read(text)
    assert caught.value.parameter == "year"
    assert "is not" in caught.value.reason
