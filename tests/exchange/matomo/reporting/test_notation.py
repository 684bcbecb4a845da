# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""How dates and addresses are written."""

from datetime import date

import pytest
from flask import Flask

from invenio_usage_stats.errors import MatomoError
from invenio_usage_stats.exchange.matomo.reporting import dates
from invenio_usage_stats.exchange.matomo.reporting.addresses import (
    bare,
    download_path,
    page_path,
    whole,
)
from invenio_usage_stats.exchange.matomo.reporting.blueprint import (
    NAME,
    create_matomo_reports_blueprint,
)

NOW = date(2024, 3, 31)
"""A Sunday."""
WRITTEN = {
    ("day", "today"): ["2024-03-31"],
    ("day", "yesterday"): ["2024-03-30"],
    ("day", "lastWeek"): ["2024-03-24"],
    ("day", "last-month"): ["2024-02-29"],
    ("day", "last year"): ["2023-03-31"],
    ("week", "2024-03-31"): ["2024-03-25,2024-03-31"],
    ("month", "2024-2-29"): ["2024-02"],
    ("year", "2024-02-29"): ["2024"],
    ("day", "last2"): ["2024-03-30", "2024-03-31"],
    ("day", "previous2"): ["2024-03-29", "2024-03-30"],
    ("week", "last2"): ["2024-03-18,2024-03-24", "2024-03-25,2024-03-31"],
    ("week", "previous1"): ["2024-03-18,2024-03-24"],
    ("month", "last3"): ["2024-01", "2024-02", "2024-03"],
    ("month", "previous2"): ["2024-01", "2024-02"],
    ("year", "last2"): ["2023", "2024"],
    ("year", "9998-12-30,9998-12-31"): ["9998"],
    ("week", "9998-12-31"): ["9998-12-28,9999-01-03"],
    ("month", "0001-01-02"): ["0001-01"],
    ("week", "2024-03-01,2024-03-05"): ["2024-02-26,2024-03-03", "2024-03-04,2024-03-10"],
    ("month", "2023-12-31,today"): ["2023-12", "2024-01", "2024-02", "2024-03"],
}
RANGES = {
    "last7": (date(2024, 3, 25), NOW),
    "previous7": (date(2024, 3, 24), date(2024, 3, 30)),
    "2024-01-05,yesterday": (date(2024, 1, 5), date(2024, 3, 30)),
}


@pytest.fixture(autouse=True)
def fixed(monkeypatch):
    """Let it be a certain day."""
    monkeypatch.setattr(dates, "today", lambda: NOW)


@pytest.mark.parametrize(("unit", "text"), WRITTEN)
def test_periods_are_named_as_in_matomo(app, unit, text):
    found = dates.read_dates(unit, text)
    assert [found.name(period) for period in found.periods] == WRITTEN[unit, text]
    assert found.several == ("," in text or (text[-1].isdigit() and text[0] in "lp"))


@pytest.mark.parametrize("text", RANGES)
def test_a_range_is_one_period(app, text):
    found = dates.read_dates("range", text)
    assert [period.bounds for period in found.periods] == [RANGES[text]]
    assert not found.several


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("day", "2024-02-30"),
        ("day", "0000-01-01"),
        ("day", "9999-01-01"),
        ("day", "last"),
        ("day", "2024-01-02,2024-01-01"),
        ("day", "2024-01-01,"),
        ("day", "1990-01-01,2024-01-01"),
        ("range", "2024-01-01"),
        ("quarter", "today"),
    ],
)
def test_what_is_no_date_is_refused(app, unit, text):
    with pytest.raises(MatomoError):
        dates.read_dates(unit, text)


def test_long_ago_begins_with_the_first_day(app):
    assert dates.read_dates("year", "last9999").periods[0].since == dates.FIRST_DAY


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("a.example/", ("/index",)),
        ("a.example", ("/index",)),
        ("a.example/x", ("/x",)),
        ("a.example/x/", ("x", "/index")),
        ("a.example/x/y.html?q=1/2", ("x", "/y.html?q=1/2")),
        ("a.example?q=1", ("/index?q=1",)),
        ("a.example//x", ("/x",)),
    ],
)
def test_pages_lie_in_the_folders_of_their_addresses(url, path):
    assert page_path(url) == path


def test_downloads_lie_below_their_hosts(app):
    assert download_path("doi.org/10.5281/x.1") == ("doi.org", "/10.5281/x.1")
    assert download_path("a.example?f=1") == ("a.example", "?f=1")
    assert bare("HTTPS://DOI.org/10.5281/X.1#part") == "doi.org/10.5281/x.1"
    assert whole("localhost/x") == "http://localhost/x"
    assert whole("doi.org/x") == "https://doi.org/x"


@pytest.mark.parametrize(
    ("prefix", "paths"),
    [("", {"/index.php"}), ("/matomo", {"/matomo/", "/matomo/index.php"})],
)
def test_a_prefix_moves_the_addresses(app, prefix, paths):
    other = Flask("other")
    other.config["USAGE_STATS_MATOMO_PREFIX"] = prefix
    other.register_blueprint(create_matomo_reports_blueprint(other))
    assert {rule.rule for rule in other.url_map.iter_rules(f"{NAME}.answer")} == paths
