# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Bookmarks: those that a wrong clock set in the future hold up nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.running import bookmarks
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.indices import PRODUCTS, RECORD_DELTAS, USAGE_DELTA, full_name
from invenio_usage_stats.operations.doctor import CHECKS
from invenio_usage_stats.operations.status import healthy, status

from ..oracle.random_history import random_world, split
from ..world import Loader, forget_world, index_events, load, rest, stored_deltas

NAMES = [product.name for product in PRODUCTS]


@pytest.fixture(autouse=True)
def fresh(clean) -> Iterator[None]:
    """Start without documents."""
    yield
    forget_world()


def deltas() -> dict:
    """Return all deltas that are stored."""
    return {product.name: stored_deltas(product) for product in (*RECORD_DELTAS, USAGE_DELTA)}


def forget_bookmarks() -> None:
    """Let the next run be like the first one."""
    body = {"query": {"match_all": {}}}
    options = {"refresh": "true", "ignore_unavailable": "true"}
    current_search_client.delete_by_query(full_name(bookmarks.INDEX), body, params=options)


def test_a_run_with_a_clock_in_the_future_holds_up_nothing():
    world = random_world(17, operations=30, days=20)
    loader = Loader(world)
    first, second = split(world, 2)
    for operations, events in (first, second):
        loader.operations(operations)
        index_events(events)
        if (operations, events) == first:
            aggregate()
            rest()
            marks = bookmarks.read(NAMES)
            bookmarks.write(NAMES, datetime.now(UTC) + timedelta(days=365))
    assert bookmarks.read(NAMES) == marks
    assert "bookmarks are in the future" in CHECKS["clocks"]().state
    aggregate()
    found = deltas()
    assert CHECKS["clocks"]().ok
    load(world)
    assert found == deltas()


def test_a_bookmark_in_the_future_is_no_bookmark():
    bookmarks.create()
    bookmarks.write(NAMES, datetime.now(UTC) + timedelta(hours=1))
    assert not bookmarks.read(NAMES)
    assert not healthy(status())
    assert not bookmarks.take(NAMES)
    assert not bookmarks.look(NAMES).ahead


def test_a_backfill_may_set_its_bookmarks_some_minutes_ahead():
    bookmarks.create()
    bookmarks.write(NAMES, datetime.now(UTC) + bookmarks.OVERLAP + timedelta(seconds=30))
    assert set(bookmarks.take(NAMES)) == set(NAMES)


def test_lost_bookmarks_lose_nothing():
    """A record is published at first, then on another day: nothing moves on the first one."""
    world = random_world(0, operations=40, days=45)
    loader = Loader(world)
    for operations, events in split(world, 2):
        forget_bookmarks()
        loader.operations(operations)
        index_events(events)
        aggregate()
    found = deltas()
    load(world)
    assert found == deltas()
