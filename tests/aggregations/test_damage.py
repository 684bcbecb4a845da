# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Damaged states and sheets of one scope: the snapshots of all others are written."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from invenio_db import db
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.base import new_work
from invenio_usage_stats.aggregations.running.failures import FAILURES, Boundary, failures
from invenio_usage_stats.aggregations.running.leases import hold
from invenio_usage_stats.aggregations.snapshots.dense import DensePass
from invenio_usage_stats.aggregations.snapshots.monthly import SnapshotsPass
from invenio_usage_stats.indices import (
    RECORD_DELTAS,
    RECORD_SNAPSHOTS,
    SHEETS,
    USAGE_SNAPSHOT,
    Product,
    refresh,
    scroll,
)
from invenio_usage_stats.ledger.history import day_number
from invenio_usage_stats.ledger.models import utc_now

from ..oracle.world import Event, World, make_facts, publish
from ..world import forget_failures, forget_world, load

MOMENT = datetime(2024, 1, 10, 9)
DAY = MOMENT.date()
TODAY = date(2024, 2, 3)
SCOPES = {"A", "B", "global"}
DELTA, SNAPSHOT = RECORD_DELTAS[0], RECORD_SNAPSHOTS[0]


@pytest.fixture(autouse=True)
def counted(clean) -> Iterator[None]:
    """Start with a viewed record in each of two communities, and without failures."""
    world = World()
    for record, scope in (("r1", "A"), ("r2", "B")):
        publish(world, record, f"P-{record}", MOMENT, make_facts(), scope)
        world.events.append(Event(MOMENT, "view", record, f"P-{record}", "v", record, "ui"))
    load(world)
    for product in (SNAPSHOT, USAGE_SNAPSHOT):
        _delete(product)
    yield
    forget_failures()
    forget_world()


def _delete(product: Product) -> None:
    """Delete the documents of a product."""
    current_search_client.delete_by_query(
        index=product.target,
        body={"query": {"match_all": {}}},
        params={"refresh": "true", "conflicts": "proceed"},
    )


def damage(product: Product, script: str) -> None:
    """Change the documents of a community."""
    current_search_client.update_by_query(
        index=product.target,
        body={"script": {"source": script}, "query": {"term": {"community_id": "A"}}},
        params={"refresh": "true"},
    )


def fold(kind: type[SnapshotsPass] | type[DensePass], product: Product) -> set[str]:
    """Write snapshots; return the scopes that have some."""
    with hold("tests") as lease:
        kind(new_work(lease), (product,)).run(None, TODAY)
    refresh(product.target)
    return {hit["_source"]["community_id"] for hit in scroll(product.target, {"match_all": {}})}


def test_nothing_is_damaged():
    assert fold(SnapshotsPass, SNAPSHOT) == SCOPES
    assert fold(SnapshotsPass, USAGE_SNAPSHOT) == SCOPES
    assert not failures()


@pytest.mark.parametrize("kind", [SnapshotsPass, DensePass])
@pytest.mark.parametrize(
    "script",
    [
        "ctx._source.state = ctx._source.state.substring(0, 8)",
        "ctx._source.state = 'AAAA'",
        "ctx._source.remove('state')",
    ],
)
def test_a_damaged_state(kind, script):
    damage(DELTA, script)
    assert fold(kind, SNAPSHOT) == SCOPES - {"A"}
    assert {row["scope"] for row in failures()} == {"A"}
    assert "error" in failures()[0]["reason"]


@pytest.mark.parametrize("kind", [SnapshotsPass, DensePass])
@pytest.mark.parametrize("length", [8, 40])
def test_a_damaged_sheet(kind, length):
    damage(SHEETS, f"ctx._source.data = ctx._source.data.substring(0, {length})")
    assert fold(kind, USAGE_SNAPSHOT) == SCOPES - {"A"}
    assert {row["scope"] for row in failures()} == {"A"}


def test_a_damaged_snapshot_to_go_on_from():
    world = World()
    for record, scope in (("r1", "A"), ("r2", "B")):
        for month in (1, 2):
            known = f"{record}-{month}"
            publish(world, known, f"P-{known}", datetime(2024, month, 10), make_facts(), scope)
    load(world)
    damage(SNAPSHOT, "ctx._source.state = 'AAAA'")
    places = {(scope, day_number(date(2024, 2, 1))): "slow" for scope in ("A", "B")}
    Boundary().report_all(SNAPSHOT.name, places)
    with db.engine.begin() as connection:
        connection.execute(sa.update(FAILURES).values(retry_at=utc_now()))
    with hold("tests") as lease:
        work = new_work(lease)
        later = utc_now() + timedelta(minutes=1)
        assert SnapshotsPass(work, (SNAPSHOT,)).run(later, date(2024, 3, 1)) == 1
    assert {scope for scope, _ in work.boundary.failed[SNAPSHOT.name]} == {"A"}
