# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The address is the state: what it says, and what it leaves out."""

from datetime import date, timedelta

import pytest
from werkzeug.datastructures import MultiDict

from invenio_usage_stats.reader.periods import Period, today
from invenio_usage_stats.services.query import Filter
from invenio_usage_stats.views.model.address import Address, Defaults
from invenio_usage_stats.views.model.state import POINTS, offered_intervals

from .conftest import panels


def read(*pairs, **defaults):
    return Address.read(MultiDict(list(pairs)), Defaults(**defaults))


def test_only_what_differs_from_the_defaults_stands_in_an_address():
    address = read(
        ("period", "12m"),
        ("compare", "previous"),
        ("cumulative", "false"),
        ("basis", "added"),
        ("level", "record"),
        ("page", "1"),
        ("metric", "downloads"),
        ("other", "kept"),
    )
    assert address.link() == "?other=kept&metric=downloads"
    assert address.link(level="parent") == "?other=kept&metric=downloads&level=parent"
    assert address.link(metric=None) == "?other=kept"
    assert read(("period", "12m"), period="5y").link() == "?period=12m"


def test_every_key_is_kept_in_one_order():
    text = (
        "?since=2024-01-01&until=2024-02-01&metric=downloads&interval=day&cumulative=true"
        "&compare=year&dimension=languages&filter=languages:eng&filter=languages:deu"
        "&basis=created&level=parent&tab=content&table=languages&page=2&sort=languages:views"
    )
    pairs = [tuple(pair.split("=")) for pair in text.removeprefix("?").split("&")]
    assert read(*pairs[::-1]).link() == text.replace("eng", "x").replace("deu", "eng").replace(
        "x", "deu"
    )


def test_filters_are_switched_on_and_off():
    address = read(("filter", "languages:eng"), ("page", "3"))
    assert address.toggled(Filter("languages", "eng")) == "?"
    both = "?filter=languages:eng&filter=subjects:a%26b"
    assert address.toggled(Filter("subjects", "a&b")) == both


def test_another_tab_keeps_what_all_tabs_have_in_common():
    address = read(("period", "30d"), ("metric", "downloads"), ("filter", "languages:eng"))
    assert address.on_tab("content") == "?period=30d&filter=languages:eng&tab=content"
    assert read(("sort", "languages:views")).on_tab("content") == "?tab=content"


def test_each_table_has_an_order_of_its_own():
    address = read(("sort", "languages:views"), ("sort", "records.views:traffic"), ("page", "2"))
    assert address.metric_of("records.views") == "traffic"
    assert address.metric_of("records") is None
    both = "?sort=records.views:traffic&sort=languages:downloads"
    assert address.ranked("languages", "downloads") == both
    assert address.ranked("languages", None) == "?sort=records.views:traffic"


def test_an_order_by_what_is_no_metric_is_explained(build):
    assert build(sort="languages:loans")["error"].startswith("sort: ")


def test_forms_keep_everything_else():
    address = read(("period", "30d"), ("metric", "views"), ("page", "2"), ("dimension", "x"))
    assert address.hidden("dimension") == [["period", "30d"], ["metric", "views"]]


@pytest.mark.parametrize("days", [1, 2, 30, 92, 366, 1000, 4000, 5490])
def test_intervals_give_a_readable_number_of_points(days):
    period = Period(date(2024, 5, 17), date(2024, 5, 17) + timedelta(days=days - 1))
    offered = offered_intervals(period)
    assert offered
    assert ("day" in offered) == (2 <= days <= POINTS or days == 1)


def test_an_interval_that_is_too_short_becomes_a_longer_one(build):
    view = build(since="2020-01-01", until="2024-04-09", interval="day")
    assert view["series"]["views"]["interval"] == "week"
    (chart,) = panels(view, "chart")
    choices = {c["value"]: c for c in chart["controls"]["interval"]}
    assert "day" not in choices
    assert choices["week"]["current"]


