# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Numbers are those of the events, for every period and site."""

from datetime import date, datetime, time, timedelta

import pytest

from invenio_usage_stats.exchange.matomo.reporting import summaries
from invenio_usage_stats.exchange.matomo.reporting.dates import read_dates
from invenio_usage_stats.reader.periods import today

from .counted import rows, summary, wanted

PERIODS = [
    *((unit, "today") for unit in ("day", "week", "month", "year")),
    ("day", "yesterday"),
    *((unit, "last3") for unit in ("day", "week", "month", "year", "range")),
    *((unit, "previous9") for unit in ("day", "week", "range")),
]


def numbers(row: dict) -> dict[str, int]:
    """Return the counted columns of a row."""
    names = ("nb_hits", "nb_visits", "nb_uniq_visitors", "sum_daily_nb_uniq_visitors")
    return {name: row[name] for name in names if name in row}


def by_period(app, unit: str, text: str) -> dict[str, tuple[date, date]]:
    """Return the bounds of the periods by their names."""
    dates = read_dates(unit, text)
    return {dates.name(period) if dates.several else "": period.bounds for period in dates.periods}


@pytest.mark.parametrize(("unit", "text"), PERIODS)
def test_downloads_and_visits_are_those_of_the_events(app, reported, ask, unit, text):
    asked = {"period": unit, "date": text, "filter_limit": -1}
    tables = ask("Actions.getDownloads", flat=1, **asked)
    totals = ask("VisitsSummary.get", **asked)
    several = by_period(app, unit, text)
    if "" in several:
        tables, totals = {"": tables}, {"": totals}
    assert list(tables) == list(totals) == list(several)
    for name, (since, until) in several.items():
        events = wanted(reported.seen("public"), 1, since, until)
        downloads = [one for one in events if one.action == "download"]
        expected = rows(downloads, lambda one: one.url, unit == "day")
        assert {row["label"]: numbers(row) for row in tables[name]} == expected
        counted = summary(events)
        if not events and len(several) > 1:
            assert totals[name] == []
        else:
            assert counted.items() <= totals[name].items()


def test_there_is_something_to_count(reported):
    events = wanted(reported.seen("public"), 1, date(2000, 1, 1), today(), "download")
    assert len(events) > 30
    assert len(reported.seen("public")) < len(reported.events)


@pytest.mark.parametrize("number", ["getVisits", "getActions", "getUniqueVisitors"])
def test_single_numbers_of_the_summary(reported, ask, number):
    name = {"getVisits": "nb_visits", "getActions": "nb_actions"}.get(number, "nb_uniq_visitors")
    asked = {"period": "day", "date": "last9"}
    days = ask(f"VisitsSummary.{number}", **asked)
    all_of_them = ask("VisitsSummary.get", **asked)
    assert days == {day: found[name] if found else 0 for day, found in all_of_them.items()}
    assert ask(f"VisitsSummary.{number}", period="day", date="today") == {
        "value": days[str(today())]
    }


def test_each_consumer_has_its_visits(reported, ask):
    table = ask("DevicesDetection.getBrowsers", period="range", date="last400")
    events = wanted(reported.seen("public"), 1, today() - timedelta(days=399), today())
    for row in table:
        own = summary(one for one in events if one.consumer == row["label"])
        names = ("nb_visits", "nb_actions", "max_actions", "bounce_count", "sum_visit_length")
        assert {name: row[name] for name in names} == {name: own[name] for name in names}
    assert {row["label"] for row in table} == {one.consumer for one in events}
    versions = ask("DevicesDetection.getBrowserVersions", period="range", date="last400")
    assert {row["label"] for row in versions} == {"ilastik 1.4.0", "deepimagej 3.0", "unknown"}
    assert sum(row["nb_visits"] for row in versions) == sum(row["nb_visits"] for row in table)


def test_numbers_are_the_same_in_small_lots(reported, ask, monkeypatch):
    questions = [
        ("Actions.getDownloads", {"period": "month", "date": "last14", "expanded": 1}),
        ("VisitsSummary.get", {"period": "week", "date": "last60"}),
        ("Actions.getPageUrls", {"period": "range", "date": "last400", "flat": 1}),
    ]
    answers = [ask(method, **asked) for method, asked in questions]
    place = "invenio_usage_stats.exchange.matomo.reporting.reading.LOT"
    monkeypatch.setattr(place, 20)
    assert [ask(method, **asked) for method, asked in questions] == answers


@pytest.mark.parametrize(("minutes", "days"), [(720, 1), (2160, 2)])
def test_counters_tell_of_the_last_minutes_at_once(reported, ask, monkeypatch, minutes, days):
    noon = datetime.combine(today(), time(12))
    monkeypatch.setattr(summaries, "utc_now", lambda: noon)
    (found,) = ask("Live.getCounters", lastMinutes=minutes)
    first = today() - timedelta(days=days - 1)
    expected = summary(wanted(reported.seen("public"), 1, first, today()))
    assert found == {
        "visits": expected["nb_visits"],
        "actions": expected["nb_actions"],
        "visitors": expected["nb_uniq_visitors"],
        "visitsConverted": 0,
    }
    assert found["actions"] > 0
