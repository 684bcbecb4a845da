# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Answers about random worlds: nothing small is shown, and nothing withheld follows from them."""

from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from flask import current_app
from invenio_access.permissions import system_identity

from invenio_usage_stats.catalog import DIMENSIONS, METRICS
from invenio_usage_stats.errors import UnanswerableError
from invenio_usage_stats.indices import USAGE_SNAPSHOT
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.periods import Period, intervals
from invenio_usage_stats.services.query import Query
from invenio_usage_stats.services.scopes import REPOSITORY
from invenio_usage_stats.services.withholding import is_small

from ..oracle.random_history import COUNTRIES, VALUES
from .asking import ask, codes
from .counting import SHOWN, Counted, counted_world

FIRST, LAST = date(2024, 1, 1), date(2024, 4, 9)
SINGLE = {"countries": COUNTRIES[:4], "resource_types": VALUES["resource_types"]}
"""Dimensions of which nothing has two values, so that the values add up to the whole."""
SUMS = ("views", "downloads", "records")


@pytest.fixture(scope="module")
def counted(app) -> Counted:
    """Return the direct count of a world."""
    return counted_world(909, operations=60, days=100, events=500)


@pytest.fixture
def limit(request, monkeypatch, counted) -> int:
    """Withhold what is smaller."""
    monkeypatch.setitem(current_app.config, "USAGE_STATS_MIN_CELL", request.param)
    return request.param


def assert_steady(sums, limit: int) -> None:
    """Assert that running sums, and what they differ by, are not small."""
    known = [0, *(value for value in sums if value is not None)]
    assert not any(is_small(after - before, limit) for before, after in pairwise(known))
    assert not any(is_small(value, limit) for value in known)


def true_parts(counted, scope, period, dimension, wanted) -> dict[str, dict[str, int]]:
    """Return the numbers of every value, and of what has none, by metric."""
    whole = numbers(counted, scope, period, wanted)
    rows = {
        value: numbers(counted, scope, period, {**wanted, dimension: {value}})
        for value in SINGLE[dimension]
    }
    known = [metric for metric in whole if dimension != "countries" or metric != "records"]
    found = {metric: {value: row[metric] for value, row in rows.items()} for metric in known}
    for metric, parts in found.items():
        parts[""] = whole[metric] - sum(parts.values())
    return found


def numbers(counted, scope, period, wanted) -> dict[str, int]:
    """Return the numbers that add up."""
    found = counted.usage(scope, *period, wanted)
    if "countries" not in wanted:
        found |= counted.stock(scope, period[1], "added", wanted)
    return {metric: found[metric] for metric in SUMS if metric in found}


def assert_open(true: dict, shown: dict, whole: int | None, limit: int) -> None:
    """Assert that nothing small follows from a whole and its parts, none of which is zero."""
    hidden = [key for key, number in true.items() if number and shown.get(key) is None]
    if whole is not None and any(is_small(true[key], limit) for key in hidden):
        assert len(hidden) > 1, (true, shown, whole)
        assert whole - sum(value or 0 for value in shown.values()) > len(hidden)


@pytest.mark.parametrize("number", range(20))
@pytest.mark.parametrize("limit", [3, 6], indirect=True)
def test_rankings_do_not_reveal_what_they_withhold(counted, limit, number):
    rng = Random(number)
    scope, dimension = rng.choice(counted.world.scopes()), rng.choice(list(SINGLE))
    since = FIRST + timedelta(days=rng.randrange(60))
    until = since + timedelta(days=rng.choice((0, 6, 29, 60)))
    wanted = {} if number % 2 else {"languages": {rng.choice(VALUES["languages"])}}
    metrics = list(SUMS[: 2 if dimension == "countries" else 3])
    rng.shuffle(metrics)
    filters = [f"{id_}:{value}" for id_, some in wanted.items() for value in some]
    parameters = {"since": since, "until": until, "metric": metrics, "filter": filters}
    found = ask("top", scope, dimension=dimension, size=rng.choice((2, 100)), **parameters)
    true = true_parts(counted, scope, (since, until), dimension, wanted)
    for metric in metrics:
        shown = {row.id: row.values[metric] for row in found.rows} | {"": found.missing[metric]}
        for key, value in shown.items():
            assert value in (None, true[metric].get(key)) and not is_small(value, limit)
        assert not is_small(found.totals[metric], limit) or not wanted
        assert_open(true[metric], shown, found.totals[metric], limit)
        hidden = [key for key, value in shown.items() if value is None]
        assert not hidden or "withheld" in codes(found)
    assert all(row.values[metrics[0]] is not None for row in found.rows)


