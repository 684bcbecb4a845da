# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Checks of the ledger: against the repository's tables, and against its projection."""

from collections import defaultdict
from collections.abc import Iterator

import sqlalchemy as sa
from invenio_db import db

from ...indices import EVENTS, full_name, refresh, scroll
from ...ledger.models import LedgerEntry, LedgerRecord
from ...ledger.reconcile import reconcile
from ..projected import count_projected
from .base import Comparison, Note, Question

RECORDS, ENTRIES = LedgerRecord.__table__, LedgerEntry.__table__
BATCH = 500
"""Records compared at once."""
Ids = tuple[set[str], set[str]]
"""The ids of a record's entries: of those that were projected, and of those that wait."""


def ledger(question: Question) -> Iterator[Comparison]:
    """Compare the ledger with the repository's own tables, whatever the period and scope."""
    missing = reconcile(dry_run=True)
    yield Comparison("ledger: missing entries", "", None, 0, sum(missing.values()), _kinds(missing))


def _kinds(missing: dict[tuple[str, str], int]) -> str:
    """Return how many entries of which kind are missing."""
    return ", ".join(f"{count} {kind}" for (kind, _), count in sorted(missing.items()))


def projection(question: Question) -> Iterator[Comparison | Note]:
    """Compare the ledger with its projection: every id, and the number of documents.

    The site is in use meanwhile, so what is recorded from now on is left out on both sides.
    """
    waiting, last = 0, _last_entry()
    for records in _batches(last):
        waiting += sum(len(late) for _, late in records.values())
        refresh(full_name(EVENTS))
        stored = _stored(list(records), last)
        for recid, (ids, late) in records.items():
            yield _compared(recid, ids, stored[recid] - late)
    if waiting:
        yield Note(f"{waiting} ledger entries are left out: they wait for projection")
    found = count_projected()
    expected = max(found.fewest, min(found.stored, found.most))
    yield Comparison("projection: documents", "", None, found.stored, expected)


def _compared(recid: str, ids: set[str], stored: set[str]) -> Comparison:
    """Compare the documents of a record with its projected entries."""
    lost, strange = ids - stored, stored - ids
    remark = f"lost: {sorted(lost)[:3]}, strange: {sorted(strange)[:3]}" if lost | strange else ""
    ours = len(ids) - len(lost) if lost else len(stored)
    return Comparison("projection: entries", recid, None, ours, len(ids), remark)


def _last_entry() -> int:
    """Return the id of the last entry that there is."""
    with db.engine.connect() as connection:
        return connection.execute(sa.select(sa.func.max(ENTRIES.c.id))).scalar() or 0


def _batches(until: int) -> Iterator[dict[str, Ids]]:
    """Yield the ids of entries up to one, projected and waiting, for some records at a time."""
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
                .where(RECORDS.c.id.in_(wanted), ENTRIES.c.id <= until)
            ).all()
        last = wanted[-1]
        yield _by_record(rows)


def _by_record(rows: list[sa.Row]) -> dict[str, Ids]:
    """Return the ids of projected and of waiting entries by record."""
    found: defaultdict[str, Ids] = defaultdict(lambda: (set(), set()))
    for row in rows:
        projected, waiting = found[row.recid]
        ids = waiting if row.projected_at is None else projected
        ids.add(f"{row.recid}-{row.scope}-{row.transition}")
    return found


def _stored(recids: list[str], until: int) -> defaultdict[str, set[str]]:
    """Return the ids of the projected documents of records, of entries up to one."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    wanted = [{"terms": {"record_id": recids}}, {"range": {"sequence": {"lte": until}}}]
    query = {"bool": {"filter": wanted}}
    for hit in scroll(full_name(EVENTS), query, _source=["record_id"]):
        found[hit["_source"]["record_id"]].add(hit["_id"])
    return found
