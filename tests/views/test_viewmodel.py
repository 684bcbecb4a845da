# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a dashboard shows: as configured, and the same numbers as the API."""

from datetime import date

import pytest
from invenio_access.permissions import system_identity

from invenio_usage_stats import config
from invenio_usage_stats.catalog import DIMENSIONS
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.services.query import Query
from invenio_usage_stats.services.scopes import REPOSITORY

from ..services.counting import of_events
from ..trouble import unreachable
from .conftest import SINCE, UNTIL, layout, panels

FILTER = {"filter": "languages:eng"}
SINGLE = next(d.id for d in DIMENSIONS if not d.multiple and len(d.families) == 2)
OF_EVENTS = next(d for d in DIMENSIONS if d.source == "event")


def ask(what, **parameters):
    """Return an answer of the API's service about the same days."""
    given = {"since": [SINCE], "until": [UNTIL]}
    given |= {k: v if isinstance(v, list) else [v] for k, v in parameters.items()}
    service = current_usage_stats.service
    query = Query.read(given, service.catalog)
    return getattr(service, what)(system_identity, REPOSITORY, query)


def every(build, kind, **args):
    """Return the panels of a kind on all tabs."""
    names = [tab["name"] for tab in build()["tabs"]]
    return [panel for name in names for panel in panels(build(tab=name, **args), kind)]


def values_of(series, role="main"):
    """Return the values of a line."""
    (line,) = (line for line in series["lines"] if line["role"] == role)
    return [value and value["value"] for value in line["values"]]


def test_every_headline_and_every_dimension_has_its_panel(build):
    known = current_usage_stats.catalog
    headlines = {metric.id for metric in known.metrics.values() if metric.component}
    tables = {dimension.id for dimension in known.dimensions.values() if dimension.component}
    assert {panel["metric"] for panel in every(build, "card")} == headlines
    shown = {panel.get("dimension") for panel in every(build, "table")}
    shown |= {panel["table"]["dimension"] for panel in every(build, "map")}
    assert shown == {*tables, "records", "communities"}
    assert all(not panel["error"] for panel in every(build, "table"))


def test_panels_have_ids_of_their_own(build):
    view = build()
    ids = [panel["id"] for row in [*view["head"], *view["rows"]] for panel in row["panels"]]
    assert len(ids) == len(set(ids)) > 10


@pytest.mark.parametrize("more", [{}, FILTER, {"level": "parent"}, {"basis": "created"}])
def test_cards_show_the_numbers_of_the_api(build, more):
    cards = {panel["metric"]: panel for panel in panels(build(**more), "card")}
    answer = ask("totals", metric=list(cards), compare="previous", **more)
    for id_, card in cards.items():
        total = answer.metrics[id_]
        if total.value is None:
            assert card["short"] == "–"
            assert card["why"]
        else:
            assert card["full"].startswith(f"{total.value:,}")
            assert (card["change"]["none"] is None) == (total.compared.value is not None)


def test_the_chart_is_that_of_the_api_and_of_the_events(build, world):
    view = build(metric="downloads", interval="day")
    (one,) = ask("series", metric="downloads", interval="day", compare="previous").series
    series = view["series"]["downloads"]
    assert values_of(series) == [point.value for point in one.points]
    assert values_of(series, "earlier") == [point.value for point in one.compared]
    days = date.fromisoformat(SINCE), date.fromisoformat(UNTIL)
    assert sum(values_of(series)) == of_events(world.chosen("global", *days, {}))["downloads"]


def test_running_sums_end_at_what_there_is(build):
    view = build(metric="records", cumulative="true")
    (card,) = (c for c in panels(view, "card") if c["metric"] == "records")
    assert f"{values_of(view['series']['records'])[-1]:,}" == card["full"]


def test_tables_show_the_numbers_of_the_api(build):
    for table in every(build, "table", **FILTER):
        if table["why"]:
            continue
        columns = [column["id"] for column in table["columns"]]
        answer = ask("top", dimension=table["dimension"], metric=columns, **FILTER)
        shown = [[cell["value"] for cell in row["cells"]] for row in table["rows"]]
        assert shown == [[row.values[id_] for id_ in columns] for row in answer.rows]


