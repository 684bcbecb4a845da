# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Consumers: the programs that report, and those among them that the repository has registered."""

import re
import secrets
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from hmac import compare_digest
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import current_app
from invenio_db import db
from sqlalchemy.dialects.postgresql import insert

from ...errors import ConsumerError
from ...ledger.models import utc_now
from .models import RegisteredConsumer

ROWS = RegisteredConsumer.__table__
LONGEST = ROWS.c.id.type.length
SETTING = "USAGE_STATS_MATOMO_CONSUMERS"
TOKEN_BYTES = 32


class Consumer(NamedTuple):
    """Be a program that is registered."""

    id: str
    title: str
    homepage: str = ""
    user_agents: tuple[str, ...] = ()
    """Expressions for the user agents by which it is known."""
    token_hash: str = ""
    configured: bool = False
    """Whether it is in the configuration, where pages and commands cannot change it."""

    def is_agent(self, agent: str) -> bool:
        """Tell whether a user agent is that of this program."""
        return any(_expression(one).search(agent) for one in self.user_agents)


@lru_cache(1_000)
def _expression(text: str) -> re.Pattern[str]:
    """Return an expression for user agents, which are compared without regard to case."""
    return re.compile(text, re.IGNORECASE)


def consumer_id(name: str) -> str:
    """Return a name as that of a consumer: in lower case, and not too long."""
    return " ".join(name.lower().split())[:LONGEST]


def checked(id_: str, title: str, homepage: str, user_agents: Iterable[str]) -> Consumer:
    """Return a consumer as it is registered; raise ``ConsumerError`` when it cannot be."""
    known, patterns = consumer_id(id_), tuple(one.strip() for one in user_agents if one.strip())
    if not known:
        raise ConsumerError("id", "A consumer needs an id.")
    if homepage and not homepage.startswith(("http://", "https://")):
        raise ConsumerError("homepage", "A homepage begins with http:// or https://.")
    for one in patterns:
        try:
            matches_all = _expression(one).search("")
        except re.error as error:
            raise ConsumerError("user_agents", f"{one}: {error}") from error
        if matches_all:
            raise ConsumerError("user_agents", f"{one}: this matches every program.")
    return Consumer(known, (title.strip() or id_.strip())[:255], homepage, patterns)


def registered() -> dict[str, Consumer]:
    """Return all registered consumers by their ids; those of the configuration win."""
    with db.engine.connect() as connection:
        rows = connection.execute(sa.select(ROWS).order_by(ROWS.c.id)).all()
    found = {
        row.id: Consumer(row.id, row.title, row.homepage, tuple(row.user_agents), row.token_hash)
        for row in rows
    }
    return found | {one.id: one for one in map(_configured, current_app.config[SETTING])}


def titles(ids: Iterable[str]) -> dict[str, str]:
    """Return what those of some programs are called that are registered."""
    known = registered()
    return {id_: known[id_].title for id_ in ids if id_ in known}


def _configured(entry: dict[str, Any]) -> Consumer:
    """Return a consumer of the configuration."""
    names = ("title", "homepage", "user_agents")
    told = {"title": "", "homepage": "", "user_agents": ()} | {
        name: entry[name] for name in names if name in entry
    }
    token = entry.get("token", "")
    found = checked(entry.get("id", ""), **told)
    return found._replace(token_hash=hashed(token) if token else "", configured=True)


def consumer_of(token: str) -> Consumer | None:
    """Return the consumer whose token this is."""
    wanted = hashed(token)
    for one in registered().values():
        if one.token_hash and compare_digest(one.token_hash, wanted):
            return one
    return None


def hashed(token: str) -> str:
    """Return what is stored of a token: it has so much chance in it that no salt is needed."""
    return sha256(token.encode()).hexdigest()


def register(consumer: Consumer) -> None:
    """Register a consumer, or change one; its token stays."""
    row = consumer._asdict()
    del row["configured"], row["token_hash"]
    row["user_agents"] = list(consumer.user_agents)
    statement = insert(ROWS).values(**row, token_hash="", since=utc_now())
    changed = {name: row[name] for name in ("title", "homepage", "user_agents")}
    with db.engine.begin() as connection:
        connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed))


def new_token(id_: str) -> str:
    """Give a consumer a new token, and return it; it cannot be shown again."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    changed = sa.update(ROWS).where(ROWS.c.id == id_).values(token_hash=hashed(token))
    with db.engine.begin() as connection:
        if not connection.execute(changed).rowcount:
            raise ConsumerError("id", f"There is no consumer {id_!r} that can be changed here.")
    return token


def remove(id_: str) -> bool:
    """Forget a consumer, and return whether it was known; what it reported stays."""
    with db.engine.begin() as connection:
        return bool(connection.execute(sa.delete(ROWS).where(ROWS.c.id == id_)).rowcount)
