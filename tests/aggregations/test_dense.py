# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The policy ``daily``: what is stored for every day is what the queries answer for it."""

import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.running import bookmarks
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.aggregations.snapshots.coverage import FIELDS
from invenio_usage_stats.aggregations.snapshots.dense import daily_name
from invenio_usage_stats.indices import (
    PRODUCTS,
    RECORD_DELTAS,
    RECORD_SNAPSHOTS,
    USAGE_DELTA,
    USAGE_SNAPSHOT,
    Product,
    refresh,
    scroll,
)
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.periods import Period, today
from invenio_usage_stats.services.scopes import Scope

from ..oracle.random_history import random_world, split
from ..oracle.world import Event, World, make_facts, publish
from ..world import Loader, forget_world, index_events, wipe
from .test_runs import counted

TIMES = ("timestamp", "updated_timestamp", "bookmark", "state")
Stored = dict[str, dict[date, dict]]


@pytest.fixture(autouse=True)
def daily(app, monkeypatch) -> Iterator[None]:
    """Start empty, under the policy, and look back for a second only."""
    wipe()
    forget_world()
    monkeypatch.setattr(bookmarks, "OVERLAP", timedelta(seconds=1))
    monkeypatch.setitem(app.config, "USAGE_STATS_SNAPSHOT_POLICY", "daily")
    yield
    forget_world()


def stored(product: Product) -> Stored:
    """Return the stored documents by scope and day, times aside; those in parts put together."""
    refresh(product.target)
    found: Stored = defaultdict(dict)
    for hit in scroll(product.target, {"match_all": {}}):
        source = {k: v for k, v in hit["_source"].items() if k not in TIMES}
        day = date.fromisoformat(source[FIELDS[product.kind]][:10])
        found[source["community_id"]][day] = source
    return found


def run() -> dict[str, int]:
    """Let the clock move on, aggregate, and return the documents of each step."""
    time.sleep(1.1)
    outcomes = aggregate()
    assert {outcome.outcome for outcome in outcomes} == {"ok"}, outcomes
    time.sleep(1.1)
    return {outcome.name: outcome.documents for outcome in outcomes}


def settle() -> None:
    """Run until nothing is left: a run looks again at what the one before has written."""
    assert any(not any(run().values()) for _ in range(4))


def answered(product: Product, scope: str, first: date, last: date) -> dict[date, dict]:
    """Return what the queries answer."""
    period = Period(first, last)
    found = current_usage_stats.service.daily_documents(Scope(scope), product, period)
    documents = ({k: v for k, v in one.items() if k not in TIMES} for one in found)
    return dict(zip(period.days(), documents, strict=True))


def check() -> dict[Product, Stored]:
    """Compare all that is stored with what is answered, and see that no day is missing."""
    everything = {product: stored(product) for product in PRODUCTS}
    yesterday = today() - timedelta(days=1)
    repository = min(everything[RECORD_DELTAS[1]]["global"])
    for delta, snapshot in zip(
        (*RECORD_DELTAS, USAGE_DELTA), (*RECORD_SNAPSHOTS, USAGE_SNAPSHOT), strict=True
    ):
        assert everything[delta].keys() == everything[snapshot].keys()
        for scope, days in everything[delta].items():
            first = min(days)
            if delta.basis == "published":
                first = max(first, repository)
            wanted = set(Period(first, yesterday).days())
            for product in (delta, snapshot):
                kept = everything[product][scope]
                assert wanted <= kept.keys()
                answers = answered(product, scope, first, max(*wanted, today()))
                assert {day: kept[day] for day in wanted} == {d: answers[d] for d in wanted}
                for day in kept.keys() - wanted:
                    assert kept[day] == answered(product, scope, day, day)[day], (product, day)
            assert (today() in everything[snapshot][scope]) == (today() in days)
    return everything