def test_filters_are_pills_and_links_of_rows(build):
    def row(view, dimension, id_):
        (table,) = (t for t in panels(view, "table") if t["dimension"] == dimension)
        return next(row for row in table["rows"] if row["id"] == id_)

    plain = row(build(tab="content"), "languages", "eng")
    assert plain["href"] == f"?since={SINCE}&until={UNTIL}&filter=languages:eng&tab=content"
    assert not plain["current"]
    view = build(tab="content", **FILTER)
    chosen = row(view, "languages", "eng")
    assert chosen["current"]
    assert chosen["href"] == f"?since={SINCE}&until={UNTIL}&tab=content"
    (pill,) = view["pills"]
    assert pill["href"] == view["clear"] == chosen["href"]
    assert pill["label"] == "Languages: English"
    assert "Remove" in pill["remove"]


def test_several_filters_hold_at_once(build):
    wanted = ["languages:eng", "languages:deu", "resource_types:article"]
    view = build(filter=wanted)
    assert len(view["pills"]) == 3
    (card,) = (c for c in panels(view, "card") if c["metric"] == "downloads")
    assert card["full"] == f"{ask('totals', filter=wanted).metrics['downloads'].value:,}"


def test_what_a_filter_does_not_answer_says_why_and_the_rest_stays(build):
    view = build(filter=f"{OF_EVENTS.id}:DE")
    cards = {panel["metric"]: panel for panel in panels(view, "card")}
    assert cards["views"]["why"] is None
    assert cards["records"]["why"]
    assert "records" not in view["series"]
    assert view["series"]["views"]["lines"]


def test_the_search_engine_being_away_is_said_in_each_panel(build):
    with unreachable():
        view = build()
    assert view["error"] is None
    for kind in ("card", "chart", "table"):
        assert all("at the moment" in panel["error"] for panel in panels(view, kind))
    assert panels(view, "period")[0]["error"] is None


def test_a_panel_that_costs_too_much_fails_alone(app, build, monkeypatch):
    monkeypatch.setitem(app.config, "USAGE_STATS_MAX_COST", 600)
    view = build()
    assert any(panel["error"] for panel in panels(view, "table"))
    assert all(panel["error"] is None for panel in panels(view, "period"))


def test_a_split_by_a_single_value_stacks_up_to_the_whole(build):
    view = build(dimension=SINGLE, metric="views", interval="week")
    series = view["series"]["views"]
    whole = build(metric="views", interval="week")["series"]["views"]
    columns = zip(*([v["value"] for v in line["values"]] for line in series["lines"]), strict=True)
    assert [sum(column) for column in columns] == values_of(whole)
    assert len(series["bars"]) == len(series["lines"])
    assert {line["role"] for line in series["lines"]} <= {"part", "rest"}
    assert view["series"]["downloads"]["complete"] is False


def test_a_split_by_several_values_is_never_stacked(build):
    series = build(dimension="languages", metric="views")["series"]["views"]
    assert series["bars"] is None
    assert {line["role"] for line in series["lines"]} == {"part"}
    cumulative = build(dimension=SINGLE, metric="views", cumulative="true")["series"]["views"]
    assert cumulative["bars"] is None


def test_changes_are_words_with_the_earlier_number(build):
    (card,) = (c for c in panels(build(), "card") if c["metric"] == "views")
    earlier = ask("totals", metric="views", compare="previous").metrics["views"].compared
    assert card["change"]["word"] == ("more" if earlier.change > 0 else "fewer")
    assert f"{earlier.value:,}" in card["change"]["sentence"]
    assert card["change"]["text"][0] in "+\N{MINUS SIGN}"


def test_nothing_is_compared_with_a_time_before_the_records(build):
    view = build(compare="year")
    changes = {c["metric"]: c["change"] for c in panels(view, "card")}
    assert changes["views"]["none"] == "no earlier data"
    assert len(view["series"]["views"]["lines"]) == 1
    assert all(c["change"] is None for c in panels(build(compare="none"), "card"))


def test_what_cannot_be_added_up_over_days_has_no_chart(build):
    cards = {panel["metric"]: panel for panel in panels(build(), "card")}
    counted = next(d.counted_as for d in DIMENSIONS if d.counted_as)
    assert cards[counted]["href"] is None
    assert counted not in build()["series"]


