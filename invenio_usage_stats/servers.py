# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""How the servers that everything needs say that they do not answer."""

from amqp.exceptions import AMQPError
from invenio_search.engine import search
from kombu.exceptions import KombuError
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

SERVERS = (
    search.OpenSearchException,
    SQLAlchemyError,
    AMQPError,
    KombuError,
    RedisError,
    OSError,
)
