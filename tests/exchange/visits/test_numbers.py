# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What the service answers about visits is what a direct count of them says."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.errors import InvalidQueryError, UnanswerableError
from invenio_usage_stats.services.results import Series
from invenio_usage_stats.services.scopes import REPOSITORY, Scope

from ...oracle.visits import FIELDS, Visit, counted, random_visits
from ...resources.conftest import API, asking, house  # noqa: F401
from ...services.asking import ask
from ...world import forget_world, wipe
from .stored import index_visits

FIRST, DAYS = date(2024, 3, 1), 75
METRICS = ",".join(FIELDS)


@pytest.fixture(scope="module")
def visits(house) -> list[Visit]:  # noqa: F811
    """Let the communities of the house be visited, and count it."""
    found = random_visits(97, list(house.communities.values()), FIRST, DAYS)
    index_visits(found)
    aggregate()
    yield found
    forget_world()
    wipe()


def days(since: date, until: date) -> dict[str, str]:
    return {"since": since.isoformat(), "until": until.isoformat()}


@pytest.mark.parametrize("offset, length", [(0, 1), (5, 26), (12, 40), (0, DAYS)])
def test_totals(house, visits, offset, length):  # noqa: F811
    since = FIRST + timedelta(days=offset)
    until = since + timedelta(days=length - 1)
    scopes = [REPOSITORY, *(Scope(id_) for id_ in house.communities.values())]
    for scope in scopes:
        found = ask("totals", scope, **days(since, until)).metrics
        direct = counted(visits, scope.id, since, until)
        assert {id_: found[id_].value for id_ in FIELDS} == direct


@pytest.mark.parametrize("metric", [METRICS, f"viewed_records,{METRICS}"])
@pytest.mark.parametrize("cumulative", ["false", "true"])
def test_series(visits, metric, cumulative):
    until = FIRST + timedelta(days=DAYS)
    asked = {"metric": metric, "interval": "month", "cumulative": cumulative}
    found: Series = ask("series", REPOSITORY, **asked, **days(FIRST, until))
    for one in found.series[-len(FIELDS) :]:
        for point, after in zip(one.points, [*one.points[1:], None], strict=True):
            end = after.day - timedelta(days=1) if after else until
            since = FIRST if cumulative == "true" else point.day
            assert point.value == counted(visits, "global", since, end)[one.metric]


def test_communities_are_ranked_by_visits(house, visits):  # noqa: F811
    until = FIRST + timedelta(days=DAYS)
    asked = {"dimension": "communities", "metric": METRICS}
    found = ask("top", REPOSITORY, **asked, **days(FIRST, until))
    direct = {id_: counted(visits, id_, FIRST, until) for id_ in house.communities.values()}
    assert {row.id: row.values for row in found.rows} == direct
    assert [row.id for row in found.rows] == sorted(direct, key=lambda i: -direct[i]["visits"])


def test_a_year_without_recording_is_not_compared(visits):
    asked = {"metric": "visits", "compare": "year"}
    (found,) = ask("totals", REPOSITORY, **asked, **days(FIRST, date(2024, 3, 31))).metrics.values()
    assert found.value and found.compared.value is None
    later = days(date(2024, 4, 1), date(2024, 4, 30))
    asked = {"metric": "visits", "compare": "previous"}
    (found,) = ask("totals", REPOSITORY, **asked, **later).metrics.values()
    before = counted(visits, "global", date(2024, 3, 2), date(2024, 3, 31))["visits"]
    assert (found.compared.value, found.compared.change) == (before, found.value - before)


def test_records_and_filters_have_no_visits(house, visits):  # noqa: F811
    record = Scope(house.records["public"], kind="record")
    filtered = {"filter": "access_rights:open"}
    for scope, more in ((record, {}), (REPOSITORY, filtered)):
        asked = days(FIRST, FIRST + timedelta(days=DAYS)) | more
        assert not FIELDS.keys() & ask("totals", scope, **asked).metrics.keys()
        named = ask("totals", scope, metric=f"views,{METRICS}", **asked)
        assert [named.metrics[id_].value for id_ in FIELDS] == [None] * 3
        assert named.metrics["views"].value is not None
        assert [note.code for note in named.notes if note.code == "visits"] == ["visits"]
        series = ask("series", scope, metric=METRICS, interval="year", **asked)
        assert {point.value for one in series.series for point in one.points} == {None}
        with pytest.raises(UnanswerableError):
            ask("explain", scope, metric="visits", **asked)


@pytest.mark.parametrize("dimension", ["countries", "languages", "records", "files", "uploaders"])
def test_nothing_else_is_ranked_by_visits(app, monkeypatch, visits, dimension):
    monkeypatch.setitem(app.config, "USAGE_STATS_SHOW_UPLOADERS", True)
    with pytest.raises(InvalidQueryError):
        ask("top", REPOSITORY, dimension=dimension, metric="visits")


def test_how_a_number_of_visits_came_about(house, visits):  # noqa: F811
    community = Scope(house.communities["public"])
    until = FIRST + timedelta(days=DAYS)
    robots = sum(visit.is_robot for visit in visits)
    own = counted(visits, community.id, FIRST, until)
    found = ask("explain", community, metric="unique_visits", **days(FIRST, until))
    steps = [step.value for step in found.steps]
    assert steps[:2] == [len(visits), -robots]
    assert sum(steps[:-2]) == steps[-2] == own["visits"]
    assert steps[-1] == own["unique_visits"]


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_visits_are_in_answers_and_files_of_the_api(app, house, visits, kind):  # noqa: F811
    community = house.communities["public"]
    asked = days(FIRST, FIRST + timedelta(days=DAYS)) | {"format": kind}
    with asking(app, house, "owner") as client:
        page = client.get(f"{API}/communities/{community}/totals", query_string=asked)
    assert page.status_code == 200
    number = counted(visits, community, FIRST, FIRST + timedelta(days=DAYS))["visits"]
    if kind == "json":
        assert page.json["metrics"]["visits"]["value"] == number
    if kind == "csv":
        rows = [line.split(",") for line in page.text.splitlines()]
        assert any("visits" in row and str(number) in row for row in rows)
    if kind == "xlsx":
        rows = [row for sheet in load_workbook(BytesIO(page.data)) for row in sheet.values]
        assert any("visits" in row and number in row for row in rows)


def test_the_dashboard_of_a_community_has_its_visits(app, house, visits):  # noqa: F811
    community = house.communities["public"]
    with asking(app, house, "anonymous") as client:
        asked = days(FIRST, FIRST + timedelta(days=DAYS)) | {"tab": "audience"}
        view = client.get(f"/communities/{community}/stats/view", query_string=asked).json
    panels = [panel for row in view["rows"] for panel in row["panels"]]
    (card,) = [panel for panel in panels if panel.get("metric") == "visits"]
    assert (
        card["value"] == counted(visits, community, FIRST, FIRST + timedelta(days=DAYS))["visits"]
    )
