# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What the service answers about reported downloads is what a direct count of them says."""

from collections import Counter
from datetime import date, timedelta

import pytest
from invenio_access.permissions import system_identity

from invenio_usage_stats.aggregations.reports import REPORTED as METRIC
from invenio_usage_stats.aggregations.reports import SOFTWARE
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.errors import InvalidQueryError, UnanswerableError
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.periods import Period
from invenio_usage_stats.services.query import Query
from invenio_usage_stats.services.question import Question
from invenio_usage_stats.services.records import Listed
from invenio_usage_stats.services.scopes import REPOSITORY, Scope

from ....oracle.random_history import random_world
from ....oracle.reports import Reported, placed, random_reports, within
from ....oracle.world import GLOBAL, World
from ....world import Loader, forget_world, index_events, wipe
from .stored import index_reports, switched

FIRST, DAYS = date(2024, 1, 1), 36
LAST = FIRST + timedelta(days=DAYS)
PERIODS = [(FIRST, LAST), (date(2024, 1, 11), date(2024, 1, 11)), (date(2024, 1, 20), LAST)]
IDS = METRIC.id, SOFTWARE.id


@pytest.fixture(scope="module")
def world(app) -> World:
    """Return a world whose records join and leave communities."""
    return random_world(931, operations=30, days=DAYS, start=FIRST, events=40)


@pytest.fixture(scope="module")
def reports(app, world) -> list[Reported]:
    """Return reports of its records, all of them counted."""
    things = [(record, known.parent) for record, known in world.records.items()]
    found = random_reports(931, things, FIRST, DAYS)
    with switched(True, app):
        forget_world()
        wipe()
        Loader(world).operations(sorted(world.operations, key=lambda o: o.at))
        index_events(world.events)
        index_reports(found)
        aggregate()
        yield found
        wipe()


@pytest.fixture(scope="module")
def own(world, reports) -> dict[str, list[Reported]]:
    """Return what counts in each scope."""
    return placed(world, reports)


def ask(what: str, scope: Scope, **parameters: str):
    """Return an answer of the service."""
    service = current_usage_stats.service
    given = {name: [value] for name, value in parameters.items()}
    return getattr(service, what)(system_identity, scope, Query.read(given, service.catalog))


def days(since: date = FIRST, until: date = LAST) -> dict[str, str]:
    return {"since": since.isoformat(), "until": until.isoformat()}


def scopes(world: World) -> dict[str, Scope]:
    """Return the repository and the communities."""
    return {id_: REPOSITORY if id_ == GLOBAL else Scope(id_) for id_ in world.scopes()}


def of_software(reports: list[Reported], since: date, until: date) -> Counter[str]:
    """Return the numbers of each software."""
    return Counter(report.software for report in within(reports, since, until))


def of_record(reports: list[Reported], world: World, record: str, level: str) -> list[Reported]:
    """Return what counts of a record, or of its work."""
    if level == "record":
        return [report for report in reports if report.record == record]
    return [report for report in reports if report.parent == world.records[record].parent]


@pytest.mark.parametrize("since, until", PERIODS)
def test_totals_and_software_of_scopes(world, own, since, until):
    for id_, scope in scopes(world).items():
        direct, asked = of_software(own[id_], since, until), days(since, until)
        found = ask("totals", scope, **asked).metrics
        assert found[METRIC.id].value == direct.total()
        top = ask("top", scope, dimension=SOFTWARE.id, size="100", **asked)
        assert {row.id: row.values[METRIC.id] for row in top.rows} == direct
        order = sorted(direct, key=lambda name: (-direct[name], name))
        assert [row.id for row in top.rows] == order
        assert top.totals == {METRIC.id: direct.total()}
        chosen = {"filter": f"{SOFTWARE.id}:ilastik", **asked}
        (total,) = ask("totals", scope, **chosen).metrics.values()
        assert total.value == direct["ilastik"]


@pytest.mark.parametrize("cumulative", ["false", "true"])
@pytest.mark.parametrize("software", ["", "deepimagej"])
def test_series(world, own, cumulative, software):
    asked = {"interval": "month", "cumulative": cumulative, "metric": METRIC.id}
    asked |= {"filter": f"{SOFTWARE.id}:{software}"} if software else {}
    for id_, scope in scopes(world).items():
        (one,) = ask("series", scope, **asked, **days()).series
        for point, after in zip(one.points, [*one.points[1:], None], strict=True):
            end = after.day - timedelta(days=1) if after else LAST
            direct = of_software(own[id_], FIRST if cumulative == "true" else point.day, end)
            assert point.value == (direct[software] if software else direct.total())


