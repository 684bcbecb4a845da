# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The store of use by user: counted in one transaction, kept for a time, erased on request."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import current_app
from invenio_accounts.models import User
from invenio_db import db
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from ....ledger.history import GLOBAL
from ....ledger.store import histories_of
from ....reader.periods import Period, today
from ...ear import TTL
from .events import Heard, Use, uses_of
from .models import UserHeard, UserRefused, UserUse

USES, REFUSED, HEARD = (m.__table__ for m in (UserUse, UserRefused, UserHeard))
TABLES = (USES, REFUSED, HEARD)
USERS = User.__table__
KEYS = tuple(USES.primary_key.columns)
NUMBERS = ("views", "downloads", "volume")
STORED = ("type", "item", "day", *NUMBERS)
"""The columns of what is stored of somebody."""
ROWS = 1_000
"""How many rows are written at once."""


class OfUser(NamedTuple):
    """Be what a user used of one thing in a period."""

    use: Use
    last_viewed: date | None
    last_downloaded: date | None


def add(events: Iterable[Heard]) -> int:
    """Count events, each once however often it comes, and return how many rows they touched."""
    with db.engine.begin() as connection:
        new = _new(connection, {one.id: one for one in events})
        users = _counted(connection, {one.user_id for one in new})
        wanted = [one for one in new if one.user_id in users]
        rows = _rows(wanted, histories_of(connection, {one.told.recid for one in wanted}))
        for some in _parts(rows, ROWS):
            _write(connection, some)
    return len(rows)


def _new(connection: Connection, events: dict[str, Heard]) -> list[Heard]:
    """Return the events that were not counted before, and keep in mind that they are."""
    rows = [{"id": one.id, "day": one.day} for one in events.values()]
    if not rows:
        return []
    statement = insert(HEARD).values(rows).on_conflict_do_nothing().returning(HEARD.c.id)
    return [events[id_] for id_ in connection.execute(statement).scalars()]


def _counted(connection: Connection, users: set[int]) -> set[int]:
    """Return which users there are, and want to be counted; they stay until the end.

    Who refuses meanwhile waits for the end (see ``_decided``). So it is asked for when it is sure
    that nobody has begun to.
    """
    query = sa.select(USERS.c.id).where(USERS.c.id.in_(users))
    known = set(connection.execute(query.with_for_update(read=True, key_share=True)).scalars())
    refused = sa.select(REFUSED.c.user_id).where(REFUSED.c.user_id.in_(known))
    return known - set(connection.execute(refused).scalars())


