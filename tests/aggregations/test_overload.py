# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A search engine without memory for requests: it answers 429, runs wait, end, and go on later."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from invenio_search import current_search_client
from invenio_search.engine import search

from invenio_usage_stats import bulk
from invenio_usage_stats.aggregations.running import bookmarks
from invenio_usage_stats.aggregations.running.failures import failures
from invenio_usage_stats.aggregations.running.journal import last_of_each_step
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.errors import SearchEngineError
from invenio_usage_stats.indices import (
    PRODUCTS,
    RECORD_DELTAS,
    USAGE_DELTA,
    USAGE_EVENTS,
    find,
    full_name,
)

from ..oracle.world import Event, World, make_facts, publish
from ..world import forget_world, index_events, load, stored_deltas

pytestmark = pytest.mark.alone
MOMENT = datetime(2024, 1, 10, 9)
NAMES = [product.name for product in PRODUCTS]
BODIES = "network.breaker.inflight_requests.limit"
QUESTIONS = "indices.breaker.request.limit"
REFERRERS = [f"https://example.org/{number}/{'x' * 60}" for number in range(60)]


@pytest.fixture
def world(clean, monkeypatch) -> Iterator[World]:
    """Start with a record, aggregated, and a day of events that is not."""
    monkeypatch.setattr(bulk, "PAUSES", (0.2, 0.4, 0.8, 1.6))
    monkeypatch.setattr(bookmarks, "OVERLAP", timedelta(0))
    known = World()
    publish(known, "r1", "P1", MOMENT, make_facts(), "A")
    load(known)
    aggregate()
    known.events = [
        Event(MOMENT, "view", "r1", "P1", f"v{number}", "s", "ui_r1", referrer=referrer)
        for number, referrer in enumerate(REFERRERS)
    ]
    index_events(known.events)
    yield known
    forget_world()


def limit(setting: str, value: str | None) -> None:
    """Limit the memory that the search engine has for requests; none lifts the limit."""
    current_search_client.cluster.put_settings(body={"transient": {setting: value}})


@contextmanager
def limited(setting: str, value: str) -> Iterator[None]:
    """Limit the memory for requests for a while."""
    limit(setting, value)
    try:
        yield
    finally:
        limit(setting, None)


def views() -> int:
    return stored_deltas(USAGE_DELTA)["A", MOMENT.date()]["totals"]["view"]["total_events"]


def test_the_search_engine_does_answer_429(world):
    with limited(BODIES, "4kb"), pytest.raises(search.TransportError) as bodies:
        current_search_client.bulk(body=[{"index": {}}, {"x": "x" * 8_000}], index="never-made")
    with limited(QUESTIONS, "10b"), pytest.raises(search.TransportError) as questions:
        find(full_name(USAGE_EVENTS["view"]), {"aggs": {"x": {"terms": {"field": "recid"}}}})
    for error in (bodies, questions):
        assert error.value.status_code == 429
        assert "Data too large" in str(error.value)


def test_documents_that_are_refused_for_long_end_the_run(world):
    marks = bookmarks.read(NAMES)
    with limited(BODIES, "4kb"), pytest.raises(SearchEngineError, match="overloaded"):
        aggregate()
    assert bookmarks.read([USAGE_DELTA.name])[USAGE_DELTA.name] == marks[USAGE_DELTA.name]
    (failed,) = (step for step in last_of_each_step() if step["outcome"] == "failed")
    assert failed["name"] == "usage delta"
    assert not failures()
    aggregate()
    assert views() == len(REFERRERS)


def test_documents_that_are_refused_for_a_moment_are_sent_again(world):
    cluster = current_search_client.cluster
    timer = threading.Timer(1, cluster.put_settings, ({"transient": {BODIES: None}},))
    with limited(BODIES, "4kb"):
        timer.start()
        outcomes = {outcome.name: outcome for outcome in aggregate()}
    timer.join()
    assert {outcome.outcome for outcome in outcomes.values()} == {"ok"}
    assert outcomes["usage delta"].requests > 2
    assert views() == len(REFERRERS)


def test_questions_that_are_refused_end_the_run(world):
    marks = bookmarks.read(NAMES)
    with limited(QUESTIONS, "10b"), pytest.raises(SearchEngineError, match="overloaded"):
        aggregate()
    assert bookmarks.read(NAMES) == marks
    assert not failures()
    aggregate()
    assert views() == len(REFERRERS)
    assert len(stored_deltas(RECORD_DELTAS[0])) == 2
