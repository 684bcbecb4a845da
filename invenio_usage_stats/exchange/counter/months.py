# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reading counted months: of each month the one generation that counts."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from invenio_db import db

from ...indices import full_name, scroll, terms_batches
from .documents import MONTHS, RECORD, MonthUsage, usage_of_source
from .months_models import CounterGeneration, CounterMonth

GENERATIONS, STATES = CounterGeneration.__table__, CounterMonth.__table__
NOTHING: dict[str, Any] = {"match_none": {}}


class MonthState(NamedTuple):
    """Say how a month was counted, and whether it is closed; the time is naive UTC."""

    month: str
    generation: int
    closed: bool
    list_version: str
    counted_at: datetime


def states() -> list[MonthState]:
    """Return all months that are counted, the first one first."""
    same = sa.and_(
        GENERATIONS.c.month == STATES.c.month, GENERATIONS.c.generation == STATES.c.generation
    )
    query = sa.select(
        STATES.c.month,
        STATES.c.generation,
        STATES.c.closed_at.is_not(None),
        GENERATIONS.c.list_version,
        GENERATIONS.c.counted_at,
    ).select_from(STATES.join(GENERATIONS, same))
    with db.engine.connect() as connection:
        return [MonthState(*row) for row in connection.execute(query.order_by(STATES.c.month))]


def usage_of(level: str, recids: Collection[str]) -> dict[str, list[MonthUsage]]:
    """Return the use of some datasets, month by month; a list for each, empty without use."""
    found: dict[str, list[MonthUsage]] = {recid: [] for recid in recids}
    counting = _counting(states())
    for wanted in terms_batches("recid", found):
        for usage in _read(level, wanted, counting):
            found[usage.recid].append(usage)
    return {recid: sorted(usages) for recid, usages in found.items()}


def usage_in(month: str, level: str = RECORD) -> Iterator[MonthUsage]:
    """Yield the use of all datasets in a month, in the order of their ids."""
    counting = _counting(state for state in states() if state.month == month)
    return _read(level, counting, sort=["recid"])


def usage_by_generation(month: str, generation: int, level: str = RECORD) -> Iterator[MonthUsage]:
    """Yield what one count of a month has found, whether or not it counts."""
    return _read(level, _generation(month, generation), sort=["recid"])


def _read(level: str, *conditions: dict[str, Any], **body: Any) -> Iterator[MonthUsage]:
    """Yield what documents say that meet all conditions."""
    query = {"bool": {"filter": [{"term": {"level": level}}, *conditions]}}
    hits = scroll(full_name(MONTHS), query, **body)
    return (usage_of_source(hit["_source"]) for hit in hits)


def _counting(known: Iterator[MonthState] | list[MonthState]) -> dict[str, Any]:
    """Return a query for the generations that count."""
    each = [_generation(state.month, state.generation) for state in known]
    return {"bool": {"should": each, "minimum_should_match": 1}} if each else NOTHING


def _generation(month: str, generation: int) -> dict[str, Any]:
    """Return a query for one generation."""
    conditions = [{"term": {"month": month}}, {"term": {"generation": generation}}]
    return {"bool": {"filter": conditions}}
