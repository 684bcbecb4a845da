# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Periods, comparisons, costs, explanations, and what is said beside the numbers."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import current_app
from invenio_access.permissions import system_identity
from invenio_db import db

from invenio_usage_stats.aggregations.models import RunFailure
from invenio_usage_stats.aggregations.running.failures import Boundary
from invenio_usage_stats.catalog import DIMENSIONS, METRICS
from invenio_usage_stats.catalog.base import REPORTS
from invenio_usage_stats.errors import CostError, InvalidQueryError
from invenio_usage_stats.indices import RECORD_SNAPSHOTS, USAGE_SNAPSHOT
from invenio_usage_stats.ledger.history import day_number
from invenio_usage_stats.ledger.models import LedgerEntry
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.freshness import estimated_before
from invenio_usage_stats.reader.periods import Period, today
from invenio_usage_stats.services.scopes import Scope

from .asking import ask, codes, read
from .counting import NO_VISITS, SHOWN, Counted, counted_world

FIRST, LAST = date(2024, 1, 1), date(2024, 4, 9)


@pytest.fixture(scope="module")
def counted(app) -> Counted:
    """Return the direct count of a world."""
    return counted_world(908, operations=60, days=100, events=600)


def test_a_comparison(counted):
    since, until = date(2024, 3, 1), date(2024, 3, 20)
    result = ask("totals", since=since, until=until, compare="previous")
    before = Period(date(2024, 2, 10), date(2024, 2, 29))
    assert result.comparison.period == before
    assert result.comparison.complete
    numbers = counted.usage("global", *before.bounds, {})
    numbers |= counted.stock("global", before.until, "added", {})
    assert result.metrics.keys() - numbers.keys() == NO_VISITS.keys()
    for id_, total in ((id_, result.metrics[id_]) for id_ in numbers):
        assert total.compared.value == numbers[id_]
        assert total.compared.change == total.value - numbers[id_]
        if numbers[id_]:
            ratio = round(total.compared.change / numbers[id_], 6)
            assert total.compared.relative == ratio
    assert "compared" in result.to_dict()["metrics"]["views"]


def test_nothing_is_invented_before_recording_began(counted):
    views = ask("totals", since=FIRST, until=LAST, compare="year", metric="views")
    assert not views.comparison.complete
    assert "beginning" in codes(views)
    assert views.metrics["views"].compared == (None, None, None)
    partly = ask("totals", since=date(2024, 1, 20), until=LAST, compare="previous", metric="views")
    compared = partly.metrics["views"].compared
    until = date(2024, 1, 19)
    assert compared.value == counted.usage("global", date(2023, 1, 1), until, {})["views"]
    assert compared.relative is None


def test_a_comparison_of_series_and_rankings(counted):
    result = ask("series", since="2024-03-01", until="2024-03-10", compare="previous")
    (one,) = result.series
    assert len(one.points) == len(one.compared) == 10
    assert one.compared[0].day == date(2024, 2, 20)
    ranking = ask("top", since="2024-03-01", until=LAST, dimension="languages", compare="previous")
    row = ranking.rows[0]
    period = ranking.comparison.period
    expected = counted.usage("global", *period.bounds, {"languages": {row.id}})["views"]
    assert row.compared["views"].value == expected


def beside(rows, metric: str) -> dict:
    """Return the numbers that rows have beside those of a metric."""
    start = f"{metric}."
    return {row.metric.removeprefix(start): row for row in rows if row.metric.startswith(start)}


def test_tables_say_what_answers_say_beside_the_numbers(counted):
    march = {"since": "2024-03-01", "until": "2024-03-20", "compare": "previous"}
    result = ask("totals", **march)
    rows = list(result.table())
    for id_, total in result.metrics.items():
        found = beside(rows, id_)
        parts = {"added": total.added, "removed": total.removed}
        expected = {name: part for name, part in parts.items() if part is not None}
        value, change, relative = total.compared
        expected |= {"compared": value, "change": change, "relative": relative}
        assert {name: row.value for name, row in found.items()} == expected
        assert found["compared"].date == "2024-02-29"
        assert found["change"].unit == total.unit
        assert found["relative"].unit == "ratio"
    result = ask("series", metric="records", interval="week", **march)
    (one,) = result.series
    found = [(row.date, row.metric, row.value) for row in result.table()]
    assert ("2024-03-01", "records.added", one.points[0].added) in found
    assert ("2024-02-10", "records.compared", one.compared[0].value) in found
    assert ("2024-02-10", "records.compared.removed", one.compared[0].removed) in found
    result = ask("top", dimension="languages", metric="views,downloads", **march)
    row, rows = result.rows[0], list(result.table())
    mine = [one for one in rows if one.id == row.id]
    assert [one.value for one in mine if one.metric == "views.share"] == [row.share]
    assert not [one for one in mine if one.metric == "downloads.share"]
    change = row.compared["downloads"].change
    assert [one.value for one in mine if one.metric == "downloads.change"] == [change]
    missing = {one.metric: one.value for one in rows if not one.id}
    assert missing == {f"{id_}.missing": value for id_, value in result.missing.items()}


