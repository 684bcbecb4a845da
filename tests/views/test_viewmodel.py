# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
import json
import os
from datetime import date
from pathlib import Path

import pytest

from invenio_usage_stats import config
from invenio_usage_stats.catalog import DIMENSIONS, METRICS

from .fake import FakeService

FIXTURE = Path(__file__).parents[1] / "js/fixtures/dashboard.json"
"""What the tests of the scripts render."""


def panels(view, kind):
    return [panel for row in view["rows"] for panel in row["panels"] if panel["kind"] == kind]


def layout(*names, **props):
    components = [{"component": name, **props} for name in names]
    return {
        "layout": {"tabs": [{"name": "one", "rows": [{"name": "r", "components": components}]}]}
    }


def test_the_fixture_of_the_scripts_tests_is_what_we_build(build):
    text = json.dumps(build(), indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("USAGE_STATS_WRITE_FIXTURES"):
        FIXTURE.write_text(text)
    assert FIXTURE.read_text() == text


def test_every_headline_and_every_dimension_has_its_panel(build):
    view = build()
    headlines = {metric.id for metric in METRICS if metric.component}
    tables = {dimension.id for dimension in DIMENSIONS if dimension.component}
    assert {panel["metric"] for panel in panels(view, "card")} == headlines
    assert {panel["id"] for panel in panels(view, "table")} == tables
    assert len(panels(view, "chart")) == len(panels(view, "period")) == 1


def test_headlines_say_what_they_are_of(build):
    cards = {panel["metric"]: panel for panel in panels(build(), "card")}
    assert cards["views"]["short"] == "12.3K"
    assert cards["views"]["notes"] == ["12,345 in this period"]
    assert cards["records"]["notes"] == ["on Nov 21, 2026", "12 added, 3 removed"]


def test_what_cannot_be_added_up_over_days_has_no_chart(build):
    cards = {panel["metric"]: panel for panel in panels(build(), "card")}
    counted = next(d.counted_as for d in DIMENSIONS if d.counted_as)
    assert cards[counted]["href"] is None
    assert counted not in build()["series"]


def test_links_hold_only_what_differs_from_the_default(build):
    view = build(metric="downloads", period="30d", other="kept")
    (period,) = panels(view, "period")
    links = {choice["label"]: choice["href"] for choice in period["choices"]}
    assert links["12 months"] == "?other=kept&metric=downloads"
    assert links["This year"] == "?other=kept&period=ytd&metric=downloads"
    assert period["hidden"] == [["other", "kept"], ["metric", "downloads"]]
    cards = {panel["metric"]: panel["href"] for panel in panels(view, "card")}
    assert cards["views"] == "?other=kept&period=30d"
    assert cards["traffic"] == "?other=kept&period=30d&metric=traffic"


def test_the_period_is_the_last_twelve_months_unless_the_url_says_so(build):
    (period,) = panels(build(), "period")
    assert (period["since"], period["until"]) == ("2025-11-22", "2026-11-21")
    (period,) = panels(build(since="2026-01-01", until="2026-01-31"), "period")
    assert (period["since"], period["until"]) == ("2026-01-01", "2026-01-31")
    assert not any(choice["current"] for choice in period["choices"])
    (period,) = panels(build(period="year:2026"), "period")
    assert period["until"] == "2026-11-21"


def test_all_time_ends_where_the_dashboard_looks_no_further(build):
    changes = {"maxHistoryYears": 2}
    (period,) = panels(build(period="all", changes=changes), "period")
    assert period["since"] == "2024-11-22"
    assert "too many" in build(period="9y", changes=changes)["error"]


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ({"period": "12x"}, "period"),
        ({"since": "yesterday"}, "since"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "since"),
        ({"since": "2030-01-01", "until": "2030-02-01"}, "since"),
        ({"metric": "nonsense"}, "metric"),
        ({"metric": "viewed_records"}, "metric"),
        ({"tab": "nowhere"}, "tab"),
    ],
)
def test_a_wrong_parameter_is_named(build, args, named):
    view = build(**args)
    assert view["error"].startswith(f"{named}: ")
    assert view["rows"] == []
    assert view["home"] == "?"


def test_incomplete_intervals_are_marked(build):
    points = build()["series"]["views"]["points"]
    assert [n for n, point in enumerate(points) if point["partial"]] == [0, len(points) - 1]
    january = build(since="2026-01-01", until="2026-01-31")["series"]["views"]["points"]
    assert not any(point["partial"] for point in january)


def test_tables_show_shares_what_is_missing_and_how_much_is_left_out(build):
    table = panels(build(), "table")[0]
    assert len(table["rows"]) == 10
    assert table["rows"][0]["cells"][0] == {
        "column": "records",
        "value": 300,
        "text": "300",
        "share": 50.0,
        "percent": "50%",
    }
    assert table["missing"]["label"] == "Not given"
    assert table["count"] == "The first 10 of 12 values."


def test_unknown_components_are_left_out(build):
    view = build(changes=layout("NoSuchThing", "StatsChart"))
    assert [panel["kind"] for panel in view["rows"][0]["panels"]] == ["chart"]


def test_only_what_a_layout_shows_is_asked_for(build):
    service = FakeService()
    build(service=service, changes=layout("DateRangeSelector"))
    assert service.asked == []
    build(service=service, changes=layout("LanguagesTable", limit=3, title="Tongues"))
    assert service.asked == ["breakdowns"]


def test_further_settings_reach_the_panel(build):
    (table,) = panels(build(changes=layout("LanguagesTable", limit=3, title="Tongues")), "table")
    assert (table["title"], len(table["rows"])) == ("Tongues", 3)
    view = build(changes=layout("StatsChart", metric="downloads"))
    assert view["metric"] == view["default_metric"] == "downloads"


def test_widths_become_columns(build):
    view = build(changes=layout("StatsChart", width=8))
    assert view["rows"][0]["panels"][0]["css"].startswith("eight wide computer sixteen wide")


def test_a_type_without_settings_uses_those_of_the_repository(build):
    assert build(kind="record")["rows"] == build()["rows"]


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


def test_emptiness_is_explained(build):
    assert "nothing to count" in build(service=FakeService(first=None))["notice"]
    late = FakeService(first=date(2026, 11, 1))
    assert "Nov 1, 2026" in build(service=late, since="2026-01-01", until="2026-01-31")["notice"]
    assert build()["notice"] is None


def test_title_and_description_are_shown_as_configured(build):
    shown = build(changes={"title": "T", "description": "D", "show_description": False})
    assert (shown["title"], shown["description"], shown["name"]) == ("T", "", "T")
    assert build(changes={"title": "T", "show_title": False})["title"] == ""


def test_the_default_settings_have_both_types():
    assert set(config.STATS_DASHBOARD_UI_CONFIG) == {"global", "community"}
