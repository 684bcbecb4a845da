# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The queue on each kind of broker: every event comes twice, once for each listener."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from invenio_stats.proxies import current_stats
from kombu import Connection, Producer, Queue
from kombu.transport import virtual

from invenio_usage_stats.exchange import ear
from invenio_usage_stats.exchange.counter import consumer, stream
from invenio_usage_stats.exchange.counter.consumer import process
from invenio_usage_stats.exchange.ear import State

from .hearing import documents, publish, raw, repository_has, wait_until_waiting

KEY = "stats-record-view"


@pytest.fixture
def redis_url(app) -> str:
    """Return the address of an empty Redis."""
    url = app.config["CACHE_REDIS_URL"].rpartition("/")[0] + "/14"
    redis.from_url(url).flushdb()
    return url


@pytest.fixture
def broker(request, app, monkeypatch) -> str:
    """Use another broker for queues, and return its address."""
    url = request.getfixturevalue("redis_url") if request.param == "redis" else request.param
    monkeypatch.setitem(app.config, "QUEUES_BROKER_URL", url)
    return url


def theirs() -> Queue:
    """Return the queue of the repository."""
    return Queue(KEY, current_stats.exchange, KEY)


def send(url: str, count: int) -> None:
    """Publish events as the repository does."""
    with Connection(url) as connection:
        producer = Producer(connection, current_stats.exchange, KEY, auto_declare=True)
        for _ in range(count):
            producer.publish(raw())


def taken_by_the_repository(url: str) -> int:
    """Take what waits in the repository's queue without acknowledgement, and count it."""
    with Connection(url) as connection, connection.channel() as channel:
        queue = theirs()(channel)
        return sum(1 for _ in iter(lambda: queue.get(no_ack=True), None))


OTHERS = pytest.mark.parametrize("broker", ["redis", "memory://ear"], indirect=True)


@OTHERS
@pytest.mark.usefixtures("listening")
class TestOtherBrokers:
    @pytest.fixture(autouse=True)
    def declared(self, broker, listening) -> Iterator[None]:
        with Connection(broker) as connection:
            theirs()(connection).declare()
        stream.EAR.declare()
        yield
        stream.EAR.remove()

    def test_both_hear_everything(self, broker):
        send(broker, 5)
        wait_until_waiting(5)
        assert process().stored == 5
        assert taken_by_the_repository(broker) == 5
        wait_until_waiting(0)

    def test_what_is_not_acknowledged_returns_to_us_alone(self, broker, monkeypatch):
        send(broker, 3)
        with pytest.raises(ZeroDivisionError), stream.EAR.connected() as channel:
            take(channel, 3)
            wait_until_waiting(0)
            raise ZeroDivisionError
        assert taken_by_the_repository(broker) == 3
        if broker.startswith("redis"):
            wait_until_waiting(3)
            assert process().stored == 3

    def test_nothing_is_left_when_it_is_removed(self, broker):
        send(broker, 2)
        stream.EAR.remove()
        assert not stream.EAR.look().exists
        send(broker, 2)
        wait_until_waiting(0)
        assert taken_by_the_repository(broker) == 4
        stream.EAR.declare()
        send(broker, 1)
        wait_until_waiting(1)

    def test_a_missing_binding_is_seen(self, broker):
        with stream.EAR.connected() as channel:
            exchange = current_stats.exchange(channel)
            exchange.declare()
            if broker.startswith("redis"):
                member = channel.sep.join([KEY, "", stream.NAME])
                channel.client.srem(channel.keyprefix_queue % exchange.name, member)
            else:
                stream.EAR.queue()(channel).unbind_from(exchange, KEY)
        assert stream.EAR.look().unbound == {KEY}
        stream.EAR.declare()
        assert not stream.EAR.look().unbound


def take(channel: Any, count: int) -> list:
    """Take events without acknowledging them."""
    box: list = []
    stream.EAR.listen(channel, box, consumer.BATCH)
    while len(box) < count:
        channel.connection.client.drain_events(timeout=5)
    return box


@pytest.mark.parametrize("broker", ["redis"], indirect=True)
def test_events_of_a_killed_worker_return_to_us_alone(broker, listening, redis_url):
    """Redis gives back after a time what nobody has acknowledged; here it does so at once."""
    with Connection(broker) as connection:
        theirs()(connection).declare()
    stream.EAR.declare()
    send(broker, 3)
    lost = stream.EAR.connected()
    channel = lost.__enter__()
    take(channel, 3)
    channel.do_restore = False
    assert taken_by_the_repository(broker) == 3
    with stream.EAR.connected() as other:
        other.visibility_timeout = 0
        other.qos.restore_visible(num=10, interval=1)
    wait_until_waiting(3)
    assert taken_by_the_repository(broker) == 0
    assert process().stored == 3
    lost.__exit__(None, None, None)
    stream.EAR.remove()


@pytest.mark.parametrize("setting", ["yes", "no"])
@pytest.mark.parametrize("broker", ["redis"], indirect=True)
def test_redis_keeps_events_with_an_append_only_file(broker, listening, redis_url, setting):
    client = redis.from_url(redis_url)
    before = client.config_get("appendonly")["appendonly"]
    stream.EAR.declare()
    try:
        client.config_set("appendonly", setting)
        assert stream.EAR.look().keeps is (setting == "yes")
    finally:
        client.config_set("appendonly", before)
        stream.EAR.remove()


class TestRabbitMQ:
    def test_it_is_a_quorum_queue_with_a_time_limit(self, listening):
        with stream.EAR.connected() as channel:
            assert not isinstance(channel, virtual.Channel)
            queue = stream.EAR.queue()(channel)
            assert queue.queue_arguments["x-queue-type"] == "quorum"
            assert queue.queue_arguments["x-message-ttl"] == 24 * 3600 * 1000
            queue.declare()
        with (
            pytest.raises(Exception, match="PRECONDITION_FAILED"),
            stream.EAR.connected() as channel,
        ):
            Queue(stream.NAME, durable=True)(channel).declare()

    def test_an_event_is_not_lost_however_often_it_returns(self, listening):
        publish([raw()])
        for _ in range(30):
            with stream.EAR.connected() as channel:
                take(channel, 1)
        assert process().stored == 1

    def test_removed(self, listening):
        publish([raw()])
        stream.EAR.remove()
        assert not stream.EAR.look().exists
        publish([raw()])
        stream.EAR.remove()
        stream.EAR.declare()
        assert stream.EAR.look() == State(exists=True)
        assert repository_has() == 2

    def test_an_event_expires(self, listening, monkeypatch):
        stream.EAR.remove()
        monkeypatch.setitem(ear.ARGUMENTS, "x-message-ttl", 200)
        stream.EAR.declare()
        publish([raw()])
        # RabbitMQ counts a little late, so that nothing waiting may mean nothing counted yet
        time.sleep(1)
        wait_until_waiting(0)
        assert process().received == 0
        assert not documents()