@pytest.mark.parametrize(
    ("what", "parameters"),
    [
        ("series", {"dimension": "languages"}),
        ("snapshot", {}),
        ("explain", {}),
        ("top", {"dimension": "files"}),
        ("top", {"dimension": "uploaders"}),
    ],
)
def test_what_cannot_be_compared_is_refused(counted, what, parameters):
    with pytest.raises(InvalidQueryError) as raised:
        ask(what, since=FIRST, until=LAST, compare="year", **parameters)
    assert raised.value.parameter == "compare"


def test_records_are_compared_with_what_there_was_on_their_basis(counted):
    """Records of a scope that began later can have been published long before."""
    days = {"since": FIRST, "until": LAST, "metric": "records", "compare": "year"}
    result = ask("totals", basis="published", **days)
    earlier_day = result.comparison.period.until
    before = counted.stock("global", earlier_day, "published", {})["records"]
    assert result.freshness.first_day < FIRST
    assert result.metrics["records"].compared.value == before
    assert result.comparison.complete
    assert "beginning" not in codes(result)


def test_all_time_begins_with_the_first_publication(counted):
    result = ask("totals", period="all", metric="records", basis="published", compare="previous")
    assert result.period.since == result.freshness.first_day
    assert result.period.since < ask("totals", period="all", metric="records").period.since
    assert result.metrics["records"].compared.value is None
    assert not result.comparison.complete


def test_all_time_of_a_record_begins_with_the_record(counted):
    service = current_usage_stats.service
    for recid in counted.histories:
        scope = Scope(recid, kind="record")
        result = service.totals(system_identity, scope, read(period="all", metric="views"))
        events = [event for event in counted.events["global"] if event.record == recid]
        days = [event.at.date() for event in events]
        assert result.period.since <= min(days, default=today())
        assert result.period.since == service.first_day(scope)
        views = [event for event in events if event.kind == "view"]
        assert result.metrics["views"].value == len(views)
    begins = {service.first_day(Scope(recid, kind="record")) for recid in counted.histories}
    assert len(begins) > 5


def test_what_costs_too_much_is_refused(counted, monkeypatch):
    monkeypatch.setitem(current_app.config, "USAGE_STATS_MAX_COST", 1_000)
    with pytest.raises(CostError) as raised:
        ask("series", since=FIRST, until=LAST, dimension="languages", size="11")
    assert (raised.value.cost, raised.value.limit) == (1_100, 1_000)
    assert ask("series", since=FIRST, until=LAST, dimension="languages", size="10").series
    with pytest.raises(CostError):
        ask("totals", since="1900-01-01", until=LAST)


@pytest.mark.parametrize("metric", [m for m in METRICS if m.family == "usage"], ids=lambda m: m.id)
def test_explanations_of_usage_add_up(counted, metric):
    for scope in counted.world.scopes():
        for filters in ([], ["languages:eng"]):
            result = ask(
                "explain", scope, since=FIRST, until=LAST, metric=metric.id, filter=filters
            )
            steps = list(result.steps)
            if metric.counter != "events":
                number = steps.pop().value
                wanted = {"languages": {"eng"}} if filters else {}
                assert number == counted.usage(scope, FIRST, LAST, wanted)[metric.id]
            *parts, whole = steps
            assert sum(step.value for step in parts) == whole.value


def test_explanations_of_records_add_up(counted):
    for metric in ("records", "parents", "files", "data_volume"):
        result = ask("explain", since="2024-02-01", until=LAST, metric=metric)
        *parts, whole = result.steps
        assert sum(step.value for step in parts) == whole.value
        assert whole.value == counted.stock("global", LAST, "added", {})[metric]


