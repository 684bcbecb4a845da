# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Runs: one at a time, idle ones cheap, stopped by what concerns everything and by nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from invenio_db import db
from invenio_search import current_search_client

from invenio_usage_stats import indices
from invenio_usage_stats.aggregations import runs
from invenio_usage_stats.aggregations.running import bookmarks, journal
from invenio_usage_stats.aggregations.running.journal import STEPS, last_of_each_step
from invenio_usage_stats.aggregations.running.leases import hold
from invenio_usage_stats.aggregations.runs import LEASE, aggregate, refresh
from invenio_usage_stats.errors import SearchEngineError, SetupError
from invenio_usage_stats.indices import (
    EVENTS,
    PRODUCTS,
    RECORD_DELTAS,
    RECORD_SNAPSHOTS,
    SHEETS,
    USAGE_DELTA,
    USAGE_EVENTS,
    USAGE_SNAPSHOT,
    Product,
    full_name,
    scroll,
)
from invenio_usage_stats.ledger.projection import forget
from invenio_usage_stats.operations.setup import create_events_index, put_templates
from invenio_usage_stats.operations.status import ledger_status
from invenio_usage_stats.reader.freshness import first_days

from ..oracle.random_history import random_world
from ..oracle.world import Event, World, make_facts, publish
from ..trouble import blocked, narrow, picky, together, unreachable
from ..world import Loader, forget_world, index_events, load, rest, stored_deltas

NAMES = [product.name for product in PRODUCTS]
SNAPSHOTS = (*RECORD_SNAPSHOTS, USAGE_SNAPSHOT)


@pytest.fixture(autouse=True)
def fresh(clean) -> Iterator[None]:
    """Start without documents and without a journal."""
    with db.engine.begin() as connection:
        connection.execute(sa.delete(STEPS))
    yield
    forget_world()


def world_of(*moments: datetime) -> World:
    """Return a record of a community, viewed at some moments."""
    world = World()
    publish(world, "r1", "P1", datetime(2024, 1, 1), make_facts(), "A")
    world.events = [Event(at, "view", "r1", "P1", "v", "s", "ui_r1") for at in moments]
    return world


