# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A database that restarts in the middle of runs: they end cleanly, and nothing is missed."""

import time
from random import Random

import pytest
from invenio_db import db

from invenio_usage_stats.aggregations.running.failures import failures

from ..properties.living import check_against_rebuild
from .servers import Database, can_run
from .test_workers import SECONDS, parts_of, world_of
from .worker import DONE
from .workers import Worker

SERVER = Database
pytestmark = pytest.mark.skipif(not can_run(), reason="the database runs in a container")


LONG = [pytest.param(seed, marks=pytest.mark.long) for seed in range(41, 51)]


@pytest.mark.parametrize("seed", [40, *LONG])
def test_restarted_database(worker: Worker, server: Database, seed: int):
    rng, world = Random(seed), world_of(seed)
    for _ in parts_of(world, 2):
        run = worker.start()
        time.sleep(rng.uniform(0.05, SECONDS))
        server.restart()
        db.engine.dispose()
        assert worker.wait(run) in (DONE, "OperationalError", "LeaseLostError")
    worker.finish()
    assert not failures()
    check_against_rebuild(world)
