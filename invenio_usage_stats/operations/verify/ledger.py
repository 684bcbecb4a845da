# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Checks of the ledger: against the repository's tables, and against its projection."""

from collections import defaultdict
from collections.abc import Iterator

import sqlalchemy as sa
from invenio_db import db
from invenio_search import current_search_client

from ...indices import EVENTS, full_name, scroll
from ...ledger.models import LedgerEntry, LedgerRecord
from ...ledger.reconcile import reconcile
from .base import Comparison, Note, Question

RECORDS, ENTRIES = LedgerRecord.__table__, LedgerEntry.__table__
BATCH = 500
"""Records compared at once."""


def ledger(question: Question) -> Iterator[Comparison]:
    """Compare the ledger with the repository's own tables, whatever the period and scope."""
    missing = reconcile(dry_run=True)
    yield Comparison("ledger: missing entries", "", None, 0, sum(missing.values()), _kinds(missing))


def _kinds(missing: dict[tuple[str, str], int]) -> str:
    """Return how many entries of which kind are missing."""
    return ", ".join(f"{count} {kind}" for (kind, _), count in sorted(missing.items()))


def projection(question: Question) -> Iterator[Comparison | Note]:
    """Compare the ledger with its projection: the number of documents, and every id."""
    waiting = total = 0
    for records in _batches():
        waiting += sum(count for _, count in records.values())
        total += sum(len(ids) for ids, _ in records.values())
        stored = _stored(list(records))
        for recid, (ids, _) in records.items():
            lost, strange = ids - stored[recid], stored[recid] - ids
            remark = f"lost: {sorted(lost)[:3]}, strange: {sorted(strange)[:3]}"
            same = not lost and not strange
            found = len(ids) if same else len(ids) - len(lost)
            yield Comparison(
                "projection: entries", recid, None, found, len(ids), "" if same else remark
            )
    if waiting:
        yield Note(f"{waiting} ledger entries are left out: they wait for projection")
    else:
        count = current_search_client.count(index=full_name(EVENTS))["count"]
        yield Comparison("projection: documents", "", None, count, total)


def _batches() -> Iterator[dict[str, tuple[set[str], int]]]:
    """Yield for some records the ids of their projected entries, and how many wait."""
    last = 0
    while True:
        with db.engine.connect() as connection:
            ids = sa.select(RECORDS.c.id).where(RECORDS.c.id > last).order_by(RECORDS.c.id)
            wanted = list(connection.execute(ids.limit(BATCH)).scalars())
            if not wanted:
                return
            rows = connection.execute(
                sa.select(
                    RECORDS.c.recid, ENTRIES.c.scope, ENTRIES.c.transition, ENTRIES.c.projected_at
                )
                .join(ENTRIES, ENTRIES.c.record_id == RECORDS.c.id)
                .where(RECORDS.c.id.in_(wanted))
            ).all()
        last = wanted[-1]
        yield _by_record(rows)


def _by_record(rows: list[sa.Row]) -> dict[str, tuple[set[str], int]]:
    """Return entries' ids and the number of waiting ones by record."""
    ids: defaultdict[str, set[str]] = defaultdict(set)
    waiting: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        if row.projected_at is None:
            waiting[row.recid] += 1
        else:
            ids[row.recid].add(f"{row.recid}-{row.scope}-{row.transition}")
    return {recid: (ids[recid], waiting[recid]) for recid in ids.keys() | waiting.keys()}


def _stored(recids: list[str]) -> defaultdict[str, set[str]]:
    """Return the ids of the projected documents of records."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    query = {"terms": {"record_id": recids}}
    for hit in scroll(full_name(EVENTS), query, _source=["record_id"]):
        found[hit["_source"]["record_id"]].add(hit["_id"])
    return found
