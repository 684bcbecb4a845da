# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What pages say of times that were not recorded, and of questions without an answer."""

from datetime import date, timedelta

import pytest

from invenio_usage_stats.catalog import DIMENSIONS
from invenio_usage_stats.errors import TooManyDaysError
from invenio_usage_stats.services import explaining

from ..resources.conftest import asking, house  # noqa: F401
from .conftest import layout, panels

OF_EVENTS, OTHER = [d for d in DIMENSIONS if d.source == "event"]
LONG = {"since": "2024-01-01", "until": "2024-06-30"}
BOTH = {"filter": [f"{OF_EVENTS.id}:DE", "languages:eng"]}


@pytest.fixture
def began(world):
    """Return the day on which the recording of the world's usage began."""
    return min(event.at.date() for event in world.events["global"])


def card(view, metric):
    """Return the card of a metric."""
    return next(c for c in panels(view, "card") if c["metric"] == metric)


def roles(view, metric):
    """Return which lines the series of a metric has."""
    return [line["role"] for line in view["series"][metric]["lines"]]


def test_usage_is_not_compared_with_a_time_that_was_recorded_in_part(build, began):
    since = began + timedelta(days=20)
    days = {"since": since.isoformat(), "until": (since + timedelta(days=29)).isoformat()}
    view = build(**days)
    assert card(view, "views")["change"]["none"] == "no earlier data"
    assert roles(view, "views") == ["main"]
    assert card(view, "records")["change"]["none"] is None
    whole = build(since=since.isoformat(), until=(since + timedelta(days=19)).isoformat())
    assert card(whole, "views")["change"]["none"] is None
    assert roles(whole, "views") == ["main", "earlier"]


def test_what_was_not_recorded_is_unknown(build, began):
    since = date(began.year - 1, 11, 1)
    view = build(since=since.isoformat(), until="2024-04-09", interval="month", compare="none")
    series = view["series"]["views"]
    (line,) = series["lines"]
    assert line["values"][:2] == [None, None]
    assert all(line["values"][2:])
    assert series["gaps"][0]["text"].startswith("No usage was recorded before")
    assert series["columns"][2]["partial"] == (began.day > 1)
    assert not series["spark"]["line"].startswith("M0,")
    held = view["series"]["records"]["lines"][0]["values"]
    assert None not in held


def test_a_beginning_after_the_period_is_not_marked_in_it(build):
    view = build(since="2023-01-01", until="2023-03-31", interval="month")
    assert view["series"]["views"]["events"] == []
    (table,) = panels(
        build(
            since="2023-01-01",
            until="2023-03-31",
            changes=layout("LanguagesTable", metrics=["views"]),
        ),
        "table",
    )
    assert table["empty"].startswith("The recording of usage began on")


def test_small_courses_of_what_is_held_show_how_much_that_was(build):
    levels = build(cumulative="true")["series"]["records"]["spark"]
    assert build()["series"]["records"]["spark"] == levels


def test_a_single_day_has_no_course(build):
    view = build(since="2024-03-05", until="2024-03-05")
    assert view["series"]["views"]["spark"] == {"area": "", "line": ""}
    assert panels(view, "period")[0]["label"] == "Mar 5, 2024"


def test_the_earlier_line_is_cut_where_its_own_period_is(build):
    """Monday to Friday is cut at its end; before it lies Wednesday to Sunday, cut at its begin."""
    view = build(interval="week", since="2024-03-04", until="2024-03-22")
    main, earlier = view["series"]["views"]["lines"]
    assert main["tails"].count("M") == earlier["tails"].count("M") == 1
    assert earlier["tails"].startswith("M0,")
    assert not main["tails"].startswith("M0,")


def test_a_combination_of_too_many_days_is_named_with_a_way_to_fewer(build):
    view = build(**LONG, **BOTH)
    (chart,) = panels(view, "chart")
    assert chart["title"] == "Views"
    assert chart["why"].startswith(f"{OF_EVENTS.label} and Languages together: ")
    assert "period=last-quarter&filter=" in chart["way"]["href"]
    assert "languages:eng" in chart["way"]["href"]
    short = build(since="2024-02-01", until="2024-03-31", **BOTH)
    assert panels(short, "chart")[0]["why"] is None


def test_a_value_filters_the_table_of_its_own_dimension_for_any_time(build):
    view = build(**LONG, tab="audience", filter=f"{OF_EVENTS.id}:DE")
    (shown,) = panels(view, "map")
    assert [row["id"] for row in shown["table"]["rows"]] == ["DE"]
    (table,) = panels(view, "table")
    assert table["why"].startswith(f"{OF_EVENTS.label} and {OTHER.label} together: ")


def test_a_record_is_split_by_what_it_has_several_values_of(app, house):  # noqa: F811
    path = f"/records/{house.records['public']}/stats/view?dimension={OF_EVENTS.id}"
    with asking(app, house, "anonymous") as client:
        view = client.get(path).json
    series = view["series"]["views"]
    assert series["why"].startswith(f"{OF_EVENTS.label} of a single record: ")
    assert "period=last-quarter" in series["way"]["href"]
    (chart,) = panels(view, "chart")
    own = {d.id for d in DIMENSIONS if d.source == "record"}
    offered = {choice["value"] for choice in chart["controls"]["dimension"]["choices"]}
    assert offered & own == set()
    assert OF_EVENTS.id in offered
    asked = [entry["href"] for entry in chart["menu"] if "/series?" in entry["href"]]
    assert asked
    assert not any("dimension=" in href for href in asked)


def test_a_number_without_an_explanation_says_so(build, monkeypatch):
    monkeypatch.setattr(explaining, "still_stored", lambda *_: False)
    (chart,) = panels(build(explain="true"), "chart")
    assert chart["explain"]["steps"] == []
    assert "no longer stored" in chart["explain"]["why"]


def test_values_that_no_record_has_are_said_to_be_filtered_out(build):
    (table,) = panels(
        build(changes=layout("LanguagesTable"), filter="keywords:no-such-thing"), "table"
    )
    assert table["empty"] == "Nothing in this period meets the filters."


def test_visitors_are_called_visitor_days(build):
    assert "visitor-days in this period" in card(build(), "view_visitors")["notes"][0]


def test_too_many_days_say_how_many():
    assert "at most 92 days; these are 366" in str(TooManyDaysError(366, 92))