def test_the_chart_explains_its_number(build):
    (asking,) = panels(build(), "chart")
    assert asking["explain"] is None
    assert asking["menu"][-1]["href"] == f"?since={SINCE}&until={UNTIL}&explain=true"
    (chart,) = panels(build(explain="true"), "chart")
    total = ask("totals", metric="views").metrics["views"].value
    assert chart["explain"]["steps"][-1]["value"] == f"{total:,}"
    assert any("Robots" in step["label"] for step in chart["explain"]["steps"])


def test_menus_lead_to_definitions_files_and_the_api(build):
    view = build(**FILTER)
    (chart,) = panels(view, "chart")
    links = {entry["label"]: entry["href"] for entry in chart["menu"]}
    asked = f"since={SINCE}&until={UNTIL}&filter=languages%3Aeng&metric=views&interval=day"
    assert links["API"].endswith(f"/usage-stats/global/series?{asked}&compare=previous")
    assert links["CSV"] == f"{links['API']}&format=csv"
    ids = {entry["id"] for entry in view["foot"]["definitions"]}
    assert links["What is counted"].removeprefix("#") in ids


def test_shares_are_links_and_commands(build):
    share = build(period="5y", metric="downloads")["share"]
    assert share["href"] == "?period=5y&metric=downloads"
    assert share["fixed"].startswith("?since=")
    assert [one["label"] for one in share["snippets"]] == ["curl", "Python", "R"]
    assert all("metric=downloads" in one["text"] for one in share["snippets"])


def test_switches_are_offered_where_they_mean_something(build):
    assert [s["name"] for s in build()["switches"]] == ["level", "basis", "compare"]
    only = build(changes=layout("SingleStatViews"))["switches"]
    assert [s["name"] for s in only] == ["compare"]
    assert build(changes=layout("SingleStatViews"), period="all")["switches"] == []
    (compare,) = only
    assert [c["value"] for c in compare["choices"] if c["current"]] == ["previous"]


def test_lists_are_left_out_where_they_may_not_be_read(app, build, monkeypatch):
    names = ("UploadersTable", "SubcommunitiesTable", "CommunitiesTable")
    shown = [p["name"] for p in panels(build(changes=layout(*names)), "table")]
    assert shown == ["CommunitiesTable"]
    monkeypatch.setitem(app.config, "USAGE_STATS_SHOW_UPLOADERS", True)
    shown = [p["name"] for p in panels(build(changes=layout(*names)), "table")]
    assert shown == ["UploadersTable", "CommunitiesTable"]


def test_further_settings_reach_the_panel(build):
    (table,) = panels(build(changes=layout("LanguagesTable", limit=2, title="Tongues")), "table")
    assert (table["title"], len(table["rows"])) == ("Tongues", 2)
    view = build(changes=layout("StatsChart", metric="downloads"))
    assert view["metric"] == view["default_metric"] == "downloads"


def test_widths_become_columns(build):
    view = build(changes=layout("StatsChart", width=8))
    assert view["rows"][0]["panels"][0]["css"].startswith("eight wide computer sixteen wide")


def test_unknown_components_are_left_out(build):
    view = build(changes=layout("NoSuchThing", "StatsChart"))
    assert [panel["kind"] for panel in view["rows"][0]["panels"]] == ["chart"]


def test_title_and_description_are_shown_as_configured(build):
    shown = build(changes={"title": "T", "description": "D", "show_description": False})
    assert (shown["title"], shown["description"], shown["name"]) == ("T", "", "T")
    assert build(changes={"title": "T", "show_title": False})["title"] == ""


def test_what_happened_to_the_counting_is_marked(build):
    view = build(since="2023-11-01", until=UNTIL, metric="views", interval="month")
    series = view["series"]["views"]
    assert "No usage was recorded before" in series["gaps"][0]["text"]
    assert "began" in series["events"][0]["text"]
    assert 0 <= series["gaps"][0]["x"] < series["events"][0]["x"] <= 100


def test_old_numbers_are_announced(build):
    early = build(since="2020-01-01", until="2020-02-01")["notices"]
    assert "nothing to count before" in early[0]["text"]


def test_the_default_settings_have_all_types():
    assert set(config.STATS_DASHBOARD_UI_CONFIG) == {"global", "community", "record", "user"}
