# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reading and appending the ledger's rows, set by set, on one connection."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from .changes import Change, Known
from .history import GLOBAL, History, history_of, second_of
from .models import LedgerEntry, LedgerFacts, LedgerRecord, utc_now
from .source import RECORDS as PUBLISHED
from .source import ObservedRecord

RECORDS = LedgerRecord.__table__
FACTS = LedgerFacts.__table__
ENTRIES = LedgerEntry.__table__

_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
NEVER = datetime(1, 1, 1)

VERSIONS = RECORDS.alias()
TOLD = (
    RECORDS.c.recid.label("record_id"),
    RECORDS.c.parent_recid.label("parent_id"),
    RECORDS.c.id.label("ordinal"),
    sa.select(sa.func.min(VERSIONS.c.id))
    .where(VERSIONS.c.parent_uuid == RECORDS.c.parent_uuid)
    .scalar_subquery()
    .label("parent_ordinal"),
    RECORDS.c.created.label("record_created_date"),
    RECORDS.c.drafted.label("record_drafted_date"),
    ENTRIES.c.scope.label("community_id"),
    ENTRIES.c.kind.label("event_type"),
    ENTRIES.c.effective_at.label("event_date"),
    ENTRIES.c.id.label("sequence"),
    sa.null().label("facts"),
)
"""What a history is made of, as the documents of the projection call it."""


