# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Workers that are killed, or lose what they work with, leave nothing that the next run misses."""

import time
from collections.abc import Callable, Iterator
from random import Random

import pytest
import redis
import sqlalchemy as sa
from flask import current_app
from invenio_db import db

from invenio_usage_stats.aggregations.running.failures import failures
from invenio_usage_stats.indices import RECORD_DELTAS, USAGE_DELTA

from ..conftest import settings
from ..oracle.random_history import random_world, split
from ..oracle.world import World
from ..properties.living import check_against_rebuild
from ..trouble import block
from ..world import Loader, index_events
from .worker import DONE, NAME
from .workers import Worker, kill

pytestmark = pytest.mark.usefixtures("lost_connections")
MOMENTS = 600
"""About as many moments has a run."""
SECONDS = 2
"""About as many seconds takes a run."""


def parts_of(world: World, parts: int) -> Iterator[int]:
    """Yield after each part of a world that has become known."""
    loader = Loader(world)
    for number, (operations, events) in enumerate(split(world, parts)):
        loader.operations(operations)
        index_events(events)
        yield number


def world_of(seed: int) -> World:
    return random_world(seed, operations=40, days=45)


LONG = [pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 23)]


@pytest.mark.parametrize("seed", [*range(3), *LONG])
def test_killed_runs(worker: Worker, seed: int):
    """Some are killed at a request or a commit, some after a time."""
    rng, world = Random(seed), world_of(seed)
    for _ in parts_of(world, 2):
        for _ in range(2):
            if rng.random() < 0.7:
                assert worker.run(rng.randrange(1, MOMENTS)) in (DONE, "killed", "LeaseLostError")
            else:
                run = worker.start()
                time.sleep(rng.uniform(0.05, SECONDS))
                kill(run)
                assert worker.wait(run) in (DONE, "killed", "LeaseLostError")
    worker.finish()
    assert not failures()
    check_against_rebuild(world)


def disturbed(worker: Worker, seed: int, disturb: Callable[[], None], endings: set[str]) -> None:
    """Let a world happen while something disturbs each first run of a part, and compare."""
    rng, world = Random(seed), world_of(seed)
    for _ in parts_of(world, 2):
        run = worker.start()
        time.sleep(rng.uniform(0.05, SECONDS / 2))
        disturb()
        assert worker.wait(run) in {DONE, *endings}
    worker.finish()
    assert not failures()
    check_against_rebuild(world)


def test_lost_connections_to_the_database(worker: Worker):
    theirs = sa.text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        f"WHERE datname = current_database() AND application_name = '{NAME}'"
    )

    def disturb() -> None:
        for _ in range(5):
            with db.engine.connect() as connection:
                connection.execute(theirs)
            time.sleep(0.05)

    disturbed(worker, 31, disturb, {"OperationalError", "LeaseLostError"})


def test_flushed_redis(worker: Worker):
    names = [name for name in settings() if name.endswith(("REDIS_URL", "STORAGE_URI"))]

    def disturb() -> None:
        for name in names:
            redis.from_url(current_app.config[name]).flushdb()

    disturbed(worker, 32, disturb, set())


def test_two_workers_at_once(worker: Worker):
    world = world_of(33)
    for _ in parts_of(world, 2):
        runs = [worker.start() for _ in range(2)]
        assert {worker.wait(run) for run in runs} <= {DONE, "LeaseLostError"}
    worker.finish()
    check_against_rebuild(world)


@pytest.mark.parametrize(
    "product", [RECORD_DELTAS[0], pytest.param(USAGE_DELTA, marks=pytest.mark.long)]
)
def test_a_read_only_index(worker: Worker, product):
    world = world_of(34)
    for part in parts_of(world, 3):
        if part == 1:
            block(product.target, "write")
            assert worker.run() == "SearchEngineError"
        elif part == 2:
            run = worker.start()
            block(product.target, "write")
            assert worker.wait(run) in (DONE, "SearchEngineError")
        block(product.target, "write", None)
        worker.finish()
    assert not failures()
    check_against_rebuild(world)
