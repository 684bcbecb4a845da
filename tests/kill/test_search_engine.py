# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A search engine that ends in the middle of runs: they end cleanly, and nothing is missed."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random

import pytest
from invenio_app.factory import create_app
from invenio_search import current_search
from invenio_search.engine import search
from invenio_search.utils import build_alias_name

from invenio_usage_stats.aggregations.running.failures import failures
from invenio_usage_stats.operations.setup import setup

from ..conftest import settings
from ..properties.living import check_against_rebuild
from .servers import Node, can_run
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


@contextmanager
def busy(node: Node) -> Iterator[None]:
    """Keep a search engine busy with documents and questions of others."""
    client = search.OpenSearch([{"host": "127.0.0.1", "port": node.port}], max_retries=0)
    index = build_alias_name("others")
    lot = [{"index": {}}, {"text": "x" * 1_000}] * 100
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.02):
            with suppress(search.OpenSearchException):
                client.bulk(body=lot, index=index)
                client.search(index=index, body={"query": {"match": {"text": "y"}}})

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_restarted_search_engine_under_load(worker: Worker, node: Node):
    rng, world = Random(35), world_of(35)
    with busy(node):
        for _ in parts_of(world, 2):
            run = worker.start()
            time.sleep(rng.uniform(0.05, SECONDS))
            node.restart()
            assert worker.wait(run) in (DONE, "SearchEngineError")
    worker.finish()
    assert not failures()
    check_against_rebuild(world)
