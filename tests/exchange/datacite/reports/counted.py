# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Counted months, written as counting writes them, and records that have DOIs."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from invenio_db import db
from invenio_rdm_records.proxies import current_rdm_records_service as records
from invenio_search import current_search_client

from invenio_usage_stats.exchange.counter.documents import (
    MONTHS,
    MonthUsage,
    document_id,
    index_of,
    source_of,
)
from invenio_usage_stats.exchange.counter.metrics import METRICS
from invenio_usage_stats.exchange.counter.months_models import CounterGeneration, CounterMonth
from invenio_usage_stats.exchange.datacite.hub.models import SentPart
from invenio_usage_stats.indices import full_name, refresh

from ....world import put

NOTHING = (0, 0, 0, 0)
LIST = "2026-01"
GENERATIONS, STATES = CounterGeneration.__table__, CounterMonth.__table__


def usage(
    month: str,
    recid: str,
    regular: Sequence[int] = NOTHING,
    machine: Sequence[int] = NOTHING,
    volume: tuple[int, int] = (0, 0),
    **countries: dict[str, int],
) -> MonthUsage:
    """Return the use of a dataset in a month: total and unique investigations and requests.

    ``countries``: by the ids of numbers, with underscores.
    """
    counts = {
        f"{metric.id}-{access}": count
        for access, row in (("regular", regular), ("machine", machine))
        for metric, count in zip(METRICS, row, strict=True)
    }
    volumes = dict(zip(("regular", "machine"), volume, strict=True))
    known = {id_.replace("_", "-"): found for id_, found in countries.items()}
    return MonthUsage(month, recid, f"{recid}-parent", counts, volumes, known)


def write_months(
    usages: Iterable[tuple[str, MonthUsage]],
    closed: Iterable[str] = (),
    generation: int = 1,
    empty: Iterable[str] = (),
) -> None:
    """Write the use of datasets on levels, and say that these months are counted so."""
    known = list(usages)
    put(
        {
            "_index": index_of(one.month),
            "_id": document_id(one, level, generation),
            "_source": source_of(one, level, generation, LIST),
        }
        for level, one in known
    )
    refresh(full_name(MONTHS))
    for month in sorted({one.month for _, one in known} | set(empty)):
        _say_counted(month, generation, month in set(closed))


def _say_counted(month: str, generation: int, closed: bool) -> None:
    at = datetime(2026, 11, 6, 3, 0)
    row = {"month": month, "generation": generation}
    with db.engine.begin() as connection:
        for table in (STATES, GENERATIONS):
            same = [table.c.month == month]
            if table is GENERATIONS:
                same.append(table.c.generation == generation)
            connection.execute(sa.delete(table).where(*same))
        count = {"list_version": LIST, "events": 1, "counted_at": at}
        connection.execute(sa.insert(GENERATIONS).values(**row, **count))
        connection.execute(sa.insert(STATES).values(**row, closed_at=at if closed else None))


def forget_months() -> None:
    """Delete all counted months, and what was sent of them."""
    index = full_name(f"{MONTHS}-*")
    refresh(index)
    current_search_client.delete_by_query(
        index=index,
        body={"query": {"match_all": {}}},
        params={"conflicts": "proceed", "refresh": "true", "ignore_unavailable": "true"},
    )
    with db.engine.begin() as connection:
        for table in (STATES, GENERATIONS, SentPart.__table__):
            connection.execute(sa.delete(table))


def give_doi(recid: str, doi: str, concept: str = "") -> str:
    """Give a record a DOI, and its versions together another one; return the parent's id."""
    record = records.record_cls.pid.resolve(recid)
    record.pids = {**record.pids, "doi": {"identifier": doi, "provider": "external"}}
    if concept:
        pid = {"doi": {"identifier": concept, "provider": "external"}}
        record.parent.pids = {**record.parent.pids, **pid}
        record.parent.commit()
    record.commit()
    db.session.commit()
    records.indexer.index(record)
    return record.parent.pid.pid_value
