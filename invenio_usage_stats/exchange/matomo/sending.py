# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The queue of what is reported: sent to it, and confirmed by the broker, before it is answered."""

import msgspec
from flask import current_app
from invenio_queues.proxies import current_queues
from kombu import Connection, Producer
from kombu.pools import connections

from ...servers import SERVERS
from ..ear import JSON, Ear
from .hits import Message

NAME = "usage-stats-reported"
EAR = Ear(NAME)
ATTEMPTS = 2
"""How often is sent what the broker does not confirm: after its restart, connections are dead."""
PATIENCE = 10
"""Seconds to wait for the broker's confirmation."""
OPTIONS = {"confirm_publish": True, "max_retries": 0}
"""A broker that is away is told at once: trackers try again, and pages need their threads."""


def send(message: Message) -> None:
    """Send what was reported, and return when the broker has written it down.

    Raises an error of the broker's when it has not, and when there is no queue.
    """
    body = msgspec.json.encode(message)
    with connections[_connection()].acquire(block=True) as connection:
        for left in reversed(range(ATTEMPTS)):
            try:
                return _publish(connection, body)
            except SERVERS as error:
                # what was not confirmed might be confirmed later, in the place of what follows
                connection.collect()
                if not left:
                    raise
                current_app.logger.debug("Usage statistics: not confirmed: %s", error)


def _connection() -> Connection:
    """Return how the broker is reached; one that confirms everything."""
    known: Connection = current_queues.connection_pool().connection
    return known.clone(transport_options={**(known.transport_options or {}), **OPTIONS})


def _publish(connection: Connection, body: bytes) -> None:
    """Publish a message that must find its queue."""
    Producer(connection.default_channel, auto_declare=False).publish(
        body,
        routing_key=NAME,
        content_type=JSON,
        content_encoding="utf-8",
        mandatory=True,
        confirm_timeout=PATIENCE,
    )
