# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Ears: queues of our own that get a copy of every raw event.

They are bound to the exchange of invenio-stats with the same routing keys, so the broker copies
each event before the repository drops robots. The repository's queues are not touched.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from amqp.exceptions import NotFound
from invenio_queues.proxies import current_queues
from invenio_stats.proxies import current_stats
from kombu import Connection, Consumer, Queue, binding
from kombu.transport.virtual import Channel, Message

from ..errors import SetupError, UnreadableEventError
from ..indices import ALL_EVENTS, EVENT_PREFIX

PREFIX = "stats-"
KINDS = {PREFIX + alias.removeprefix(EVENT_PREFIX): kind for kind, alias in ALL_EVENTS.items()}
"""The kinds of events by the routing keys under which invenio-stats publishes them."""
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
JSON = "application/json"
QUIET = 0.5
"""Seconds without an event after which a run takes a queue for empty."""


class Returnable(Message):
    """Be a message that goes back to one queue alone when it is not acknowledged.

    Brokers without exchanges of their own (Redis, memory) would publish it anew, so that the
    repository's queue got it twice.
    """

    home = ""
    """The queue."""

    def __init__(self, payload: dict[str, Any], **others: Any) -> None:
        super().__init__(payload, **others)
        self.key = self.delivery_info["routing_key"]
        self.delivery_info = {**self.delivery_info, "exchange": "", "routing_key": self.home}


def key_of(message: Any) -> str:
    """Return the routing key under which an event was published."""
    return message.key if isinstance(message, Returnable) else message.delivery_info["routing_key"]


def body_of(message: Any) -> bytes | str:
    """Return the JSON of a message; raise ``UnreadableEventError`` when it is none."""
    if message.content_type != JSON:
        raise UnreadableEventError(f"It is no JSON, but {message.content_type}.")
    return message.body


class State(NamedTuple):
    """Say how a queue is: with which keys it is bound, as far as the broker tells."""

    exists: bool
    waiting: int = 0
    unbound: frozenset[str] = frozenset()
    keeps: bool = True
    """Whether what waits outlives a restart of the broker."""


@dataclass(frozen=True)
class Ear:
    """Be a queue by its name, and by the keys of what it hears; none for what is sent to it."""

    name: str
    keys: frozenset[str] = frozenset()

    @contextmanager
    def connected(self) -> Iterator[Any]:
        """Give a channel of a connection of its own, whose unacknowledged events return at its end.

        A connection of a pool remembers bindings that others may have removed since.
        """
        connection: Connection = current_queues.connection_pool().connection.clone()
        with connection, connection.channel() as channel:
            if isinstance(channel, Channel):
                channel.Message = type("Returnable", (Returnable,), {"home": self.name})
            yield channel

    def queue(self) -> Queue:
        """Return the queue, not bound to a channel."""
        exchange = current_stats.exchange
        bindings = [binding(exchange, routing_key=key) for key in sorted(self.keys)]
        return Queue(self.name, bindings=bindings, durable=True, queue_arguments=ARGUMENTS)

    def declare(self) -> None:
        """Create the queue, and bind it; repeatable."""
        with self.connected() as channel:
            self.queue()(channel).declare()

    def remove(self) -> None:
        """Unbind the queue and delete it, with all that waits in it.

        RabbitMQ forgets the bindings of a queue with the queue. Redis forgets those alone that this
        connection knows of, so they are made again before; a broker in memory keeps them.
        """
        with self.connected() as channel:
            ours = self.queue()(channel)
            if not isinstance(channel, Channel):
                ours.delete()
                return
            ours.declare()
            ours.delete()
            for one in ours.bindings:
                one.unbind(ours)

    def look(self) -> State:
        """Return how the queue is."""
        with self.connected() as channel:
            if isinstance(channel, Channel):
                return self._look_virtual(channel)
            try:
                found = self.queue()(channel).queue_declare(passive=True)
            except NotFound:
                return State(exists=False)
            return State(exists=True, waiting=found.message_count)

    def _look_virtual(self, channel: Channel) -> State:
        """Return how the queue is on a broker that has lists for queues."""
        if not self.keys:
            # it is sent to by its name, and there whenever anything waits
            return State(True, channel._size(self.name), keeps=_keeps(channel))
        exchange = current_stats.exchange(channel)
        exchange.declare()
        bound = {key for key, _, name in channel.get_table(exchange.name) if name == self.name}
        waiting = channel._size(self.name)
        return State(bool(bound), waiting, self.keys - bound, _keeps(channel))

    def listen(self, channel: Any, box: list[Any], most: int) -> None:
        """Have messages put into a box; raise ``SetupError`` when the queue is missing."""
        options = {"auto_declare": False, "on_message": box.append, "prefetch_count": most}
        try:
            Consumer(channel, [self.queue()], **options).consume()
        except NotFound as error:
            raise SetupError("The queue is missing: run 'invenio usage-stats setup'.") from error

    def batches(self, patience: timedelta | None, most: int) -> Iterator[list[Any]]:
        """Yield lots of messages until none is left, or the time is over."""
        end = time.monotonic() + (patience.total_seconds() if patience else math.inf)
        box: list[Any] = []
        with self.connected() as channel:
            self.listen(channel, box, most)
            _fill(channel.connection.client, box, most)
            while box:
                yield box.copy()
                box.clear()
                if time.monotonic() < end:
                    _fill(channel.connection.client, box, most)


def _keeps(channel: Channel) -> bool:
    """Tell whether a broker writes down at once what it takes; Redis does with an AOF alone."""
    if channel.connection.driver_type != REDIS:
        return False
    return bool(channel.client.info("persistence").get("aof_enabled"))


def _fill(connection: Any, box: list[Any], most: int) -> None:
    """Wait for messages until the box is full, or none comes."""
    while len(box) < most:
        try:
            connection.drain_events(timeout=QUIET)
        except TimeoutError:
            return