def test_the_period_is_the_last_twelve_months_unless_the_url_says_so(build):
    (period,) = panels(build(period="12m"), "period")
    assert [c["value"] for c in period["choices"] if c["current"]] == ["12m"]
    assert period["fixed"] == f"?since={period['since']}&until={period['until']}"
    (period,) = panels(build(since="2024-01-01", until="2024-01-31"), "period")
    assert (period["since"], period["until"]) == ("2024-01-01", "2024-01-31")
    assert not any(choice["current"] for choice in period["choices"])
    assert period["fixed"] is None
    own = build(changes={"default_period": "5y"}, period="5y")
    assert own["query"] == "?"


def test_all_time_begins_with_the_first_day_and_ends_where_the_dashboard_looks_no_further(build):
    (period,) = panels(build(period="all"), "period")
    assert period["since"].startswith("2024-01")
    few = {"maxHistoryYears": 2}
    assert build(period="9y", changes=few)["error"].startswith("period: ")
    assert build(since="1990-01-01", until="1990-12-31")["error"].startswith("since: 1990-01-01")
    (recent,) = panels(build(period="30d", changes=few), "period")
    assert recent["earliest"] == f"{today().year - 2}-01-01"
    assert build(since=recent["earliest"], until=recent["latest"], changes=few)["error"] is None


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ({"period": "12x"}, "period"),
        ({"since": "yesterday"}, "since"),
        ({"since": "2024-02-01", "until": "2024-01-01"}, "since"),
        ({"since": "2130-01-01", "until": "2130-02-01"}, "since"),
        ({"since": "2024-02-01", "period": "30d"}, "period"),
        ({"metric": "nonsense"}, "metric"),
        ({"metric": "viewed_records"}, "metric"),
        ({"interval": "minute"}, "interval"),
        ({"cumulative": "maybe"}, "cumulative"),
        ({"compare": "never"}, "compare"),
        ({"dimension": "records"}, "dimension"),
        ({"dimension": "nonsense"}, "dimension"),
        ({"filter": "languages"}, "filter"),
        ({"filter": "nonsense:x"}, "filter"),
        ({"basis": "nonsense"}, "basis"),
        ({"level": "nonsense"}, "level"),
        ({"tab": "nowhere"}, "tab"),
        ({"table": "nonsense"}, "table"),
        ({"table": "uploaders"}, "table"),
        ({"page": "0"}, "page"),
        ({"explain": "why"}, "explain"),
    ],
)
def test_a_wrong_parameter_is_named(build, args, named):
    view = build(**args)
    assert view["error"].startswith(f"{named}: ")
    assert view["rows"] == []
    assert view["home"] == "?"


def test_links_of_a_view_lead_back_to_it(build):
    """Following any current choice shows the same view."""
    view = build(metric="downloads", level="parent", tab="usage")
    hrefs = [c["href"] for s in view["switches"] for c in s["choices"] if c["current"]]
    hrefs += [tab["href"] for tab in view["tabs"] if tab["current"]]
    (chart,) = panels(view, "chart")
    for choices in (chart["controls"]["interval"], chart["controls"]["cumulative"]):
        hrefs += [c["href"] for c in choices if c["current"]]
    assert {href for href in hrefs if "tab=usage" in href} == set(hrefs)
    assert view["query"] in hrefs


def test_tabs_are_links_and_only_the_chosen_one_is_built(build):
    tabs = [
        {"name": "a", "label": "A", "rows": [{"components": [{"component": "StatsChart"}]}]},
        {"name": "b", "label": "B", "rows": [{"components": [{"component": "LanguagesTable"}]}]},
    ]
    view = build(changes={"tabs": tabs}, tab="b", period="30d")
    assert [(tab["href"], tab["current"]) for tab in view["tabs"]] == [
        ("?period=30d", False),
        ("?period=30d&tab=b", True),
    ]
    assert [panel["kind"] for panel in view["rows"][0]["panels"]] == ["table"]