def insert_new(connection: Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> int:
    """Insert rows, leaving out those that stand there already; return how many are new."""
    if not rows:
        return 0
    insert = _INSERT[connection.dialect.name](table).on_conflict_do_nothing()
    return connection.execute(insert.values(list(rows))).rowcount


def records_of_parents(connection: Connection, parents: Iterable[UUID]) -> set[UUID]:
    """Return the records that the ledger knows of these parents."""
    query = sa.select(RECORDS.c.uuid).where(RECORDS.c.parent_uuid.in_(list(parents)))
    return set(connection.execute(query).scalars())


def known_states(connection: Connection, records: Iterable[UUID]) -> dict[UUID, Known]:
    """Return what the ledger last said of records."""
    rows = connection.execute(
        sa.select(
            RECORDS.c.uuid, ENTRIES.c.scope, ENTRIES.c.kind, ENTRIES.c.effective_at, FACTS.c.digest
        )
        .join(ENTRIES, ENTRIES.c.record_id == RECORDS.c.id)
        .outerjoin(FACTS, FACTS.c.id == ENTRIES.c.facts_id)
        .where(RECORDS.c.uuid.in_(list(records)))
        .order_by(ENTRIES.c.id)
    )
    entries: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        entries[row.uuid].append(row)
    return {uuid: _known(found) for uuid, found in entries.items()}


def _known(rows: list[Any]) -> Known:
    """Return the state after a record's entries, given in the order of recording."""
    last = {row.scope: row.kind for row in rows}
    lives = [row.kind for row in rows if row.scope == GLOBAL and row.kind != "edited"]
    return Known(
        alive=bool(lives) and lives[-1] != "deleted",
        digest=next((row.digest for row in reversed(rows) if row.digest), ""),
        communities=frozenset(s for s, kind in last.items() if s != GLOBAL and kind == "added"),
        latest=max((row.effective_at for row in rows), default=NEVER),
    )


def append(
    connection: Connection, observed: Iterable[ObservedRecord], changes: Sequence[Change]
) -> int:
    """Append changes to the ledger; return how many entries are new.

    The same change appended twice, or by two transactions, becomes one entry: the number of
    the transition is part of its key.
    """
    if not changes:
        return 0
    records = {record.uuid: record for record in observed}
    ids = _record_ids(connection, [records[u] for u in dict.fromkeys(c.record for c in changes)])
    facts = _facts_ids(connection, ids, changes)
    transitions = _last_transitions(connection, ids.values())
    rows = []
    for change in changes:
        record_id = ids[change.record]
        transitions[record_id, change.scope] += 1
        rows.append(
            {
                "record_id": record_id,
                "scope": change.scope,
                "transition": transitions[record_id, change.scope],
                "kind": change.kind,
                "effective_at": change.at,
                "recorded_at": utc_now(),
                "date_source": change.date_source,
                "facts_id": change.facts and facts[record_id, change.facts.digest],
            }
        )
    return insert_new(connection, ENTRIES, rows)


def _record_ids(connection: Connection, records: list[ObservedRecord]) -> dict[UUID, int]:
    """Return the ordinals of records, given out now where they have none."""
    insert_new(
        connection,
        RECORDS,
        [
            {
                "uuid": record.uuid,
                "recid": record.recid,
                "parent_uuid": record.parent.uuid,
                "parent_recid": record.parent.recid,
                "created": record.created,
                "drafted": min(record.parent.created, record.created),
            }
            for record in records
        ],
    )
    uuids = [record.uuid for record in records]
    rows = connection.execute(
        sa.select(RECORDS.c.uuid, RECORDS.c.id).where(RECORDS.c.uuid.in_(uuids))
    )
    return {row.uuid: row.id for row in rows}


def _facts_ids(
    connection: Connection, ids: dict[UUID, int], changes: Sequence[Change]
) -> dict[tuple[int, str], int]:
    """Return the ids of the facts in changes, stored now where they are new."""
    facts = {(ids[c.record], c.facts.digest): c.facts for c in changes if c.facts}
    if not facts:
        return {}
    insert_new(
        connection,
        FACTS,
        [
            {"record_id": record_id, "digest": digest, "facts": value.encode()}
            for (record_id, digest), value in facts.items()
        ],
    )
    rows = connection.execute(
        sa.select(FACTS.c.id, FACTS.c.record_id, FACTS.c.digest).where(
            FACTS.c.record_id.in_([record_id for record_id, _ in facts])
        )
    )
    return {(row.record_id, row.digest): row.id for row in rows}


def _last_transitions(
    connection: Connection, record_ids: Iterable[int]
) -> defaultdict[tuple[int, str], int]:
    """Return the number of the last transition of each record and scope."""
    rows = connection.execute(
        sa.select(ENTRIES.c.record_id, ENTRIES.c.scope, sa.func.max(ENTRIES.c.transition))
        .where(ENTRIES.c.record_id.in_(list(record_ids)))
        .group_by(ENTRIES.c.record_id, ENTRIES.c.scope)
    )
    return defaultdict(int, {(row[0], row[1]): row[2] for row in rows})


def projected_since(connection: Connection, moment: datetime | None) -> dict[str, tuple]:
    """Return the records with entries that reached the search engine from a moment on.

    Values: (sequence of the first such entry, earliest time from which they change what counts).
    A publication changes what the uses of the draft are, too: until then the record was unknown.
    """
    publication = sa.and_(ENTRIES.c.scope == GLOBAL, ENTRIES.c.kind == "added")
    effect = sa.case((publication, RECORDS.c.drafted), else_=ENTRIES.c.effective_at)
    query = (
        sa.select(RECORDS.c.recid, sa.func.min(ENTRIES.c.id), sa.func.min(effect))
        .join(ENTRIES, ENTRIES.c.record_id == RECORDS.c.id)
        .where(ENTRIES.c.projected_at.is_not(None))
        .group_by(RECORDS.c.recid)
    )
    if moment is not None:
        query = query.where(ENTRIES.c.projected_at >= moment)
    return {row[0]: (row[1], row[2]) for row in connection.execute(query)}


def works_since(connection: Connection, moment: datetime | None) -> dict[str, dict[str, int]]:
    """Return the works with entries that reached the search engine from a moment on.

    Values: for each such record, the sequence of its first such entry.
    """
    query = (
        sa.select(RECORDS.c.parent_recid, RECORDS.c.recid, sa.func.min(ENTRIES.c.id))
        .join(ENTRIES, ENTRIES.c.record_id == RECORDS.c.id)
        .where(ENTRIES.c.projected_at.is_not(None))
        .group_by(RECORDS.c.parent_recid, RECORDS.c.recid)
    )
    if moment is not None:
        query = query.where(ENTRIES.c.projected_at >= moment)
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for parent, recid, first in connection.execute(query):
        found[parent][recid] = first
    return found


def versions_of_works(connection: Connection, works: Iterable[str]) -> dict[str, list[str]]:
    """Return the records of works that the ledger knows."""
    query = sa.select(RECORDS.c.parent_recid, RECORDS.c.recid).order_by(RECORDS.c.id)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for work, recid in connection.execute(query.where(RECORDS.c.parent_recid.in_(list(works)))):
        found[work].append(recid)
    return found


def works_of(connection: Connection, recids: Iterable[str]) -> dict[str, str]:
    """Return the works of records."""
    query = sa.select(RECORDS.c.recid, RECORDS.c.parent_recid)
    query = query.where(RECORDS.c.recid.in_(list(recids)))
    return {row.recid: row.parent_recid for row in connection.execute(query)}


def histories_of(connection: Connection, recids: Iterable[str]) -> dict[str, History]:
    """Return what the ledger knows of where records belonged and when, without their facts."""
    query = (
        sa.select(*TOLD)
        .join(ENTRIES, ENTRIES.c.record_id == RECORDS.c.id)
        .where(RECORDS.c.recid.in_(list(recids)))
    )
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.record_id].append(row)
    return {recid: history_of(rows, second_of) for recid, rows in found.items()}


def count_unknown_records(connection: Connection) -> int:
    """Return how many published records the ledger does not know."""
    query = (
        sa.select(sa.func.count())
        .select_from(PUBLISHED.outerjoin(RECORDS, RECORDS.c.uuid == PUBLISHED.c.id))
        .where(RECORDS.c.id.is_(None), PUBLISHED.c.json.is_not(None))
    )
    return connection.execute(query).scalar() or 0
