# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A search engine that is killed in the middle of runs: they end cleanly, and nothing is missed."""

import time
from collections.abc import Iterator
from random import Random

import pytest
from invenio_app.factory import create_app
from invenio_search import current_search

from invenio_usage_stats.aggregations.failures import failures
from invenio_usage_stats.operations.setup import setup

from ..conftest import settings
from ..properties.living import check_against_rebuild
from .node import Node, can_run
from .test_workers import SECONDS, parts_of, world_of
from .worker import DONE
from .workers import Worker

VOCABULARIES = ["vocabularies", "affiliations", "funders", "awards", "names", "subjects"]

pytestmark = pytest.mark.skipif(not can_run(), reason="the search engine runs in a container")


@pytest.fixture(scope="module")
def node(tmp_path_factory) -> Iterator[Node]:
    """Return a search engine of our own."""
    running = Node(tmp_path_factory.mktemp("node"))
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def elsewhere(app, node):
    """Return an application with the same database and the other search engine."""
    hosts = [{"host": "127.0.0.1", "port": node.port}]
    other = create_app(**settings() | {"SEARCH_HOSTS": hosts, "SEARCH_MAPPINGS": VOCABULARIES})
    with other.app_context():
        list(current_search.put_templates())
        list(current_search.create(ignore_existing=True))
        list(setup())
    return other


@pytest.fixture
def here(elsewhere) -> Iterator:
    """Push the context of the other application."""
    with elsewhere.app_context():
        yield elsewhere


@pytest.fixture(scope="module")
def worker(elsewhere, tmp_path_factory) -> Iterator[Worker]:
    """Return the worker, with the other search engine."""
    running = Worker(
        tmp_path_factory.mktemp("worker") / "log",
        SEARCH_HOSTS=str(elsewhere.config["SEARCH_HOSTS"]),
    )
    yield running
    running.close()


LONG = [pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 21)]


@pytest.mark.parametrize("seed", [0, *LONG])
def test_killed_search_engine(worker: Worker, node: Node, seed: int):
    rng, world = Random(seed), world_of(seed)
    for _ in parts_of(world, 2):
        run = worker.start()
        time.sleep(rng.uniform(0.05, SECONDS))
        node.kill()
        assert worker.wait(run) in (DONE, "SearchEngineError")
        node.start()
    worker.finish()
    assert not failures()
    check_against_rebuild(world)