@pytest.mark.parametrize("metric", SUMS)
@pytest.mark.parametrize("limit", [3, 6], indirect=True)
def test_values_over_time_do_not_reveal_what_their_rankings_withhold(counted, limit, metric):
    dimension = "resource_types"
    question = {"since": FIRST, "until": LAST, "interval": "week", "metric": metric}
    found = ask("series", dimension=dimension, size=100, **question)
    for n, part in enumerate(intervals(Period(FIRST, LAST), "week")):
        true = true_changes(counted, part, dimension, metric)
        shown = {one.id: one.points[n].value for one in found.series}
        assert all(value in (None, true[key]) for key, value in shown.items())
        hidden = [key for key in SINGLE[dimension] if shown.get(key) is None]
        assert not any(true[key] for key in hidden) or len(hidden) + bool(true[""]) > 1
    assert "withheld" in codes(found)


def true_changes(counted, part: Period, dimension: str, metric: str) -> dict[str, int]:
    """Return what was counted of each value, or by how much it has grown."""
    now = true_parts(counted, "global", part.bounds, dimension, {})[metric]
    if metric != "records":
        return now
    day = part.since - timedelta(days=1)
    before = true_parts(counted, "global", (day, day), dimension, {})[metric]
    return {key: now[key] - before[key] for key in now}


@pytest.mark.parametrize("metric", [*SUMS, "uploaders", "viewed_records"])
@pytest.mark.parametrize("limit", [3], indirect=True)
def test_running_sums_do_not_reveal_small_steps(counted, limit, metric):
    question = {"since": FIRST, "until": LAST, "interval": "week", "cumulative": "true"}
    found = ask("series", metric=metric, filter="languages:eng", **question).series
    if metric in SUMS:
        found += ask("series", metric=metric, dimension="resource_types", **question).series
    assert any(point.value for one in found for point in one.points)
    for one in found:
        assert_steady([point.value for point in one.points], limit)


@pytest.mark.parametrize("limit", [3, 6], indirect=True)
@pytest.mark.parametrize("interval", ["week", "month"])
def test_what_was_added_and_removed_is_not_shown_where_it_is_small(counted, limit, interval):
    question = {"since": FIRST, "until": LAST, "filter": "languages:eng", "metric": "records,files"}
    for one in ask("series", interval=interval, **question).series:
        for point in one.points:
            assert not any(is_small(n, limit) for n in point[1:])
            assert point.value is not None or (point.added is None and point.removed is None)
    for part in intervals(Period(FIRST, LAST), interval):
        days = {"since": part.since, "until": part.until, "compare": "previous"}
        for total in ask("totals", **{**question, **days}).metrics.values():
            before = total.compared.value
            assert not any(is_small(n, limit) for n in (*total_moves(total), before))


def total_moves(total) -> tuple:
    """Return what a total says, and what follows from it."""
    if total.value is None:
        assert total.added is None and total.removed is None
    if total.added is None:
        return (total.value,)
    change = total.added - total.removed
    return total.value, total.added, total.removed, change, total.value - change


