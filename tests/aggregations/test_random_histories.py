# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Random histories: what became known piece by piece equals the oracle, and a rebuild."""

import time
from datetime import date, timedelta

import pytest

from invenio_usage_stats.aggregations.running import bookmarks
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.indices import (
    PRODUCTS,
    RECORD_DELTAS,
    RECORD_SNAPSHOTS,
    USAGE_DELTA,
    USAGE_SNAPSHOT,
    refresh,
    scroll,
)

from ..oracle.random_history import random_world, split
from ..oracle.records import is_zero, record_deltas, record_snapshot
from ..oracle.usage import usage_deltas, usage_snapshot
from ..world import Loader, answer, bare, forget_world, index_events, load, stored_deltas, wipe


def live_through(world, parts: int) -> None:
    """Let a world happen in parts, with a run after each."""
    loader = Loader(world)
    for operations, events in split(world, parts):
        loader.operations(operations)
        index_events(events)
        aggregate()
        time.sleep(1.1)


def everything() -> dict:
    """Return all stored documents that say anything, times aside."""
    found = {}
    for product in PRODUCTS:
        refresh(product.target)
        for hit in scroll(product.target, {"match_all": {}}):
            document = {k: v for k, v in hit["_source"].items() if k != "state"}
            if not is_zero(bare(document)):
                found[product.alias, hit["_id"]] = bare(document)
    return found


def check_against_oracle(world) -> None:
    """Compare every stored delta, and snapshots on the days around changes."""
    for delta, snapshot in zip(RECORD_DELTAS, RECORD_SNAPSHOTS, strict=True):
        expected = record_deltas(world, delta.basis)
        assert stored_deltas(delta) == expected
        for scope in world.scopes():
            days = sorted(day for s, day in expected if s == scope)
            for day in days[:: max(1, len(days) // 3)]:
                found = answer(snapshot, scope, day, day)[day]
                assert found == record_snapshot(world, delta.basis, scope, day), (scope, day)
    expected = usage_deltas(world)
    assert stored_deltas(USAGE_DELTA) == expected
    for scope in world.scopes():
        days = sorted(day for s, day in expected if s == scope)
        for day in days[:: max(1, len(days) // 3)]:
            next_day = day + timedelta(days=1)
            assert answer(USAGE_SNAPSHOT, scope, day, next_day) == {
                d: usage_snapshot(world, scope, d) for d in (day, next_day)
            }


LONG = [pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 60)]


@pytest.mark.parametrize("seed", [*range(2), *LONG])
def test_piece_by_piece_equals_oracle_and_rebuild(app, seed: int, monkeypatch):
    monkeypatch.setattr(bookmarks, "OVERLAP", timedelta(seconds=1))
    forget_world()
    world = random_world(seed, operations=70, days=75)
    wipe()
    live_through(world, parts=3)
    check_against_oracle(world)
    grown = everything()
    load(world)
    rebuilt = everything()
    assert {key: grown.get(key) for key in rebuilt} == rebuilt
    for alias, id_ in grown.keys() - rebuilt.keys():
        check_is_folded(alias, id_, grown[alias, id_])


def check_is_folded(alias: str, id_: str, document: dict) -> None:
    """Compare a month's end that only piecemeal runs wrote with what a rebuild folds."""
    product = next(product for product in PRODUCTS if product.alias == alias)
    assert product.kind == "snapshot"
    scope, day = id_.rsplit("-", 3)[0], date.fromisoformat(id_[-10:])
    assert answer(product, scope, day, day)[day] == document
