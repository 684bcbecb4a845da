# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A search engine that ends in the middle of runs: they end cleanly, and nothing is missed."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random

import pytest
from invenio_search.engine import search
from invenio_search.utils import build_alias_name

from invenio_usage_stats.aggregations.running.failures import failures

from ..properties.living import check_against_rebuild
from .servers import Node, can_run
from .test_workers import SECONDS, parts_of, world_of
from .worker import DONE
from .workers import Worker

SERVER = Node
pytestmark = pytest.mark.skipif(not can_run(), reason="the search engine runs in a container")


LONG = [pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 21)]


@pytest.mark.parametrize("seed", [0, *LONG])
def test_killed_search_engine(worker: Worker, server: Node, seed: int):
    rng, world = Random(seed), world_of(seed)
    for _ in parts_of(world, 2):
        run = worker.start()
        time.sleep(rng.uniform(0.05, SECONDS))
        server.kill()
        assert worker.wait(run) in (DONE, "SearchEngineError")
        server.start()
    worker.finish()
    assert not failures()
    check_against_rebuild(world)


@contextmanager
def busy(server: Node) -> Iterator[None]:
    """Keep a search engine busy with documents and questions of others."""
    client = search.OpenSearch([{"host": "127.0.0.1", "port": server.port}], max_retries=0)
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


def test_restarted_search_engine_under_load(worker: Worker, server: Node):
    rng, world = Random(35), world_of(35)
    with busy(server):
        for _ in parts_of(world, 2):
            run = worker.start()
            time.sleep(rng.uniform(0.05, SECONDS))
            server.restart()
            assert worker.wait(run) in (DONE, "SearchEngineError")
    worker.finish()
    assert not failures()
    check_against_rebuild(world)