@pytest.mark.parametrize("limit", [5], indirect=True)
def test_a_filter_and_its_ranking_withhold_the_same(counted, limit):
    days = {"since": FIRST, "until": LAST, "metric": "downloads"}
    found = ask("top", dimension="countries", size="100", **days)
    shown = {row.id: row.values["downloads"] for row in found.rows}
    for country in COUNTRIES[:4]:
        alone = ask("totals", filter=f"countries:{country}", **days).metrics["downloads"]
        assert alone.value == shown.get(country, alone.value and None)


@pytest.mark.parametrize("limit", [40], indirect=True)
def test_what_tells_of_a_number_is_withheld_with_it(counted, limit):
    """Volumes and unique numbers would tell of downloads."""
    metrics = ["traffic", "downloads", "unique_downloads", "downloaded_files", "data_volume"]
    found = ask("top", since=FIRST, until=LAST, dimension="languages", size=100, metric=metrics)
    few = [row for row in found.rows if row.values["downloads"] is None]
    for row in few:
        assert all(row.values[id_] is None for id_ in metrics[:4])
    alone = ask(
        "totals",
        since=FIRST,
        until=FIRST + timedelta(days=20),
        metric=metrics,
        filter="languages:eng",
    )
    assert alone.metrics["downloads"].value is None
    assert alone.metrics["traffic"].value is None


@pytest.mark.parametrize("limit", [5], indirect=True)
@pytest.mark.parametrize("id_", [d.id for d in SHOWN])
def test_every_filter_has_an_answer(counted, limit, id_):
    """Properties that do not break a metric down do not forbid it, either."""
    dimension = next(d for d in DIMENSIONS if d.id == id_)
    usage = [m.id for m in METRICS if m.family == "usage"]
    days = {"since": FIRST, "until": FIRST + timedelta(days=60)}
    for families, metrics in ((("usage",), usage), (("records",), ["records", "uploaders"])):
        if dimension.source == "event" and "usage" not in families:
            continue
        totals = ask("totals", metric=metrics, filter=f"{id_}:eng", **days).metrics
        assert not any(is_small(total.value, limit) for total in totals.values())


@pytest.mark.parametrize("limit", [1000], indirect=True)
@pytest.mark.parametrize("metric", ["records", "uploaders", "views", "traffic"])
def test_what_is_withheld_is_not_explained(counted, limit, metric):
    question = {"since": FIRST, "until": LAST, "metric": metric}
    assert ask("explain", **question).steps
    with pytest.raises(UnanswerableError, match="withheld"):
        ask("explain", filter="languages:eng", **question)


@pytest.mark.parametrize("limit", [40], indirect=True)
def test_pages_and_documents_withhold_the_same(counted, limit):
    service = current_usage_stats.service
    shown = [dimension.id for dimension in SHOWN]
    numbers = service.numbers(system_identity, REPOSITORY, Query(since=FIRST, until=LAST), shown)
    for found in (numbers.top(id_, size=100) for id_ in shown):
        for metric in found.units:
            column = [row.values[metric] for row in found.rows]
            assert not any(is_small(value, limit) for value in column)
    (document,) = service.daily_documents(REPOSITORY, USAGE_SNAPSHOT, Period(LAST, LAST))
    whole = document["totals"]["view"]["total_events"]
    assert whole > limit
    for field, items in document["subcounts"].items():
        views = {item["id"]: item["view"]["total_events"] for item in items}
        assert not any(is_small(value, limit) for value in views.values())
        assert all(
            item["view"] == dict.fromkeys(item["view"])
            for item in items
            if item["view"]["total_events"] is None
        )
        if field in ("all_countries", "top_countries"):
            views[""] = document["missing"].get(field, {}).get("view", {}).get("total_events", 0)
            true = true_parts(counted, "global", (FIRST, LAST), "countries", {})["views"]
            assert_open(true, views, whole, limit)
    hidden = [item for items in document["subcounts"].values() for item in items]
    assert any(item["view"]["total_events"] is None for item in hidden)
