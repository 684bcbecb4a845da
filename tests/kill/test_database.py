# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A database that restarts in the middle of runs: they end cleanly, and nothing is missed."""

import time
from collections.abc import Iterator
from random import Random

import pytest
from invenio_app.factory import create_app
from invenio_db import db

from invenio_usage_stats.aggregations.running.failures import failures
from invenio_usage_stats.operations.setup import setup

from ..conftest import settings
from ..properties.living import check_against_rebuild
from .servers import Database, can_run
from .test_workers import SECONDS, parts_of, world_of
from .worker import DONE
from .workers import Worker

pytestmark = pytest.mark.skipif(not can_run(), reason="the database runs in a container")


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Iterator[Database]:
    """Return a database of our own."""
    running = Database(tmp_path_factory.mktemp("database"))
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def elsewhere(app, database):
    """Return an application with the same search engine and the other database."""
    other = create_app(**settings() | {"SQLALCHEMY_DATABASE_URI": database.uri})
    with other.app_context():
        db.create_all()
        list(setup())
    return other


@pytest.fixture
def here(elsewhere) -> Iterator:
    """Push the context of the other application."""
    with elsewhere.app_context():
        yield elsewhere


@pytest.fixture(scope="module")
def worker(elsewhere, database, tmp_path_factory) -> Iterator[Worker]:
    """Return the worker, with the other database."""
    log = tmp_path_factory.mktemp("worker") / "log"
    running = Worker(log, SQLALCHEMY_DATABASE_URI=database.uri)
    yield running
    running.close()


LONG = [pytest.param(seed, marks=pytest.mark.long) for seed in range(41, 51)]


@pytest.mark.parametrize("seed", [40, *LONG])
def test_restarted_database(worker: Worker, database: Database, seed: int):
    rng, world = Random(seed), world_of(seed)
    for _ in parts_of(world, 2):
        run = worker.start()
        time.sleep(rng.uniform(0.05, SECONDS))
        database.restart()
        db.engine.dispose()
        assert worker.wait(run) in (DONE, "OperationalError", "LeaseLostError")
    worker.finish()
    assert not failures()
    check_against_rebuild(world)