def test_snapshots_equal_the_documents(counted):
    service = current_usage_stats.service
    day = Period(LAST, LAST)
    for scope in counted.world.scopes():
        result = ask("snapshot", scope, until=LAST, since=LAST, size="100")
        product = next(p for p in RECORD_SNAPSHOTS if p.basis == "added")
        (document,) = service.daily_documents(Scope(scope), product, day)
        assert result.metrics["records"] == sum(document["total_records"].values())
        assert result.metrics["data_volume"] == document["total_files"]["data_volume"]
        assert result.metrics["uploaders"] == document["total_uploaders"]
        for dimension in DIMENSIONS:
            if dimension.id in result.dimensions:
                listed = document["subcounts"][dimension.snapshot_field]
                stored = {i["id"]: sum(i["records"].values()) for i in listed}
                found = {p.id: p.values["records"] for p in result.dimensions[dimension.id]}
                assert {k: v for k, v in found.items() if k in stored} == stored
        (usage,) = service.daily_documents(Scope(scope), USAGE_SNAPSHOT, day)
        used = ask("snapshot", scope, until=LAST, since=LAST, metric=["views", "viewed_records"])
        assert used.metrics["views"] == usage["totals"]["view"]["total_events"]
        assert used.metrics["viewed_records"] == usage["totals"]["view"]["unique_records"]


def test_every_result_is_plain_data_and_a_table(counted):
    for what, parameters in (
        ("totals", {"compare": "year"}),
        ("series", {"metric": "views,records"}),
        ("series", {"dimension": "languages"}),
        ("top", {"dimension": "languages", "compare": "previous"}),
        ("snapshot", {}),
        ("schema", {}),
        ("explain", {}),
    ):
        result = ask(what, since=FIRST, until=LAST, **parameters)
        data = result.to_dict()
        assert {"scope", "query", "period", "comparison", "freshness", "notes"} <= data.keys()
        assert data["period"]["days"] == 100
        rows = list(result.table())
        assert what == "schema" or rows
        earlier_rows = [row for row in rows if row.date < FIRST.isoformat()]
        assert all(row.metric.endswith(".compared") for row in earlier_rows)
        assert bool(earlier_rows) == ("compare" in parameters)


def test_the_schema_is_the_catalog(counted):
    data = ask("schema").to_dict()
    metrics = [metric.id for metric in METRICS if metric.family != REPORTS]
    assert [metric["id"] for metric in data["metrics"]] == metrics
    shown = [dimension.id for dimension in SHOWN]
    assert [dimension["id"] for dimension in data["dimensions"]] == shown
    assert set(data["parameters"]["metric"]) == set(metrics)
    assert all(data["parameters"].values())


def test_all_time_begins_with_the_first_day(counted):
    result = ask("totals", period="all", metric="views")
    events = [event.at.date() for event in counted.world.events]
    assert result.period.since <= min(events)
    assert result.period.until == today()
    assert result.metrics["views"].value == counted.usage("global", FIRST, today(), {})["views"]


def test_labels_are_in_the_language_that_is_asked_for(counted):
    question = {"since": FIRST, "until": LAST, "dimension": "countries"}
    found = {row.id: row.label for row in ask("top", locale="de", **question).rows}
    assert found["DE"] == "Deutschland"
    found = {row.id: row.label for row in ask("top", locale="pt-BR", **question).rows}
    assert found["DE"] == "Alemanha"


def test_fresh_or_not(counted):
    past = ask("totals", since=FIRST, until=LAST, metric="views").freshness
    assert past.incomplete_from is None
    now = ask("totals", period="30d", metric="views").freshness
    assert now.incomplete_from in (today(), today() - timedelta(days=1))
    assert now.as_of is not None
    assert now.estimated_before is None


def test_what_was_guessed_is_said(counted):
    estimated_before.forget()
    with db.engine.begin() as connection:
        row = sa.select(sa.func.min(LedgerEntry.id)).scalar_subquery()
        change = sa.update(LedgerEntry).where(LedgerEntry.id == row)
        connection.execute(change.values(date_source="created"))
    result = ask("totals", since=FIRST, until=LAST, metric="records")
    assert result.freshness.estimated_before == today()
    assert "estimated" in codes(result)
    with db.engine.begin() as connection:
        connection.execute(change.values(date_source="seen"))
    estimated_before.forget()


def test_a_day_that_failed_is_said(counted):
    Boundary().report("usage", "a reason", day=day_number(LAST) - 5)
    result = ask("totals", since=FIRST, until=LAST, metric="views")
    assert result.freshness.incomplete_from == LAST - timedelta(days=5)
    assert "incomplete" in codes(result)
    with db.engine.begin() as connection:
        connection.execute(sa.delete(RunFailure))
