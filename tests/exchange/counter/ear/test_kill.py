# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Workers that are killed while they store events, and a killed broker: each event counts once."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from amqp.exceptions import InternalError
from flask import current_app
from invenio_search import current_search_client
from invenio_stats.proxies import current_stats
from kombu import Connection, Producer

from invenio_usage_stats.exchange.counter import consumer, stream
from invenio_usage_stats.exchange.counter.consumer import process
from invenio_usage_stats.indices import full_name

from ....kill.servers import Broker, can_run_broker
from ....kill.worker import DONE
from ....kill.workers import Worker, kill
from .hearing import (
    CURL,
    FIREFOX,
    GOOGLEBOT,
    documents,
    held,
    publish,
    raw,
    verdicts,
    wait_until_waiting,
)

EVENTS = 300
MOMENTS = 900
"""About as many moments has a run over so many events."""
SECONDS = 1.5
"""About as many seconds takes a run."""
CLOSED = "stats-counter-events-2025-11"
AGENTS = {"regular": FIREFOX, "machine": CURL, "robot": GOOGLEBOT}


@pytest.fixture(scope="module")
def worker(app, tmp_path_factory) -> Iterator[Worker]:
    """Return a worker with the same servers."""
    running = Worker(tmp_path_factory.mktemp("worker") / "log", f"{__package__}.worker")
    yield running
    running.close()


@contextmanager
def closed_index() -> Iterator[None]:
    """Have a month that takes no events."""
    current_search_client.indices.create(index=full_name(CLOSED))
    current_search_client.indices.close(index=full_name(CLOSED))
    yield
    current_search_client.indices.open(index=full_name(CLOSED))


def some_event(rng: Random) -> tuple[str, dict[str, Any]]:
    """Return an event, and what must become of it."""
    fate = rng.choices([*AGENTS, "unreadable", "refused"], [50, 20, 20, 5, 5])[0]
    if fate == "unreadable":
        return fate, raw(size=-1)
    if fate == "refused":
        return fate, raw(timestamp=f"2025-11-03T04:05:06.{rng.randrange(10**6):06}")
    return fate, raw(rng.choice(["investigation", "request"]), user_agent=AGENTS[fate])


def happen(rng: Random, count: int) -> Counter[str]:
    """Publish events, and return how many of each fate."""
    found = [some_event(rng) for _ in range(count)]
    for kind in ("investigation", "request"):
        chosen = [e for _, e in found if ("file_key" in e) is (kind == "request")]
        if chosen:
            publish(chosen, kind)
    return Counter(fate for fate, _ in found)


def check(expected: Counter[str]) -> None:
    """Check that received = counted + filtered by reason + quarantined."""
    wait_until_waiting(0)
    aside = Counter("refused" if row["index"] else "unreadable" for row in held())
    assert verdicts() + aside == expected


LONG = [pytest.param(seed, marks=pytest.mark.long) for seed in range(4, 24)]


@pytest.mark.parametrize("seed", [*range(4), *LONG])
def test_killed_workers(listening, worker: Worker, seed: int):
    """Some are killed at a request, a commit or an acknowledgement, some after a time."""
    rng, expected = Random(seed), Counter[str]()
    with closed_index():
        for _ in range(3):
            expected += happen(rng, EVENTS)
            if rng.random() < 0.7:
                assert worker.run(rng.randrange(1, MOMENTS)) in (DONE, "killed")
            else:
                run = worker.start()
                time.sleep(rng.uniform(0.05, SECONDS))
                kill(run)
                assert worker.wait(run) in (DONE, "killed")
        assert worker.run() == DONE
        check(expected)


def test_two_workers_at_once(listening, worker: Worker):
    expected = Counter[str]()
    with closed_index():
        for seed in range(2):
            expected += happen(Random(seed), EVENTS)
            runs = [worker.start() for _ in range(2)]
            assert {worker.wait(run) for run in runs} == {DONE}
        check(expected)


@contextmanager
def using(broker: Broker) -> Iterator[str]:
    """Use a RabbitMQ for events, and give its address."""
    url = broker.settings["QUEUES_BROKER_URL"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(current_app.config, "QUEUES_BROKER_URL", url)
        yield url


@pytest.fixture(scope="module")
def broker(app, tmp_path_factory) -> Iterator[Broker]:
    """Return a RabbitMQ that may be killed, with our queue.

    RabbitMQ does not survive a crash in the second in which a quorum queue was made.
    """
    running = Broker(tmp_path_factory.mktemp("rabbitmq"))
    try:
        running.start()
        with using(running):
            stream.EAR.declare()
        time.sleep(3)
        yield running
    finally:
        running.stop()


@pytest.fixture
def elsewhere(broker, listening) -> Iterator[str]:
    """Use that RabbitMQ for events, and return its address."""
    with using(broker) as url:
        yield url


NEEDS_BROKER = pytest.mark.skipif(not can_run_broker(), reason="the broker runs in a container")


def send(url: str, count: int) -> None:
    """Publish events as the repository does: transient ones."""
    with Connection(url) as connection:
        producer = Producer(connection, current_stats.exchange, "stats-record-view")
        for _ in range(count):
            producer.publish(raw())


def wait_for_leader() -> None:
    """Wait until our queue can be read again: after a crash it elects a leader first."""
    end = time.monotonic() + 30
    while True:
        try:
            with stream.EAR.connected() as channel:
                stream.EAR.listen(channel, [], consumer.BATCH)
            return
        except InternalError:
            assert time.monotonic() < end
            time.sleep(0.2)


@NEEDS_BROKER
@pytest.mark.parametrize("how", ["restart", "kill"])
def test_events_outlive_the_broker(elsewhere, broker: Broker, how: str):
    send(elsewhere, 20)
    wait_until_waiting(20)
    if how == "kill":
        broker.kill()
        broker.stop()
        broker.start()
    else:
        broker.restart()
    wait_for_leader()
    wait_until_waiting(20)
    assert process().stored == 20
    assert len(documents()) == 20


@NEEDS_BROKER
def test_a_broker_that_is_killed_while_events_are_stored(elsewhere, broker: Broker, tmp_path):
    own = Worker(tmp_path / "log", f"{__package__}.worker", BROKER_URL=elsewhere)
    try:
        send(elsewhere, EVENTS)
        wait_until_waiting(EVENTS)
        run = own.start()
        time.sleep(0.3)
        broker.kill()
        assert own.wait(run) != "killed"
        broker.stop()
        broker.start()
        wait_for_leader()
        end = time.monotonic() + 60
        while len(documents()) < EVENTS:
            assert time.monotonic() < end
            assert own.run() == DONE
    finally:
        own.close()
    assert len(documents()) == EVENTS
