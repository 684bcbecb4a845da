# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A search engine that takes too long: nothing is counted, and the next run goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.running import bookmarks
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.errors import SearchEngineError, UsageStatsError
from invenio_usage_stats.indices import (
    PRODUCTS,
    USAGE_DELTA,
    find,
    find_all,
    full_name,
    refresh,
)

from ..oracle.world import Event, World, make_facts, publish
from ..trouble import silent
from ..world import forget_world, index_events, load, put, stored_deltas

pytestmark = pytest.mark.alone
MOMENT = datetime(2024, 1, 10, 9)
NAMES = [product.name for product in PRODUCTS]
TIMEOUT = "search.default_search_timeout"
LOOP = "int n = 0; for (int i = 0; i < 400000; ++i) { n += i % 7 } return n > doc['number'].value"
LONG = {"script": {"script": {"source": LOOP}}}


@pytest.fixture(autouse=True)
def world(clean, monkeypatch) -> Iterator[None]:
    """Start with a record, aggregated, and an event that is not."""
    monkeypatch.setattr(bookmarks, "OVERLAP", timedelta(0))
    known = World()
    publish(known, "r1", "P1", MOMENT, make_facts(), "A")
    load(known)
    aggregate()
    index_events([Event(MOMENT, "view", "r1", "P1", "v", "s", "ui_r1")])
    yield
    forget_world()


@contextmanager
def hurried(limit: str) -> Iterator[None]:
    """Let the search engine give up searches after a moment."""
    cluster = current_search_client.cluster
    cluster.put_settings(body={"transient": {TIMEOUT: limit}})
    try:
        yield
    finally:
        cluster.put_settings(body={"transient": {TIMEOUT: None}})


@pytest.fixture
def slow() -> Iterator[str]:
    """Return an index of many documents, for a query that takes long."""
    index = full_name("slow")
    put({"_index": index, "_source": {"number": number}} for number in range(3_000))
    refresh(index)
    yield index
    current_search_client.indices.delete(index=index)


QUESTIONS = {
    "find": lambda index: find(index, {"size": 0, "query": LONG}),
    "find all": lambda index: find_all([(index, {"size": 0, "query": LONG})]),
}
"""Scrolls are not among them: the search engine never gives these up."""


@pytest.mark.parametrize("name", QUESTIONS)
def test_answers_that_are_given_up_are_no_answers(slow, name):
    with hurried("100ms"), pytest.raises(UsageStatsError, match="took too long"):
        QUESTIONS[name](slow)


def views() -> int:
    return stored_deltas(USAGE_DELTA)["A", MOMENT.date()]["totals"]["view"]["total_events"]


def test_answers_that_do_not_come_end_the_run():
    marks = bookmarks.read(NAMES)
    with silent(), pytest.raises(SearchEngineError, match="overloaded: ConnectionTimeout"):
        aggregate()
    assert bookmarks.read(NAMES) == marks
    aggregate()
    assert views() == 1
