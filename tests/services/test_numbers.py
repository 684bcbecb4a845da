# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Answers of the service against a direct count of events and records."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from invenio_search import current_search_client

from invenio_usage_stats.catalog import DIMENSIONS, METRICS
from invenio_usage_stats.catalog.base import BASES
from invenio_usage_stats.errors import UnanswerableError
from invenio_usage_stats.indices import (
    RECORD_SNAPSHOTS,
    USAGE_DELTA,
    USAGE_EVENTS,
    full_name,
)
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.periods import Period, intervals
from invenio_usage_stats.services.scopes import Scope

from ..oracle.random_history import COUNTRIES, VALUES, random_world
from ..world import forget_world, loaded
from .asking import as_filters, ask, values_of
from .counting import NO_VISITS, SHOWN, USAGE, Counted

SEED = 907
FIRST, LAST = date(2024, 1, 1), date(2024, 4, 9)
RECORD_METRICS = [metric.id for metric in METRICS if metric.family == "records"]
USAGE_METRICS = [metric.id for metric in USAGE]
RECORD_DIMENSIONS = [*VALUES, "file_types"]
INTERVALS = ("day", "week", "month", "quarter", "year")


@pytest.fixture(scope="module")
def counted(app) -> Counted:
    """Load a world with many changes within days, and return its direct count."""
    forget_world()
    world = random_world(SEED, operations=90, days=100, events=900)
    loaded(world)
    return Counted(world)


def random_period(rng: Random) -> tuple[date, date]:
    """Return a period within, or around, what happened."""
    since = FIRST + timedelta(days=rng.randrange(-10, 90))
    return since, since + timedelta(days=rng.choice((0, 1, 6, 29, 30, 60, 120)))


def random_filters(rng: Random, most: int = 3) -> dict[str, set[str]]:
    """Return some values of some properties of records."""
    found = {}
    for id_ in rng.sample(RECORD_DIMENSIONS, rng.randrange(most + 1)):
        values = ["pdf", "csv", "gz", "txt"] if id_ == "file_types" else VALUES[id_]
        found[id_] = set(rng.sample(values, min(len(values), rng.choice((1, 1, 2)))))
    return found


@pytest.mark.parametrize("number", range(40))
def test_totals_of_random_questions(counted, number):
    rng = Random(number)
    scope = rng.choice(counted.world.scopes())
    (since, until), wanted = random_period(rng), random_filters(rng)
    basis = rng.choice(BASES)
    found = values_of(
        ask("totals", scope, since=since, until=until, basis=basis, filter=as_filters(wanted))
    )
    expected = counted.usage(scope, since, until, wanted)
    expected |= counted.stock(scope, until, basis, wanted) | ({} if wanted else NO_VISITS)
    if found["view_visitors"] is None:
        assert sum(map(len, wanted.values())) > 1 or not in_sheets(wanted)
        for id_ in ("view_visitors", "download_visitors"):
            expected[id_] = None
    assert found == expected


@pytest.mark.parametrize("number", range(20))
def test_what_was_added_and_removed(counted, number):
    rng = Random(7000 + number)
    scope, basis = rng.choice(counted.world.scopes()), rng.choice(BASES)
    since, until = random_period(rng)
    wanted = random_filters(rng, 2) if number % 2 else {}
    question = {"since": since, "until": until, "basis": basis, "filter": as_filters(wanted)}
    found = ask("totals", scope, metric=RECORD_METRICS, **question).metrics
    before = counted.stock(scope, since - timedelta(days=1), basis, wanted)
    for id_, total in found.items():
        if id_ == "uploaders":
            assert total.added == counted.newcomers(scope, since, until, basis, wanted)
            assert total.removed is None
        else:
            assert total.value - total.added + total.removed == before[id_]
            if not wanted:
                flows = counted.flows(scope, since, until, basis)[id_]
                assert [total.added, total.removed] == flows, id_


def in_sheets(wanted) -> bool:
    """Tell whether all dimensions have marks in sheets."""
    return all("usage" in d.families for d in DIMENSIONS if d.id in wanted)


