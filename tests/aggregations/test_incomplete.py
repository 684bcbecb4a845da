# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Answers that lack something: nothing is counted from them, and no bookmark moves over them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from threading import Timer

import pytest
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.running import bookmarks
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.aggregations.snapshots.changes import changed_months
from invenio_usage_stats.aggregations.snapshots.monthly import states_before
from invenio_usage_stats.errors import UsageStatsError
from invenio_usage_stats.indices import (
    PRODUCTS,
    RECORD_DELTAS,
    RECORD_SNAPSHOTS,
    USAGE_DELTA,
    USAGE_EVENTS,
    complete,
    find,
    full_name,
    pages,
    scroll,
)

from ..oracle.world import Event, World, make_facts, publish
from ..world import forget_world, load, rest

NAMES = [product.name for product in PRODUCTS]
DAY = datetime(2024, 1, 10, 9)
EVERYTHING = {"match_all": {}}


@contextmanager
def red(index: str) -> Iterator[None]:
    """Have an index without a node that may hold it."""
    settings = {"index.routing.allocation.require._name": "nobody"}
    options = {"wait_for_active_shards": "0", "master_timeout": "5s"}
    indices = current_search_client.indices
    indices.create(index=index, body={"settings": settings}, params=options)
    try:
        yield
    finally:
        indices.delete(index=index)


@pytest.fixture
def used(clean, monkeypatch) -> Iterator[None]:
    """Start with a record of a community, viewed on a day."""
    monkeypatch.setattr(bookmarks, "OVERLAP", timedelta(seconds=1))
    world = World()
    publish(world, "r1", "P1", DAY, make_facts(), "A")
    world.events = [view(DAY)]
    load(world)
    yield
    forget_world()


def view(at: datetime) -> Event:
    return Event(at, "view", "r1", "P1", "v", "s", "ui_r1")


QUESTIONS = {
    "find": lambda: find(USAGE_DELTA.target, {"query": EVERYTHING}),
    "scroll": lambda: list(scroll(USAGE_DELTA.target, EVERYTHING)),
    "pages": lambda: list(pages(USAGE_DELTA.target, EVERYTHING)),
    "months": lambda: changed_months([*RECORD_DELTAS, USAGE_DELTA], None, date(2024, 3, 1)),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_shard_that_is_not_there(used, name: str):
    QUESTIONS[name]()
    with red(USAGE_DELTA.index(date(1990, 1, 1))), pytest.raises(UsageStatsError, match="shards"):
        QUESTIONS[name]()


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_index_that_is_just_being_made_is_waited_for(used, name: str):
    index = USAGE_DELTA.index(date(1990, 1, 1))
    anywhere = {"index.routing.allocation.require._name": None}
    client = current_search_client._get_current_object()
    with red(index):
        timer = Timer(0.3, partial(client.indices.put_settings, index=index, body=anywhere))
        timer.start()
        assert QUESTIONS[name]()
        timer.join()


def test_a_shard_that_is_not_there_is_not_nothing_found(used):
    nobody = {"term": {"community_id": "nobody"}}
    assert not list(pages(USAGE_DELTA.target, nobody))
    with red(USAGE_DELTA.index(date(1990, 1, 1))), pytest.raises(UsageStatsError, match="shards"):
        list(pages(USAGE_DELTA.target, nobody))


def test_a_search_among_others_that_fails(used):
    product = RECORD_SNAPSHOTS[0]
    states_before(product, {"A": date(2024, 3, 1)})
    with red(product.index(date(1990, 1, 1))), pytest.raises(UsageStatsError, match="shards"):
        states_before(product, {"A": date(2024, 3, 1), "global": date(2024, 3, 1)})


@pytest.mark.parametrize(
    "answer",
    [
        {"error": {"type": "search_phase_execution_exception"}, "status": 503},
        {"timed_out": True, "_shards": {"total": 1, "successful": 1, "failed": 0}},
        {"timed_out": False, "_shards": {"total": 2, "successful": 1, "failed": 1}},
        {"timed_out": False, "_shards": {"total": 2, "successful": 1, "failed": 0}},
    ],
)
def test_what_is_incomplete(answer):
    with pytest.raises(UsageStatsError):
        complete(answer)


def test_bookmarks_do_not_move_over_what_was_not_seen(used):
    marks = bookmarks.read(NAMES)
    rest()
    with red(full_name(f"{USAGE_EVENTS['view']}-1990-01")):
        outcomes = {outcome.name: outcome.outcome for outcome in aggregate()}
        assert outcomes["usage delta"] == "failed"
        assert bookmarks.read([USAGE_DELTA.name])[USAGE_DELTA.name] == marks[USAGE_DELTA.name]
    rest()
    with red(RECORD_DELTAS[0].index(date(1990, 1, 1))):
        assert {o.name: o.outcome for o in aggregate()}["snapshots"] == "failed"
    snapshots = {name for name in NAMES if "snapshot" in name}
    assert {name for name, at in bookmarks.read(NAMES).items() if at == marks[name]} <= snapshots
    assert {o.outcome for o in aggregate()} == {"ok"}
    assert all(at > marks[name] for name, at in bookmarks.read(NAMES).items())
