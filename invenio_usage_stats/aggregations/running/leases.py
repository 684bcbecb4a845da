# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Leases: who may run, told by the database; and the tokens that keep the dead from writing.

A lease is a row that its holder renews while it works. It is free as soon as it has expired,
so that a killed holder is in nobody's way. Who was only thought dead cannot do harm either:
the documents' versions are tokens, and those of its successor are greater.
"""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from invenio_db import db
from sqlalchemy.dialects.postgresql import insert

from ...errors import LeaseLostError
from ..models import TOKEN, RunLease

LEASES = RunLease.__table__
TTL = timedelta(seconds=90)
"""For how long a lease holds when its holder is silent."""
BEAT = timedelta(seconds=20)
"""How often a holder renews its lease; when the database does not answer, four times as often."""
POLL = 1
"""Seconds between two attempts to take a name."""

NOW = sa.func.timezone("utc", sa.func.clock_timestamp())


def next_token() -> int:
    """Return a token greater than all before, in one query.

    It is the sequence's next value, or the database's time in microseconds where that is more:
    so a database restored from a backup does not go on with tokens that documents have long had.
    """
    clock = sa.cast(sa.extract("epoch", sa.func.clock_timestamp()) * 1_000_000, sa.BigInteger)
    later = sa.func.greatest(TOKEN.next_value(), clock)
    name = sa.literal_column(f"'{TOKEN.name}'")
    with db.engine.begin() as connection:
        return connection.execute(sa.select(sa.func.setval(name, later))).scalar_one()


class Lease:
    """Be one holding of a name, renewed by a thread until it is released."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.token = 0
        self._engine = db.engine
        self._logger = current_app.logger
        self._released = threading.Event()
        self._deadline = 0.0

    def acquire(self) -> bool:
        """Take the name if it is free or its lease has expired; tell whether that worked."""
        self.token = next_token()
        values = {"token": self.token, "expires_at": NOW + TTL}
        values["holder"] = f"{socket.gethostname()}:{os.getpid()}"
        take = (
            insert(LEASES)
            .values(name=self.name, **values)
            .on_conflict_do_update(
                index_elements=["name"], set_=values, where=LEASES.c.expires_at < NOW
            )
        )
        if not self._execute(take):
            return False
        threading.Thread(target=self._keep, name=f"lease {self.name}", daemon=True).start()
        return True

    def check(self) -> None:
        """Raise ``LeaseLostError`` when the lease could not be renewed or has a new holder."""
        if time.monotonic() > self._deadline:
            raise LeaseLostError(f"The lease of {self.name!r} was lost; the next run goes on.")

    def release(self) -> None:
        """Give the name back; when the database is away, the lease expires by itself."""
        self._released.set()
        try:
            self._execute(sa.delete(LEASES).where(self._mine()))
        except sa.exc.SQLAlchemyError as error:
            self._logger.warning("The lease of %r will expire: %s", self.name, error)

    def _mine(self) -> sa.ColumnElement[bool]:
        """Return the condition that the row is this holding's."""
        return sa.and_(LEASES.c.name == self.name, LEASES.c.token == self.token)

    def _execute(self, statement: sa.Executable) -> bool:
        """Execute a statement in a connection of its own; tell whether the row was this lease's."""
        asked = time.monotonic()
        with self._engine.begin() as connection:
            mine = connection.execute(statement).rowcount == 1
        self._deadline = asked + TTL.total_seconds() if mine else 0.0
        return mine

    def _keep(self) -> None:
        """Renew the lease until it is released or has another holder."""
        renew = sa.update(LEASES).where(self._mine()).values(expires_at=NOW + TTL)
        pause = BEAT
        while not self._released.wait(pause.total_seconds()):
            try:
                if not self._execute(renew):
                    return
                pause = BEAT
            except sa.exc.SQLAlchemyError as error:
                self._logger.warning("The lease of %r was not renewed: %s", self.name, error)
                pause = BEAT / 4


def holders() -> list[dict[str, Any]]:
    """Return who holds what: name, holder, token, and until when."""
    query = sa.select(LEASES).where(LEASES.c.expires_at >= NOW).order_by(LEASES.c.name)
    with db.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


@contextmanager
def hold(name: str, patience: timedelta = timedelta(0)) -> Iterator[Lease | None]:
    """Hold a name; yield its lease, or none when somebody else holds it for longer than that."""
    lease = Lease(name)
    end = time.monotonic() + patience.total_seconds()
    while not lease.acquire():
        if time.monotonic() >= end:
            yield None
            return
        time.sleep(POLL)
    try:
        yield lease
    finally:
        lease.release()
