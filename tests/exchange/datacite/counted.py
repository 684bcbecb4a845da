# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Counted months, written as counting writes them, and records with DOIs."""

from collections.abc import Iterable, Mapping
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
from invenio_usage_stats.exchange.counter.metrics import ACCESS_METHODS, IDS
from invenio_usage_stats.exchange.counter.months_models import CounterGeneration, CounterMonth
from invenio_usage_stats.indices import full_name, refresh

from ...content import refresh_all
from ...world import put

LIST = "tests-1"
AT = datetime(2026, 1, 2, 3, 4, 5, 678_000)
VIEWS, ALL_VIEWS = "unique-dataset-investigations-regular", "total-dataset-investigations-regular"
DOWNLOADS, ALL_DOWNLOADS = "unique-dataset-requests-regular", "total-dataset-requests-regular"


def use(month: str, recid: str, parent: str, volume: int = 0, **counts: int) -> MonthUsage:
    """Return the use of a dataset in a month; names of numbers are written with ``_``."""
    given = {name.replace("_", "-"): count for name, count in counts.items()}
    assert set(given) <= set(IDS)
    bytes_ = {**dict.fromkeys(ACCESS_METHODS, 0), "regular": volume}
    return MonthUsage(month, recid, parent, {**dict.fromkeys(IDS, 0), **given}, bytes_, {})


def seen(month: str, recid: str, parent: str, views: int, downloads: int = 0) -> MonthUsage:
    """Return the use of a dataset by people; each view was clicked twice, a minute apart."""
    numbers = {VIEWS: views, ALL_VIEWS: 2 * views, DOWNLOADS: downloads, ALL_DOWNLOADS: downloads}
    counts = {name.replace("-", "_"): number for name, number in numbers.items()}
    return use(month, recid, parent, volume=10 * downloads, **counts)


def write(usages: Mapping[str, Iterable[MonthUsage]], generation: int = 1) -> None:
    """Write documents, by level."""
    put(
        {
            "_index": index_of(usage.month),
            "_id": document_id(usage, level, generation),
            "_source": source_of(usage, level, generation, LIST),
        }
        for level, some in usages.items()
        for usage in some
    )
    refresh(full_name(f"{MONTHS}-*"))


def count(months: Mapping[str, datetime], generation: int = 1) -> None:
    """Let months be counted, and a generation of them be shown."""
    with db.engine.begin() as connection:
        for month, at in months.items():
            connection.execute(sa.delete(CounterMonth).where(CounterMonth.month == month))
            row = {"month": month, "generation": generation}
            connection.execute(
                sa.insert(CounterGeneration),
                {**row, "list_version": LIST, "events": 0, "counted_at": at},
            )
            connection.execute(sa.insert(CounterMonth), row)


def show(month: str, generation: int) -> None:
    """Show a generation of a month that has been counted."""
    with db.engine.begin() as connection:
        row = sa.update(CounterMonth).where(CounterMonth.month == month)
        connection.execute(row.values(generation=generation))


def forget() -> None:
    """Forget all counted months."""
    with db.engine.begin() as connection:
        for model in (CounterMonth, CounterGeneration):
            connection.execute(sa.delete(model))
    current_search_client.indices.delete(
        index=full_name(f"{MONTHS}-*"), params={"ignore_unavailable": "true"}
    )


def give_doi(recid: str, doi: str, concept: str = "") -> str:
    """Give a published record a DOI, and its versions a common one; return the parent's id."""
    record = records.record_cls.pid.resolve(recid)
    record.pids = {**record.pids, "doi": {"identifier": doi, "provider": "external"}}
    if concept:
        record.parent.pids = {"doi": {"identifier": concept, "provider": "external"}}
        record.parent.commit()
    record.commit()
    db.session.commit()
    for version in records.record_cls.get_records_by_parent(record.parent):
        records.indexer.index(version)
    parent = record.parent.pid.pid_value
    db.session.commit()  # reading for the index may have written
    refresh_all()
    return parent
