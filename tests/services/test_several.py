# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The numbers of many communities: bounds from sheets, and what needs no look at each."""

from datetime import date, timedelta
from random import Random

import pytest

from invenio_usage_stats.catalog import METRICS
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.bounds import pieces
from invenio_usage_stats.reader.periods import Period
from invenio_usage_stats.services import several

from .asking import question_of
from .counting import Counted, counted_world

DISTINCT = [metric.id for metric in METRICS if metric.event and metric.distinct]
FIRST = date(2023, 12, 10)


@pytest.fixture(scope="module")
def counted(app) -> Counted:
    """Return the direct count of a world of four months."""
    return counted_world(912, operations=60, days=120, events=700)


def known(period: Period, metric: str) -> several.Scopes:
    """Return what is known of all communities."""
    question = question_of(since=period.since, until=period.until)
    return several.Scopes(question, [current_usage_stats.catalog.metrics[metric]], period)


def communities(counted: Counted) -> list[str]:
    """Return all communities."""
    return [scope for scope in counted.world.scopes() if scope != "global"]


def test_pieces_of_a_period_follow_each_other():
    rng = Random(1)
    for _ in range(200):
        since = date(2020, 1, 1) + timedelta(days=rng.randrange(900))
        period = Period(since, since + timedelta(days=rng.randrange(1, 1_200)))
        found = [piece.period for piece in pieces(period)]
        days = [day for part in found for day in part.days()]
        assert days == list(period.days())
        assert len(found) <= 5
    day = Period(date(1, 1, 2), date(1, 1, 2))
    assert [piece.period for piece in pieces(day)] == [day]


@pytest.mark.parametrize("metric", DISTINCT)
def test_bounds_are_never_too_small(counted, metric):
    rng, catalog = Random(metric), current_usage_stats.catalog
    for _ in range(6):
        since = FIRST + timedelta(days=rng.randrange(100))
        period = Period(since, since + timedelta(days=rng.randrange(150)))
        scopes = known(period, metric)
        bounds = scopes.bounds(catalog.metrics[metric])
        for scope in communities(counted):
            expected = counted.usage(scope, *period.bounds, {})[metric]
            assert bounds.get(scope, 0) >= expected
            assert scopes.numbers(scope)[metric] == expected


@pytest.mark.parametrize("metric", DISTINCT)
@pytest.mark.parametrize(
    "period",
    [
        Period(date(2024, 1, 1), date(2024, 12, 31)),
        Period(date(2024, 2, 1), date(2024, 2, 29)),
        Period(date(2024, 2, 14), date(2024, 2, 14)),
    ],
    ids=["a year", "a month", "a day"],
)
def test_whole_years_months_and_days_need_no_look_at_each(counted, monkeypatch, metric, period):
    monkeypatch.setattr(several, "LOOKS", 0)
    scopes = known(period, metric)
    for scope in communities(counted):
        expected = counted.usage(scope, *period.bounds, {})[metric]
        assert scopes.exact(scope) == scopes.numbers(scope)[metric] == expected