def test_random_histories_across_new_year(app):
    """Some weeks around New Year, then nothing for months, and a late event in each part."""
    start = date(today().year - 1, 12, 10)
    world = random_world(31, operations=40, communities=1, days=40, start=start)
    loader = Loader(world)
    for operations, events in split(world, 3):
        loader.operations(operations)
        index_events(events)
        run()
    settle()
    late = world.events[len(world.events) // 2]
    index_events([Event(**{**vars(late), "visitor": "late", "session": "late"})])
    written = run()["dense"]
    days = (today() - late.at.date()).days
    found = check()[USAGE_DELTA]
    assert days <= written <= len(found) * (days + 1)
    assert set(found) == {"C1", "global"}
    assert {date(today().year - 1, 12, 31), date(today().year, 1, 1)} <= found["global"].keys()


def moment(days: int) -> datetime:
    """Return noon some days ago."""
    day = today() - timedelta(days=days)
    return datetime(day.year, day.month, day.day, 12)


def view(days: int) -> Event:
    return Event(moment(days), "view", "r1", "P1", "v", "s", "ui_r1")


def start(days: int, *communities: str) -> World:
    """Put a record of some communities, viewed on its first day, into the repository."""
    world = World()
    publish(world, "r1", "P1", moment(days), make_facts(published="1850-01-01"), *communities)
    Loader(world).operations(world.operations)
    index_events([view(days)])
    return world


@pytest.mark.parametrize("active", [True, False])
def test_today_and_the_days_without_a_run(app, active: bool):
    start(40, "A1")
    index_events([view(0)] if active else [])
    settle()
    found = check()
    assert (today() in found[USAGE_SNAPSHOT]["A1"]) == active
    assert today() not in found[RECORD_SNAPSHOTS[0]]["A1"]
    for product in (USAGE_DELTA, USAGE_SNAPSHOT):
        days = {"range": {FIELDS[product.kind]: {"gte": str(today() - timedelta(days=5))}}}
        current_search_client.delete_by_query(
            index=product.target, body={"query": days}, params={"refresh": "true"}
        )
    written = run()["dense"]
    assert 2 * 2 * 5 <= written <= 2 * 2 * 6
    if not active:
        check()


def test_an_old_publication_does_not_make_documents_of_centuries(app):
    start(10, "A2")
    run()
    check()
    published = stored(RECORD_SNAPSHOTS[2])["A2"]
    assert date(1850, 1, 31) in published
    assert len(published) < 15


def test_a_change_of_policy_and_back(app):
    """What became outdated in between is found, and never read."""
    start(70, "A3")
    run()
    app.config["USAGE_STATS_SNAPSHOT_POLICY"] = "monthly"
    index_events([view(60)])
    assert "dense" not in run()
    day = today() - timedelta(days=40)
    totals = answered(USAGE_SNAPSHOT, "A3", day, day)[day]["totals"]["view"]
    assert totals["total_events"] == 2
    app.config["USAGE_STATS_SNAPSHOT_POLICY"] = "daily"
    run()
    assert stored(USAGE_SNAPSHOT)["A3"][day]["totals"]["view"]["total_events"] == 2
    check()


def test_a_record_that_leaves_after_the_policy_was_changed(app):
    """The reader never starts from a daily snapshot that nobody keeps up."""
    world = start(70, "A4")
    run()
    app.config["USAGE_STATS_SNAPSHOT_POLICY"] = "monthly"
    late = World(records={"r2": world.records["r1"]})
    publish(late, "r2", "P2", moment(66), make_facts(), "A4")
    Loader(late).operations(late.operations)
    run()
    for days in (65, 50, 36, 20, 1):
        day = today() - timedelta(days=days)
        found = answered(RECORD_SNAPSHOTS[0], "A4", day, day)[day]
        assert found["total_records"]["metadata_only"] == 2, day


def test_an_idle_run_asks_little(app):
    start(20, "A5")
    settle()
    assert bookmarks.read([daily_name(USAGE_SNAPSHOT)])
    with counted() as requests:
        aggregate()
    assert len(requests) <= 7, requests
