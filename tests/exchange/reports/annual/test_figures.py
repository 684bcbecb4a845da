# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The figures of a year are what a direct count of the events and records says."""

from datetime import date

import pytest
from invenio_access.permissions import system_identity

from invenio_usage_stats.exchange.reports.annual.figures import MONTHS, Annual, AnnualService
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.services.query import Query
from invenio_usage_stats.services.scopes import REPOSITORY, Scope

from ....oracle.visits import FIELDS
from ....services.counting import Counted, counted_world

SEED = 907
FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)


@pytest.fixture(scope="module")
def counted(app) -> Counted:
    """Load a world of the first hundred days of 2024, and return its direct count."""
    return counted_world(SEED, operations=90, days=100, events=900)


def figures(scope: str, year: int = 2024, **filters: str) -> Annual:
    """Return the report of a year; ``filters``: one value each of some dimensions."""
    service = AnnualService(current_usage_stats.catalog)
    asked = {"period": [f"year:{year}"], "compare": ["year"]}
    asked["filter"] = [f"{dimension}:{value}" for dimension, value in filters.items()]
    where = REPOSITORY if scope == "global" else Scope(scope)
    return service.annual(system_identity, where, Query.read(asked, service.catalog))


def direct(counted: Counted, scope: str, since: date, until: date, **filters: str) -> dict:
    """Return the numbers of some days."""
    wanted = {dimension: {value} for dimension, value in filters.items()}
    used = counted.usage(scope, since, until, wanted)
    return used | counted.stock(scope, until, "added", wanted)


@pytest.mark.parametrize("funder", ["", "00k4n6c32", "Nameless Fund"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_year_and_the_year_before(counted, place, funder):
    scope = counted.world.scopes()[place]
    filters = {"funders": funder} if funder else {}
    found = figures(scope, **filters)
    year = direct(counted, scope, FIRST, LAST, **filters)
    none = dict.fromkeys(FIELDS, 0) if not funder else {}
    assert {id_: total.value for id_, total in found.metrics.items()} == year | none
    following = figures(scope, 2025, **filters).metrics
    for id_, number in year.items():
        assert following[id_].compared.value == number, id_
        assert following[id_].compared.change == following[id_].value - number, id_


def test_months_add_up_to_the_year(counted):
    found = figures("global")
    for one in found.months:
        assert len(one.points) == 12
        metric = current_usage_stats.catalog.metrics[one.metric]
        if metric.event:
            assert sum(p.value for p in one.points) == found.metrics[one.metric].value
        else:
            net = found.metrics[one.metric].added - found.metrics[one.metric].removed
            assert sum(p.value for p in one.points) == net
    views = next(one for one in found.months if one.metric == "views")
    for point in views.points[:4]:
        end = date(2024, point.day.month % 12 + 1, 1)
        expected = direct(counted, "global", point.day, end.replace(day=1))["views"]
        first = direct(counted, "global", end, end)["views"]
        assert point.value == expected - first


def test_rankings_have_the_largest_values(counted):
    found = figures("global")
    catalog = current_usage_stats.catalog
    names = [ranking.name for ranking in found.rankings]
    assert names == ["records", "communities", *(d.id for d in catalog.shown())]
    languages = next(ranking for ranking in found.rankings if ranking.name == "languages").top
    for row in languages.rows:
        year = direct(counted, "global", FIRST, LAST, languages=row.id)
        assert row.values == {id_: year[id_] for id_ in row.values}


def test_what_cannot_be_said_is_explained(counted):
    found = figures("global", funders="00k4n6c32")
    silent = {ranking.name: ranking.why for ranking in found.rankings if ranking.why}
    assert "countries" in silent and "languages" not in silent
    texts = [note.text for note in found.notes if note.code == "unanswered"]
    assert texts == [f"{name}: {why}" for name, why in silent.items()]
    assert [(one["dimension"], one["value"]) for one in found.about] == [("funders", "00k4n6c32")]
    assert not FIELDS.keys() & found.metrics.keys()


def test_every_figure_has_its_definition(counted):
    found = figures("global")
    catalog = current_usage_stats.catalog
    assert [one["id"] for one in found.definitions] == list(found.metrics)
    for one in found.definitions:
        assert one["definition"] == str(catalog.metrics[one["id"]].definition)
        assert one["unit"] == catalog.metrics[one["id"]].unit


def test_the_rows_are_the_figures(counted):
    found = figures(counted.world.scopes()[0])
    rows = list(found.table())
    whole = {row.metric: row.value for row in rows if not row.dimension}
    assert {id_: whole[id_] for id_ in found.metrics} == {
        id_: total.value for id_, total in found.metrics.items()
    }
    for one in found.months:
        points = [r.value for r in rows if (r.dimension, r.metric) == (MONTHS, one.metric)]
        assert points == [point.value for point in one.points]
    for ranking in found.rankings:
        if ranking.top and ranking.top.rows:
            ids = {row.id for row in rows if row.dimension == ranking.name and row.id}
            assert ids == {row.id for row in ranking.top.rows}
