# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What the tests of commands share: running one, and a repository with a past."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from invenio_db import db
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.models import RunFailure, RunStep
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.indices import USAGE_EVENTS, full_name
from invenio_usage_stats.ledger.models import LedgerEntry, utc_now
from invenio_usage_stats.operations.models import BackfillMonth, CountGap

from ..oracle.random_history import random_world
from ..oracle.world import World
from ..world import Loader, count_in_the_repository, forget_world, index_events, wipe

SEED = 101


@pytest.fixture(autouse=True)
def known(app) -> None:
    """Start with a repository whose records the ledger does not know yet."""
    wipe()
    forget_world()
    with db.engine.begin() as connection:
        for model in (BackfillMonth, CountGap, RunFailure):
            connection.execute(sa.delete(model.__table__))


@pytest.fixture
def past(app) -> World:
    """Return a world whose ledger and events are there, and of which nothing is aggregated."""
    world = random_world(SEED, operations=60, days=70)
    Loader(world).operations(sorted(world.operations, key=lambda o: o.at))
    index_events(world.events)
    return world


@pytest.fixture
def healthy(run, past) -> None:
    """Return after a run, when all is well."""
    run("setup")
    with db.engine.begin() as connection:
        connection.execute(sa.delete(RunStep))
        connection.execute(
            sa.text(
                'UPDATE usage_stats_facts SET facts = facts || \'{"published": "2020-06-01"}\' '
                "WHERE coalesce(facts->>'published', '') = ''"
            )
        )
    aggregate()


def grow_old() -> None:
    """Let what the ledger and the events know have been there for a day.

    Runs look back a quarter of an hour.
    """
    with db.engine.begin() as connection:
        old = utc_now() - timedelta(days=1)
        connection.execute(sa.update(LedgerEntry.__table__).values(projected_at=old))
    script = {
        "source": "if (ctx._source.updated_timestamp != null) {"
        "ctx._source.updated_timestamp = params.old}",
        "params": {"old": old.isoformat()},
    }
    for alias in USAGE_EVENTS.values():
        current_search_client.update_by_query(
            index=full_name(alias), body={"script": script}, params={"refresh": "true"}
        )


@pytest.fixture
def counted(past) -> World:
    """Return the world after the repository has counted its events, too."""
    count_in_the_repository()
    return past
