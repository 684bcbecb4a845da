# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The second ear: a queue of our own that gets a copy of every raw event.

It is bound to the exchange of invenio-stats with the same routing keys, so the broker copies each
event before the repository drops robots. The repository's queues are not touched.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple

from amqp.exceptions import NotFound
from invenio_queues.proxies import current_queues
from invenio_stats.proxies import current_stats
from kombu import Connection, Queue, binding
from kombu.transport.virtual import Channel, Message

from .events import KEYS

NAME = "usage-stats-counter"
TTL = timedelta(hours=24)
"""How long an event may wait: raw addresses lie in it."""
DELIVERIES = 1_000_000
"""How often RabbitMQ delivers an event before it throws it away: from 4.0 on by default only 20
times, so that a search engine that is away for two hours would cost events."""
ARGUMENTS: dict[str, Any] = {
    # The repository publishes transient messages, which a durable classic queue loses in a restart.
    "x-queue-type": "quorum",
    "x-message-ttl": int(TTL.total_seconds() * 1000),
    "x-delivery-limit": DELIVERIES,
}
REDIS = "redis"


class Returnable(Message):
    """Be a message that goes back to our queue alone when it is not acknowledged.

    Brokers without exchanges of their own (Redis, memory) would publish it anew, so that the
    repository's queue got it twice.
    """

    def __init__(self, payload: dict[str, Any], **others: Any) -> None:
        super().__init__(payload, **others)
        self.key = self.delivery_info["routing_key"]
        self.delivery_info = {**self.delivery_info, "exchange": "", "routing_key": NAME}


def key_of(message: Any) -> str:
    """Return the routing key under which an event was published."""
    return message.key if isinstance(message, Returnable) else message.delivery_info["routing_key"]


@contextmanager
def connected() -> Iterator[Any]:
    """Give a channel of a connection of its own, whose unacknowledged events return at its end.

    A connection of a pool remembers bindings that others may have removed since.
    """
    connection: Connection = current_queues.connection_pool().connection.clone()
    with connection, connection.channel() as channel:
        if isinstance(channel, Channel):
            channel.Message = Returnable
        yield channel


def queue() -> Queue:
    """Return our queue, not bound to a channel."""
    exchange = current_stats.exchange
    bindings = [binding(exchange, routing_key=key) for key in KEYS]
    return Queue(NAME, bindings=bindings, durable=True, queue_arguments=ARGUMENTS)


def declare() -> None:
    """Create our queue, and bind it; repeatable."""
    with connected() as channel:
        queue()(channel).declare()


def remove() -> None:
    """Unbind our queue and delete it, with all that waits in it.

    RabbitMQ forgets the bindings of a queue with the queue. Redis forgets those alone that this
    connection knows of, so they are made again before; a broker in memory keeps them.
    """
    with connected() as channel:
        ours = queue()(channel)
        if not isinstance(channel, Channel):
            ours.delete()
            return
        ours.declare()
        ours.delete()
        for one in ours.bindings:
            one.unbind(ours)


class Ear(NamedTuple):
    """Say how our queue is: with which keys it is bound, as far as the broker tells."""

    exists: bool
    waiting: int = 0
    unbound: frozenset[str] = frozenset()
    keeps: bool = True
    """Whether what waits outlives a restart of the broker."""


def look() -> Ear:
    """Return how our queue is."""
    with connected() as channel:
        if isinstance(channel, Channel):
            return _look_virtual(channel)
        try:
            found = queue()(channel).queue_declare(passive=True)
        except NotFound:
            return Ear(exists=False)
        return Ear(exists=True, waiting=found.message_count)


def _look_virtual(channel: Channel) -> Ear:
    """Return how our queue is on a broker that has lists for queues."""
    exchange = current_stats.exchange(channel)
    exchange.declare()
    bound = {key for key, _, name in channel.get_table(exchange.name) if name == NAME}
    return Ear(bool(bound), channel._size(NAME), frozenset(KEYS) - bound, _keeps(channel))


def _keeps(channel: Channel) -> bool:
    """Tell whether a broker writes down at once what it takes; Redis does with an AOF alone."""
    if channel.connection.driver_type != REDIS:
        return False
    return bool(channel.client.info("persistence").get("aof_enabled"))