def _rows(events: Iterable[Heard], histories: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows that events add to, each once."""
    found: defaultdict[tuple, Use] = defaultdict(Use)
    for one in events:
        for thing, use in uses_of(one, histories):
            key = (one.day, one.user_id, *thing)
            found[key] = found[key].plus(use)
    names = [column.name for column in KEYS]
    return [{**dict(zip(names, key, strict=True)), **found[key]._asdict()} for key in sorted(found)]


def _write(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Add rows to those that are there."""
    statement = insert(USES).values(rows)
    sums = {name: USES.c[name] + statement.excluded[name] for name in NUMBERS}
    connection.execute(statement.on_conflict_do_update(index_elements=KEYS, set_=sums))


def _parts(rows: list[Any], size: int) -> Iterator[list[Any]]:
    """Yield rows in parts."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def used_by(
    scope: str, type_: str, items: Iterable[str], period: Period
) -> dict[str, dict[int, OfUser]]:
    """Return by item what each user used of it in a period, where that counts in a scope."""
    found: defaultdict[str, dict[int, OfUser]] = defaultdict(dict)
    wanted = (USES.c.scope == scope, USES.c.type == type_, USES.c.item.in_(list(items)))
    with db.engine.connect() as connection:
        query = _summed(period).where(*wanted)
        for row in connection.execute(query):
            use = Use(row.views, row.downloads, row.volume)
            found[row.item][row.user_id] = OfUser(use, row.last_viewed, row.last_downloaded)
    return found


def _summed(period: Period) -> sa.Select:
    """Return a query for the sums of each item and user in a period, of days that are kept."""
    # the database adds whole numbers up to one of another type
    added = ((name, sa.func.sum(USES.c[name])) for name in NUMBERS)
    sums = [sa.cast(value, sa.BigInteger).label(name) for name, value in added]
    lasts = [
        sa.func.max(USES.c.day).filter(USES.c[name] > 0).label(f"last_{verb}")
        for name, verb in (("views", "viewed"), ("downloads", "downloaded"))
    ]
    since = max(period.since, first_kept_day() or period.since)
    return (
        sa.select(USES.c.item, USES.c.user_id, *sums, *lasts)
        .where(USES.c.day.between(since, period.until))
        .group_by(USES.c.item, USES.c.user_id)
    )


def first_kept_day() -> date | None:
    """Return the first day that is kept; none when all are."""
    kept: timedelta | None = current_app.config["USAGE_STATS_PER_USER_RETENTION"]
    return None if kept is None else today() - kept


def remove_outdated() -> int:
    """Delete the days that need not be kept, and what no event can be taken for any more."""
    first = first_kept_day()
    with db.engine.begin() as connection:
        connection.execute(sa.delete(HEARD).where(HEARD.c.day < today() - 2 * TTL))
        if first is None:
            return 0
        return connection.execute(sa.delete(USES).where(USES.c.day < first)).rowcount


def erase(user_id: int) -> int:
    """Delete everything that is stored of a user, and return how many rows it was."""
    with _decided(user_id) as connection:
        return _erase(connection, user_id)


def refuse(user_id: int) -> int:
    """Count a user no more, and erase what is stored of them; return how many rows it was."""
    with _decided(user_id) as connection:
        values = insert(REFUSED).values(user_id=user_id)
        connection.execute(values.on_conflict_do_nothing())
        return _erase(connection, user_id)


@contextmanager
def _decided(user_id: int) -> Iterator[Connection]:
    """Give a transaction while which nothing is counted of a user, nor is being counted."""
    with db.engine.begin() as connection:
        connection.execute(sa.select(USERS.c.id).where(USERS.c.id == user_id).with_for_update())
        yield connection


def _erase(connection: Connection, user_id: int) -> int:
    """Delete the rows of a user."""
    return connection.execute(sa.delete(USES).where(USES.c.user_id == user_id)).rowcount


def agree(user_id: int) -> None:
    """Count a user from now on."""
    with db.engine.begin() as connection:
        connection.execute(sa.delete(REFUSED).where(REFUSED.c.user_id == user_id))


def has_refused(user_id: int) -> bool:
    """Tell whether a user does not want to be counted."""
    query = sa.select(REFUSED.c.user_id).where(REFUSED.c.user_id == user_id)
    with db.engine.connect() as connection:
        return connection.execute(query).first() is not None


def stored_of(user_id: int, most: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield what is stored of a user, type by type, the last day first.

    ``most``: so many rows of the last days, whatever their type.
    """
    order = (USES.c.type, USES.c.day.desc(), USES.c.item)
    if most:
        order = (USES.c.day.desc(), USES.c.type, USES.c.item)
    whole = sa.select(USES).where(USES.c.user_id == user_id, USES.c.scope == GLOBAL)
    query = whole.order_by(*order).limit(most)
    with db.engine.connect() as connection:
        for row in connection.execution_options(yield_per=ROWS).execute(query).mappings():
            yield {name: row[name] for name in ("day", "type", "item", *NUMBERS)}


def forget_all() -> int:
    """Delete what is stored of everybody, but not who refused; return how many rows it was."""
    with db.engine.begin() as connection:
        connection.execute(sa.delete(HEARD))
        return connection.execute(sa.delete(USES)).rowcount