@pytest.mark.parametrize("number", range(10))
def test_totals_equal_the_documents(counted, number):
    """Usage is the sum of daily deltas; records are what the last snapshot holds."""
    rng = Random(6000 + number)
    scope, (since, until) = rng.choice(counted.world.scopes()), random_period(rng)
    basis = rng.choice(BASES)
    found = values_of(ask("totals", scope, since=since, until=until, basis=basis))
    service, period = current_usage_stats.service, Period(since, until)
    sums = Counter()
    for document in service.daily_documents(Scope(scope), USAGE_DELTA, period):
        for metric in USAGE:
            sums[metric.id] += document["totals"][metric.event][metric.field]
    assert {m.id: found[m.id] for m in USAGE if m.additive} == {
        m.id: sums[m.id] for m in USAGE if m.additive
    }
    product = next(p for p in RECORD_SNAPSHOTS if p.basis == basis)
    (document,) = service.daily_documents(Scope(scope), product, Period(until, until))
    assert found["records"] == sum(document["total_records"].values())
    assert found["parents"] == sum(document["total_parents"].values())
    assert found["uploaders"] == document["total_uploaders"]
    assert found["files"] == document["total_files"]["file_count"]
    assert found["data_volume"] == document["total_files"]["data_volume"]


@pytest.mark.parametrize("number", range(20))
def test_series_of_random_questions(counted, number):
    rng = Random(1000 + number)
    scope = rng.choice(counted.world.scopes())
    (since, until), wanted = random_period(rng), random_filters(rng, 2)
    interval, cumulative = rng.choice(INTERVALS), rng.random() < 0.4
    metrics = [*rng.sample(USAGE_METRICS, 4), "records", "files", "uploaders"]
    result = ask(
        "series",
        scope,
        since=since,
        until=until,
        interval=interval,
        cumulative=str(cumulative).lower(),
        metric=metrics,
        filter=as_filters(wanted),
    )
    parts = intervals(Period(since, until), interval)
    for one in result.series:
        assert [point.day for point in one.points] == [part.since for part in parts]
        for part, point in zip(parts, one.points, strict=True):
            start = FIRST - timedelta(days=60) if cumulative else part.since
            if one.metric in USAGE_METRICS:
                expected = counted.usage(scope, start, part.until, wanted)[one.metric]
                if point.value is not None or "visitors" not in one.metric:
                    assert point.value == expected, (one.metric, part)
            elif cumulative:
                expected = counted.stock(scope, part.until, "added", wanted)[one.metric]
                assert point.value == expected, (one.metric, part)
            elif one.metric == "uploaders":
                expected = counted.newcomers(scope, *part.bounds, "added", wanted)
                assert point.value == expected, (one.metric, part)
            else:
                day = part.since - timedelta(days=1)
                before = counted.stock(scope, day, "added", wanted)[one.metric]
                after = counted.stock(scope, part.until, "added", wanted)[one.metric]
                assert point.value == after - before, (one.metric, part)
                assert point.value == point.added - point.removed


@pytest.mark.parametrize("dimension", SHOWN, ids=lambda d: d.id)
def test_rankings_of_every_dimension(counted, dimension):
    rng = Random(dimension.id)
    scope = rng.choice(counted.world.scopes())
    since, until = FIRST, LAST - timedelta(days=rng.randrange(40))
    names = [m for m in METRICS if m.family in dimension.families and m.id != "uploaders"]
    first = rng.choice(names).id
    metrics = list(dict.fromkeys([first, *(m.id for m in names)]))
    result = ask(
        "top", scope, since=since, until=until, dimension=dimension.id, metric=metrics, size=3
    )
    every = counted.rows(dimension, scope, since, until, metrics)
    order = sorted(every, key=lambda key: (-every[key][first], key))
    assert [(row.id, row.values) for row in result.rows] == [(k, every[k]) for k in order[:3]]
    assert result.count == len(every)


@pytest.mark.parametrize("number", range(8))
def test_values_of_a_dimension_over_time(counted, number):
    rng = Random(2000 + number)
    scope = rng.choice(counted.world.scopes())
    dimension = rng.choice(("resource_types", "countries", "file_types", "subjects"))
    metric = rng.choice(("views", "viewed_records", "downloaded_files", "view_visitors"))
    result = ask(
        "series",
        scope,
        since=FIRST,
        until=LAST,
        dimension=dimension,
        metric=metric,
        size=3,
        interval="month",
    )
    for one in result.series:
        for part, point in zip(intervals(Period(FIRST, LAST), "month"), one.points, strict=True):
            wanted = {dimension: {one.id}}
            assert point.value == counted.usage(scope, *part.bounds, wanted)[metric]