def put(world: World) -> None:
    """Put a world into the ledger and the events, without aggregating."""
    Loader(world).operations(world.operations)
    index_events(world.events)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the requests to the search engine."""
    transport, requests = current_search_client.transport, []
    perform = transport.perform_request

    def count(method, url, **options):
        requests.append(f"{method} {url}")
        return perform(method, url, **options)

    transport.perform_request = count
    try:
        yield requests
    finally:
        del transport.perform_request


def versions(product: Product) -> dict[str, int]:
    """Return the version of each document, which each writing of it raises."""
    indices.refresh(product.target)
    hits = scroll(product.target, {"match_all": {}}, version=True)
    return {hit["_id"]: hit["_version"] for hit in hits}


@pytest.mark.parametrize("operations", [5, 60])
def test_an_idle_run_makes_at_most_five_requests(operations):
    load(random_world(7, operations=operations, days=40))
    rest()
    before = bookmarks.read(NAMES)
    with counted() as requests:
        outcomes = aggregate()
    assert len(requests) <= 5, requests
    assert not any(outcome.documents for outcome in outcomes)
    assert all(mark > before[name] for name, mark in bookmarks.read(NAMES).items())


def test_two_runs_at_once_do_what_one_does():
    put(world := random_world(11, operations=40, days=20))
    together(aggregate)
    found = {product: stored_deltas(product) for product in (*RECORD_DELTAS, USAGE_DELTA)}
    load(world)
    assert found == {product: stored_deltas(product) for product in found}


def test_nothing_is_done_while_another_run_is_at_work(monkeypatch):
    monkeypatch.setattr(runs, "PATIENCE", timedelta(seconds=1))
    put(world_of(datetime(2024, 1, 10)))
    with hold(LEASE):
        assert aggregate() == []
        assert refresh() == []
    assert not bookmarks.read(NAMES)
    assert aggregate()


def test_only_the_open_day_is_refreshed():
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    put(world_of(datetime(2024, 1, 10)))
    assert refresh() == [], "the first run is one over everything"
    aggregate()
    marks = bookmarks.read(NAMES)
    late = datetime(2024, 1, 11)
    index_events([Event(at, "view", "r1", "P1", "v", "s", "ui_r1") for at in (late, now)])
    assert {outcome.name for outcome in refresh()} == {"projection", "records delta", "usage delta"}
    assert bookmarks.read(NAMES) == marks
    days = {day for scope, day in stored_deltas(USAGE_DELTA) if scope == "A"}
    assert days == {datetime(2024, 1, 10).date(), now.date()}
    aggregate()
    assert late.date() in {day for _, day in stored_deltas(USAGE_DELTA)}


@pytest.mark.parametrize("name", ["read_only_allow_delete", "write", "read_only"])
def test_a_read_only_index_ends_the_run(name):
    load(world_of(datetime(2024, 1, 10)))
    marks = bookmarks.read([USAGE_DELTA.name])
    index_events([Event(datetime(2024, 1, 11), "view", "r1", "P1", "v", "s", "ui_r1")])
    index = USAGE_DELTA.index(datetime(2024, 1, 1).date())
    with blocked(index, name), pytest.raises(SearchEngineError, match=f"{index} is read-only"):
        aggregate()
    assert bookmarks.read([USAGE_DELTA.name]) == marks
    (failed,) = (step for step in last_of_each_step() if step["outcome"] == "failed")
    assert failed["name"] == "usage delta"
    aggregate()
    assert ("A", datetime(2024, 1, 11).date()) in stored_deltas(USAGE_DELTA)


def test_a_read_only_index_of_ledger_entries_ends_the_run():
    put(world_of(datetime(2024, 1, 10)))
    index = full_name(EVENTS)
    with blocked(index), pytest.raises(SearchEngineError, match=index):
        aggregate()
    assert not bookmarks.read(NAMES)
    aggregate()
    assert set(bookmarks.read(NAMES)) == set(NAMES)


def test_a_search_engine_that_is_away_ends_the_run():
    put(world_of(datetime(2024, 1, 10)))
    with unreachable(), pytest.raises(SearchEngineError, match="does not answer"):
        aggregate()
    aggregate()
    assert ("A", datetime(2024, 1, 10).date()) in stored_deltas(USAGE_DELTA)


def test_a_missing_template_is_refused():
    pattern = full_name("usage-stats-community-usage-delta-v1.0.0")
    current_search_client.indices.delete_template(name=pattern)
    try:
        with pytest.raises(SetupError, match="usage-stats setup"):
            aggregate()
    finally:
        put_templates()


def test_a_failed_step_does_not_stop_the_others():
    world = world_of(datetime(2024, 1, 10))
    publish(world, "r2", "P2", datetime(2024, 1, 2), make_facts())
    load(world)
    marks = bookmarks.read(NAMES)
    with narrow(full_name(EVENTS)):
        outcomes = {outcome.name: outcome.outcome for outcome in aggregate()}
    assert outcomes["records delta"] == "failed"
    assert outcomes["snapshots"] == "ok"
    moved = {name for name, mark in bookmarks.read(NAMES).items() if mark > marks[name]}
    assert moved >= set(NAMES) - {p.name for p in RECORD_DELTAS} - {USAGE_DELTA.name}
    assert not moved & {product.name for product in RECORD_DELTAS}


def test_a_rejected_ledger_entry_waits_alone():
    world = world_of(datetime(2024, 1, 10))
    publish(world, "r2", "P2", datetime(2024, 1, 2), make_facts())
    try:
        with picky(full_name(EVENTS)):
            put(world)
            first = aggregate()[0]
    finally:
        create_events_index()
    assert (first.name, first.outcome) == ("projection", "failed")
    assert "Entries of 1 records were rejected, first: r1-A-1: 400: " in first.reason
    assert ledger_status()["waiting"] == 2
    assert {scope for scope, _ in stored_deltas(RECORD_DELTAS[0])} == {"global"}
    forget()
    assert aggregate()[0].outcome == "ok"
    assert {scope for scope, _ in stored_deltas(RECORD_DELTAS[0])} == {"A", "global"}


def test_idle_steps_share_a_row_and_old_rows_go(monkeypatch):
    load(world_of(datetime(2024, 1, 10)))
    rest()
    for _ in range(3):
        aggregate()
    rows = {row["name"]: row for row in last_of_each_step()}
    assert rows["usage delta"]["runs"] == 3
    assert rows["usage delta"]["started"] > datetime.now(UTC).replace(tzinfo=None) - timedelta(
        minutes=5
    )
    monkeypatch.setattr(journal, "KEPT", 2)
    index_events([Event(datetime(2024, 1, 11), "view", "r1", "P1", "v", "s", "ui_r1")])
    aggregate()
    with db.engine.connect() as connection:
        kept = connection.execute(sa.select(STEPS.c.name)).scalars().all()
    assert sorted(kept) == sorted(rows), "the last one of each step"


def test_given_days_fold_what_they_write_and_no_other_months():
    days = [datetime(2024, month, 10) for month in (1, 2, 3)]
    load(world_of(*days))
    rest()
    before = {product: versions(product) for product in SNAPSHOTS}
    index_events([Event(datetime(2024, 3, 12), "view", "r1", "P1", "v", "s", "ui_r1")])
    aggregate(start=datetime(2024, 3, 1, tzinfo=UTC), end=datetime(2024, 3, 31, tzinfo=UTC))
    for product in SNAPSHOTS:
        after = versions(product)
        moved = {key for key in after if after[key] != before[product].get(key)}
        assert all("2024-03" in id_ for id_ in moved), product
    assert moved


def test_snapshots_alone_fold_all_months():
    load(world_of(datetime(2024, 1, 10), datetime(2024, 2, 10)))
    (folded,) = [o for o in aggregate(SNAPSHOTS[-1:], start=datetime(2024, 2, 1)) if o.documents]
    assert folded.documents == 4


def test_days_that_are_read_again_get_no_empty_documents():
    load(random_world(11))
    aggregate()
    before = documents_without_usage()
    aggregate()
    assert documents_without_usage() == before == []


def test_the_first_day_is_one_with_usage():
    """Documents from which everything was taken away stay, and are not the beginning."""
    early, late = datetime(2024, 1, 3, 9), datetime(2024, 1, 6, 9)
    world = world_of(early, late)
    publish(world, "r2", "P2", datetime(2024, 1, 1), make_facts(), "B")
    world.events.append(Event(early, "view", "r2", "P2", "v", "s", "ui_r2"))
    load(world)
    assert first_days("A", (SHEETS,)) == [early.date(), early.date()]
    current_search_client.delete_by_query(
        index=full_name(USAGE_EVENTS["view"]),
        body={"query": {"bool": {"filter": [{"term": {"recid": "r1"}}, until(early)]}}},
        params={"refresh": "true"},
    )
    aggregate(start=datetime(2024, 1, 3, tzinfo=UTC), end=datetime(2024, 1, 3, tzinfo=UTC))
    assert len(documents_without_usage()) == 1
    assert first_days("A", (SHEETS,)) == [late.date(), early.date()]


def until(moment: datetime) -> dict:
    """Return a query for the events until a moment."""
    return {"range": {"timestamp": {"lte": moment.isoformat()}}}


def documents_without_usage() -> list[dict]:
    """Return the totals of stored deltas of usage that count nothing."""
    totals = [hit["_source"]["totals"] for hit in scroll(USAGE_DELTA.target, {"match_all": {}})]
    assert totals
    return [one for one in totals if not any(part["total_events"] for part in one.values())]
