# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Generations: the counts of a month lie side by side, and a row says which one is shown."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from invenio_db import db
from invenio_search import current_search_client
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from ...indices import full_name
from ...ledger.models import utc_now
from .documents import MONTHS
from .months_models import CounterGeneration, CounterMonth

GENERATIONS, STATES = CounterGeneration.__table__, CounterMonth.__table__


OF_COUNT = ("list_version", "counted_at", "events", "replaced")


class Shown(NamedTuple):
    """Be the generation of a month that is shown."""

    month: str
    generation: int
    closed: bool
    list_version: str
    counted_at: datetime
    """Naive UTC."""
    events: int
    """How many raw events the month had when it was counted."""
    replaced: int | None
    """The generation in whose place a recount has put it."""


def shown() -> dict[str, Shown]:
    """Return what is shown of each month that was counted, the first one first."""
    query = sa.select(
        STATES.c.month,
        STATES.c.generation,
        STATES.c.closed_at.is_not(None),
        *(GENERATIONS.c[name] for name in OF_COUNT),
    ).select_from(STATES.join(GENERATIONS, _same(STATES, GENERATIONS)))
    with db.engine.connect() as connection:
        rows = connection.execute(query.order_by(STATES.c.month)).all()
    return {row.month: Shown(*row) for row in rows}


def begin(month: str, list_version: str) -> int:
    """Take the next generation of a month, of which nothing is written yet."""
    last = sa.select(sa.func.coalesce(sa.func.max(GENERATIONS.c.generation), 0))
    number = last.where(GENERATIONS.c.month == month).scalar_subquery() + 1
    values = {"month": month, "list_version": list_version, "events": 0}
    with db.engine.begin() as connection:
        made = sa.insert(GENERATIONS).values(generation=number, **values)
        return connection.execute(made.returning(GENERATIONS.c.generation)).scalar_one()


def show(
    month: str, generation: int, events: int, closes: bool, replaced: int | None = None
) -> None:
    """Show a generation whose documents are complete; all of it at once.

    ``events``: of how many raw events it tells;
    ``closes``: the month is closed from now on, unless it has long been;
    ``replaced``: the generation to which one can go back.
    """
    now = utc_now()
    state = insert(STATES).values(
        month=month, generation=generation, closed_at=now if closes else None
    )
    fresh = {
        "generation": generation,
        "closed_at": sa.func.coalesce(STATES.c.closed_at, state.excluded.closed_at),
    }
    with db.engine.begin() as connection:
        complete = sa.update(GENERATIONS).where(_is(GENERATIONS, month, generation))
        connection.execute(complete.values(events=events, counted_at=now, replaced=replaced))
        connection.execute(state.on_conflict_do_update(index_elements=["month"], set_=fresh))


def close(month: str) -> None:
    """Close a month as it is."""
    with db.engine.begin() as connection:
        row = sa.update(STATES).where(STATES.c.month == month)
        connection.execute(row.values(closed_at=utc_now()))


def go_back(month: str, generation: int) -> None:
    """Show an earlier generation again."""
    with db.engine.begin() as connection:
        row = sa.update(STATES).where(STATES.c.month == month)
        connection.execute(row.values(generation=generation))


def remove_before(month: str, generation: int) -> None:
    """Remove what is older than a generation, and neither shown nor can be gone back to.

    It is done when a month is counted again: whoever was reading when a generation was replaced
    has found all of it. What a dead run has left goes with it. Rows of later generations stay, so
    that their numbers are not given to others: what was thought dead may still write.
    """
    with db.engine.begin() as connection:
        kept = list(_kept(connection, month))
        outdated = GENERATIONS.c.generation < max(kept, default=0)
        connection.execute(
            sa.delete(GENERATIONS).where(
                GENERATIONS.c.month == month, GENERATIONS.c.generation.not_in(kept), outdated
            )
        )
    query = {
        "filter": [{"term": {"month": month}}, {"range": {"generation": {"lt": generation}}}],
        "must_not": [{"terms": {"generation": kept}}],
    }
    current_search_client.delete_by_query(
        index=full_name(MONTHS),
        body={"query": {"bool": query}},
        params={"conflicts": "proceed", "ignore_unavailable": "true", "refresh": "true"},
    )


def _kept(connection: Connection, month: str) -> Iterator[int]:
    """Yield the generation of a month that is shown, and those to which one can go back."""
    query = sa.select(STATES.c.generation).where(STATES.c.month == month)
    generation = connection.execute(query).scalar()
    while generation is not None:
        yield generation
        earlier = sa.select(GENERATIONS.c.replaced).where(_is(GENERATIONS, month, generation))
        generation = connection.execute(earlier).scalar()


def _is(table: sa.Table, month: str, generation: int) -> sa.ColumnElement[bool]:
    """Return the condition that a row is about one generation of a month."""
    return sa.and_(table.c.month == month, table.c.generation == generation)


def _same(first: sa.Table, second: sa.Table) -> sa.ColumnElement[bool]:
    """Return the condition that two rows are about the same generation of a month."""
    return sa.and_(first.c.month == second.c.month, first.c.generation == second.c.generation)