@pytest.mark.parametrize("metric", ["downloads", "records", "data_volume"])
def test_values_of_a_dimension_so_far(counted, metric):
    since = FIRST + timedelta(days=40)
    result = ask(
        "series", "global", since=since, until=LAST, dimension="file_types", metric=metric,
        size=3, interval="month", cumulative="true",
    )  # fmt: skip
    for one in result.series:
        wanted = {"file_types": {one.id}}
        for part, point in zip(intervals(Period(since, LAST), "month"), one.points, strict=True):
            numbers = counted.usage("global", FIRST, part.until, wanted)
            numbers |= counted.stock("global", part.until, "added", wanted)
            assert point.value == numbers[metric]


@pytest.mark.parametrize("number", range(6))
def test_a_dimension_of_chosen_records(counted, number):
    rng = Random(3000 + number)
    scope = rng.choice(counted.world.scopes())
    result = ask(
        "top",
        scope,
        since=FIRST,
        until=LAST,
        dimension="languages",
        size=4,
        metric=["unique_views", "unique_downloads", "traffic", "viewed_records", "records"],
        filter=["resource_types:dataset", "resource_types:article"],
    )
    chosen = {"resource_types": {"dataset", "article"}}
    first = [row.values["unique_views"] for row in result.rows]
    assert first == sorted(first, reverse=True)
    for row in result.rows:
        wanted = {**chosen, "languages": {row.id}}
        expected = counted.usage(scope, FIRST, LAST, wanted)
        expected |= counted.stock(scope, LAST, "added", wanted)
        assert row.values == {id_: expected[id_] for id_ in row.values}


@pytest.mark.parametrize("number", range(10))
def test_properties_of_events_with_those_of_records(counted, number):
    rng = Random(4000 + number)
    scope = rng.choice(counted.world.scopes())
    since, until = FIRST, FIRST + timedelta(days=rng.randrange(91))
    wanted = random_filters(rng, 2) | {"countries": set(rng.sample(COUNTRIES[:4], 2))}
    if rng.random() < 0.5:
        wanted["referrers"] = {"www.example.org", "search.example"}
    parameters = {"since": since, "until": until, "filter": as_filters(wanted)}
    found = values_of(ask("totals", scope, metric=USAGE_METRICS, **parameters))
    assert found == counted.usage(scope, since, until, wanted)


def test_single_events_are_counted_for_short_periods_only(counted):
    parameters = {"since": FIRST, "metric": "views", "filter": ["countries:DE", "languages:eng"]}
    with pytest.raises(UnanswerableError, match="92 days"):
        ask("totals", "global", until=FIRST + timedelta(days=92), **parameters)
    with pytest.raises(UnanswerableError, match="belong to events"):
        ask("totals", "global", **{**parameters, "metric": "records", "until": FIRST})


def test_on_the_level_of_works(counted):
    for scope in counted.world.scopes():
        found = values_of(ask("totals", scope, since=FIRST, until=LAST, level="parent"))
        usage = counted.usage(scope, FIRST, LAST, {})
        stock = counted.stock(scope, LAST, "added", {})
        assert found["records"] == found["parents"] == stock["parents"]
        assert found["viewed_records"] == usage["viewed_parents"]
        assert found["views"] == usage["views"]


def test_removed_events_are_noticed(counted):
    """What needs stored events has no answer without them; what does not keeps its answer."""
    period = {"since": FIRST, "until": FIRST + timedelta(days=60)}
    wanted = {"filter": ["languages:eng", "resource_types:dataset", "resource_types:software"]}
    question = {**period, **wanted, "metric": ["views", "unique_views"]}
    before = values_of(ask("totals", "global", **question))
    index = ",".join(full_name(alias) for alias in USAGE_EVENTS.values())
    gone = {"range": {"timestamp": {"lt": (FIRST + timedelta(days=90)).isoformat()}}}
    forget_world()
    current_search_client.delete_by_query(
        index=index, body={"query": gone}, params={"refresh": "true"}
    )
    after = values_of(ask("totals", "global", **question))
    assert after["views"] == before["views"]
    assert after["unique_views"] in (None, before["unique_views"])
    with pytest.raises(UnanswerableError, match="no longer stored"):
        ask("totals", "global", metric="views", filter=["countries:DE", "languages:eng"], **period)
    with pytest.raises(UnanswerableError, match="no longer stored"):
        ask("explain", "global", metric="views", **period)