def test_series_beside_distinct_numbers_and_by_software(own):
    asked = {"interval": "month", **days()}
    found = ask("series", REPOSITORY, metric=f"viewed_records,{METRIC.id}", **asked).series
    assert sum(point.value for point in found[1].points) == len(within(own[GLOBAL], FIRST, LAST))
    split = ask("series", REPOSITORY, metric=METRIC.id, dimension=SOFTWARE.id, **asked).series
    for one in split:
        for n, point in enumerate(one.points[:-1]):
            until = one.points[n + 1].day - timedelta(days=1)
            assert point.value == of_software(own[GLOBAL], point.day, until)[one.id]
    assert {one.id for one in split} == set(of_software(own[GLOBAL], FIRST, LAST))


@pytest.mark.parametrize("level", ["record", "parent"])
def test_single_records_and_their_ranking(world, reports, own, level):
    for record in list(world.records)[:8]:
        scope, asked = Scope(record, kind="record"), days() | {"level": level}
        known = of_record(reports, world, record, level)
        direct = of_software(known, FIRST, LAST)
        assert ask("totals", scope, **asked).metrics[METRIC.id].value == direct.total()
        both = {"metric": f"{METRIC.id},views", "interval": "quarter", **asked}
        (one, views) = ask("series", scope, **both).series
        assert one.points[0].value == direct.total() and views.points[0].value is not None
        top = ask("top", scope, dimension=SOFTWARE.id, **asked)
        assert {row.id: row.values[METRIC.id] for row in top.rows} == direct
        steps = ask("explain", scope, metric=METRIC.id, **asked).steps
        assert sum(step.value for step in steps[:-1]) == steps[-1].value == direct.total()
    ranked = Counter(
        report.record if level == "record" else report.parent
        for report in within(own[GLOBAL], FIRST, LAST)
        if level == "parent" or report.record
    )
    query = Query.read({"level": [level]}, current_usage_stats.catalog)
    question = Question(system_identity, REPOSITORY, query)
    listed = Listed(question, [METRIC], Period(FIRST, LAST))
    known = {*world.records, *(record.parent for record in world.records.values())}
    assert dict(listed.order()) == {id_: n for id_, n in ranked.items() if id_ in known}


def test_states_and_how_a_number_came_about(world, reports, own):
    found = ask("snapshot", REPOSITORY, metric=METRIC.id, dimension=SOFTWARE.id, **days())
    direct = of_software(own[GLOBAL], FIRST, LAST)
    assert found.metrics == {METRIC.id: direct.total()}
    assert {p.id: p.values[METRIC.id] for p in found.dimensions[SOFTWARE.id]} == direct
    community = next(scope for id_, scope in scopes(world).items() if id_ != GLOBAL)
    robots = sum(report.is_robot for report in reports)
    steps = [s.value for s in ask("explain", community, metric=METRIC.id, **days()).steps]
    assert steps[:2] == [direct.total() + robots, -robots]
    assert sum(steps[:-1]) == steps[-1] == len(within(own[community.id], FIRST, LAST))


def test_nothing_is_guessed(own):
    by_software, by_language = f"{SOFTWARE.id}:ilastik", "languages:eng"
    found = ask("totals", REPOSITORY, filter=by_software, metric=f"views,{METRIC.id}", **days())
    assert found.metrics["views"].value is None
    assert found.metrics[METRIC.id].value == of_software(own[GLOBAL], FIRST, LAST)["ilastik"]
    assert [note.code for note in found.notes if note.code == "software"]
    found = ask("totals", REPOSITORY, filter=by_language, metric=f"views,{METRIC.id}", **days())
    assert found.metrics[METRIC.id].value is None and found.metrics["views"].value is not None
    assert [note.code for note in found.notes if note.code == "reports"]
    assert METRIC.id not in ask("totals", REPOSITORY, filter=by_language, **days()).metrics
    unanswerable = [
        {"dimension": "records", "metric": METRIC.id, "filter": by_language},
        {"dimension": "records", "metric": "views", "filter": by_software},
        {"dimension": SOFTWARE.id, "filter": by_language},
        {"dimension": "languages", "metric": "views", "filter": by_software},
    ]
    for asked in unanswerable:
        with pytest.raises(UnanswerableError):
            ask("top", REPOSITORY, **asked, **days())
    for dimension in ("languages", "countries", "files"):
        with pytest.raises(InvalidQueryError):
            ask("top", REPOSITORY, dimension=dimension, metric=METRIC.id, **days())


def test_small_numbers_are_withheld(app, monkeypatch, own):
    monkeypatch.setitem(app.config, "USAGE_STATS_MIN_CELL", 40)
    direct = of_software(own[GLOBAL], FIRST, LAST)
    assert min(direct.values()) < 40 < max(direct.values())
    found = ask("top", REPOSITORY, dimension=SOFTWARE.id, **days())
    shown = {row.id: row.values[METRIC.id] for row in found.rows}
    assert shown and all(direct[name] == number >= 40 for name, number in shown.items())
    small = min(direct, key=direct.get)
    asked = {"metric": METRIC.id, "filter": f"{SOFTWARE.id}:{small}"}
    assert ask("totals", REPOSITORY, **asked, **days()).metrics[METRIC.id].value is None
