# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What the table of recovery in docs/operation.md promises, row by row."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from invenio_db import db
from invenio_search import current_search_client
from invenio_stats.proxies import current_stats

from invenio_usage_stats.aggregations.aggregators import EVENTS_AGGREGATION
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.indices import (
    EVENTS,
    PRODUCTS,
    RECORD_DELTAS,
    SHEETS,
    full_name,
    scroll,
)
from invenio_usage_stats.ledger.models import LedgerEntry, LedgerFacts, LedgerRecord
from invenio_usage_stats.ledger.reconcile import reconcile
from invenio_usage_stats.proxies import current_usage_stats

from ..aggregations.test_random_histories import everything
from ..oracle.world import World, make_facts, publish
from ..world import Loader
from .test_filling import LOCAL, forget
from .test_filling import everything as deltas

LEDGER = [model.__table__ for model in (LedgerEntry, LedgerFacts, LedgerRecord)]
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def stored(known, past) -> dict:
    """Return what is stored after a run; the ledger knows what earlier tests have published."""
    reconcile()
    aggregate()
    return everything()


def delete_indices(*names: str) -> None:
    """Delete indices, and let a worker begin that remembers nothing of them."""
    for name in names:
        current_search_client.indices.delete(index=f"{full_name(name)}*", ignore=[404])
    current_usage_stats.timelines.clear()


def delete_projection() -> None:
    """Do what ``invenio stats aggregations delete`` does."""
    aggregation = current_stats.aggregations[EVENTS_AGGREGATION]
    aggregation.cls(name=EVENTS_AGGREGATION, **aggregation.params).delete()


def projected() -> set[str]:
    """Return the ids of the projection's documents."""
    return {hit["_id"] for hit in scroll(full_name(EVENTS), {"match_all": {}})}


def succeed(run: Run, *arguments: str) -> str:
    """Run a command that must succeed, and return its output."""
    code, output = run(*arguments)
    assert code == 0, output
    return output


def test_our_indices_are_lost(run, stored):
    delete_indices("stats-community-")
    assert "index of ledger entries: created" in succeed(run, "setup")
    succeed(run, "backfill", *LOCAL)
    assert everything() == stored
    assert "Nothing is missing" in succeed(run, "backfill", *LOCAL)
    before = deltas()
    aggregate()
    assert deltas() == before


@pytest.mark.parametrize("product", RECORD_DELTAS, ids=lambda product: product.basis)
def test_one_index_of_records_is_lost(run, stored, product):
    delete_indices(product.alias)
    succeed(run, "setup")
    succeed(run, "backfill", *LOCAL)
    assert everything() == stored
    assert "Nothing is missing" in succeed(run, "backfill", *LOCAL)


def test_the_search_engine_is_lost_as_a_whole(run, stored):
    forget(",".join(product.target for product in (*PRODUCTS, SHEETS)))
    delete_indices("stats-community-")
    succeed(run, "setup")
    succeed(run, "backfill", *LOCAL)
    assert everything() == stored


def test_the_projection_is_lost(run, stored):
    ids, before = projected(), deltas()
    delete_projection()
    assert not projected()
    succeed(run, "aggregate")
    assert projected() == ids
    assert deltas() == before


def test_the_database_is_restored_from_a_backup(run, stored):
    ids, before = projected(), deltas()
    rows = {table: read(table) for table in LEDGER}
    world, day = World(), datetime.now(UTC).replace(tzinfo=None, microsecond=0) - timedelta(days=1)
    publish(world, "late", "P-late", day, make_facts(), "A")
    Loader(world).operations(world.operations)
    aggregate()
    assert deltas() != before
    restore(rows)
    delete_projection()
    succeed(run, "reconcile")
    succeed(run, "rebuild", "--since", f"{day.date()}", *LOCAL)
    assert projected() == ids
    assert deltas() == before


def read(table: sa.Table) -> list[dict]:
    """Return all rows of a table."""
    with db.engine.connect() as connection:
        return [dict(row) for row in connection.execute(sa.select(table)).mappings()]


def restore(rows: dict[sa.Table, list[dict]]) -> None:
    """Put back what tables held."""
    with db.engine.begin() as connection:
        for table in LEDGER:
            connection.execute(sa.delete(table))
        for table in reversed(LEDGER):
            connection.execute(sa.insert(table), rows[table])
