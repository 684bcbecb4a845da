# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Lists by what only events know, and rankings by what does not follow from lines."""

from collections import Counter
from datetime import date, timedelta

import pytest
from invenio_access.permissions import system_identity

from invenio_usage_stats.errors import UnanswerableError
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.periods import Period
from invenio_usage_stats.services.question import Question
from invenio_usage_stats.services.records import Listed
from invenio_usage_stats.services.scopes import REPOSITORY, Scope

from .asking import as_filters, ask, question_of
from .counting import Counted, counted_world

FIRST, LAST = date(2024, 1, 1), date(2024, 3, 31)


@pytest.fixture(scope="module")
def counted(app) -> Counted:
    """Return the direct count of a world."""
    return counted_world(911, operations=90, days=91, events=900)


def question(scope: str, wanted: dict[str, set[str]], until: date = LAST, **more: str) -> Question:
    """Return a question about a scope, with filters."""
    return question_of(scope, since=FIRST, until=until, filter=as_filters(wanted), **more)


@pytest.mark.parametrize(
    "wanted",
    [
        {"countries": {"DE"}},
        {"countries": {"DE", "US"}, "languages": {"eng"}},
        {"referrers": {"www.example.org"}},
    ],
    ids=["a country", "countries and a language", "a referrer"],
)
@pytest.mark.parametrize(("metric", "kind"), [("views", "view"), ("downloads", "download")])
def test_records_by_what_only_events_know(counted, wanted, metric, kind):
    """Of a record that was viewed from two countries, the views from one of them count."""
    for scope in counted.world.scopes():
        events = counted.chosen(scope, FIRST, LAST, wanted)
        known = counted.world.records
        expected = Counter(e.record for e in events if e.kind == kind and e.record in known)
        metrics = [current_usage_stats.catalog.metrics[metric]]
        listed = Listed(question(scope, wanted), metrics, Period(FIRST, LAST))
        ranked = sorted(expected.items(), key=lambda pair: (-pair[1], pair[0]))
        assert list(listed.order()) == ranked


def test_records_by_what_only_events_know_for_short_periods_only(counted):
    metrics = [current_usage_stats.catalog.metrics["views"]]
    until = FIRST + timedelta(days=92)
    asked = question("global", {"countries": {"DE"}}, until)
    with pytest.raises(UnanswerableError, match="92 days"):
        Listed(asked, metrics, Period(FIRST, until))


@pytest.mark.parametrize("metric", ["views", "view_visitors", "viewed_records"])
def test_a_value_by_itself_is_known_for_any_time(counted, metric):
    wanted, until = {"countries": {"DE"}}, LAST + timedelta(days=200)
    asked = question("global", wanted, until, dimension="countries", metric=metric)
    found = current_usage_stats.service.top(system_identity, REPOSITORY, asked.query)
    expected = counted.usage("global", FIRST, until, wanted)[metric]
    assert {row.id: row.values[metric] for row in found.rows} == {"DE": expected}
    assert found.missing == {metric: 0}
    asked = question(
        "global", wanted, until, dimension="countries", metric="views", interval="month"
    )
    (series,) = current_usage_stats.service.series(system_identity, REPOSITORY, asked.query).series
    views = counted.usage("global", FIRST, until, wanted)["views"]
    assert sum(point.value for point in series.points) == views


def test_what_does_not_follow_from_lines_ranks_nothing(counted):
    wanted = {"resource_types": {"dataset"}}
    asked = question("global", wanted, dimension="languages", metric="view_visitors").query
    with pytest.raises(UnanswerableError, match="does not follow exactly"):
        current_usage_stats.service.top(system_identity, REPOSITORY, asked)


def test_values_are_listed_for_what_does_not_follow_from_lines(counted):
    """A value that was viewed has visitors, however many."""
    wanted = {"resource_types": {"dataset"}}
    asked = question("global", wanted, dimension="languages", metric="downloads,view_visitors")
    found = current_usage_stats.service.top(system_identity, REPOSITORY, asked.query)
    events = counted.chosen("global", FIRST, LAST, wanted)
    keys = {
        key
        for event in events
        for key in counted._values(event, facts(counted, event), "languages")
    }
    assert found.count == len(keys)
    assert {row.values["view_visitors"] for row in found.rows} == {None}


def facts(counted: Counted, event) -> dict | None:
    """Return the facts of an event's second."""
    history = counted.histories.get(event.record)
    return history and history.facts_at(event.at)


def test_records_are_not_counted_by_what_only_events_know(counted):
    days = {"since": FIRST, "until": LAST}
    for what in ("totals", "series"):
        with pytest.raises(UnanswerableError, match="belong to events"):
            ask(what, metric="records", filter="countries:DE", **days)


def about(what: str, scope: Scope, *filters: str, **more: str) -> dict:
    """Return the period of an answer, and the one that it says was asked for."""
    data = ask(what, scope, filter=list(filters), **more).to_dict()
    assert data["period"]["name"] == data["query"]["period"]
    return data["period"]


def test_questions_of_single_events_are_about_recent_days_unless_they_say_so(counted):
    record = Scope(next(iter(counted.histories)), kind="record")
    for what, scope, filters, more in (
        ("top", record, (), {"dimension": "countries"}),
        ("series", record, (), {"dimension": "countries"}),
        ("totals", record, ("countries:DE",), {"metric": "views"}),
        ("top", REPOSITORY, ("languages:eng",), {"dimension": "referrers"}),
        ("top", REPOSITORY, ("countries:DE",), {"dimension": "records", "metric": "views"}),
        ("totals", REPOSITORY, ("countries:DE", "languages:eng"), {"metric": "views"}),
    ):
        period = about(what, scope, *filters, **more)
        assert (period["name"], period["days"]) == ("92d", 92)
        with pytest.raises(UnanswerableError, match="at most 92 days"):
            about(what, scope, *filters, period="12m", **more)
    for what, scope, filters, more in (
        ("top", REPOSITORY, (), {"dimension": "countries"}),
        ("totals", REPOSITORY, ("countries:DE",), {"metric": "views"}),
        ("top", record, (), {"dimension": "languages", "metric": "views"}),
    ):
        assert about(what, scope, *filters, **more)["name"] == "12m"
