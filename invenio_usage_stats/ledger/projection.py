# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The projection of the ledger into the search engine."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from invenio_db import db
from sqlalchemy.engine import Connection

from ..aggregations.running.leases import next_token
from ..bulk import SUPERSEDED, Bulk, Document
from ..errors import RejectedEntriesError
from ..indices import EVENTS, find, full_name, refresh
from .facts import decode_facts, first_day
from .history import GLOBAL, day_number
from .models import LedgerEntry, LedgerFacts, LedgerRecord, utc_now

RECORDS = LedgerRecord.__table__
FACTS = LedgerFacts.__table__
ENTRIES = LedgerEntry.__table__
BATCH = 1_000


def drain(bulk: Bulk | None = None) -> int:
    """Write all entries that are not yet projected; return how many there were.

    Raises ``SetupError`` when there is no index for them, and ``RejectedEntriesError`` at the end
    when documents of some records were rejected: these records' entries stay unprojected, all
    others are written.
    """
    bulk = bulk or Bulk()
    rejected: dict[int, str] = {}
    total = 0
    while waiting := _batch(bulk, rejected):
        total += waiting
    if total:
        refresh(full_name(EVENTS))
        bulk.requests += 1
    if rejected:
        raise RejectedEntriesError(
            f"Entries of {len(rejected)} records were rejected, first: "
            f"{next(iter(rejected.values()))}"
        )
    return total


def _batch(bulk: Bulk, rejected: dict[int, str]) -> int:
    """Project some waiting entries; return how many there were, none at the end."""
    with db.engine.begin() as connection:
        waiting = _waiting(connection, rejected)
        if waiting:
            require_index()
            rejected |= _project(bulk, connection, set(waiting.values()))
        written = [id_ for id_, record in waiting.items() if record not in rejected]
        connection.execute(
            sa.update(ENTRIES).where(ENTRIES.c.id.in_(written)).values(projected_at=utc_now())
        )
    return len(waiting)


def project(connection: Connection, record_ids: set[int]) -> None:
    """Write the documents of records again, given by their ordinals, as a transaction sees them.

    Raises ``RejectedEntriesError`` when any is rejected.
    """
    if not record_ids:
        return
    require_index()
    rejected = _project(Bulk(), connection, record_ids)
    if rejected:
        raise RejectedEntriesError(f"Entries were rejected: {next(iter(rejected.values()))}")
    refresh(full_name(EVENTS))


def project_all() -> None:
    """Write all documents that were ever projected again; what is rejected waits from now on."""
    bulk, last = Bulk(), 0
    while True:
        with db.engine.begin() as connection:
            records = _projected_after(connection, last)
            if not records:
                return
            rejected = _project(bulk, connection, records)
            waiting = sa.update(ENTRIES).where(ENTRIES.c.record_id.in_(rejected))
            connection.execute(waiting.values(projected_at=None))
        last = max(records)


def _projected_after(connection: Connection, last: int) -> set[int]:
    """Return the next records that have projected entries, after an ordinal."""
    known = sa.exists().where(
        ENTRIES.c.record_id == RECORDS.c.id, ENTRIES.c.projected_at.is_not(None)
    )
    query = sa.select(RECORDS.c.id).where(RECORDS.c.id > last, known)
    return set(connection.execute(query.order_by(RECORDS.c.id).limit(BATCH)).scalars())


def project_anew(recids: Collection[str]) -> None:
    """Write the documents of records again; what is rejected waits, like all that is."""
    forget(recids)
    with suppress(RejectedEntriesError):
        drain()


def forget(recids: Collection[str] | None = None) -> None:
    """Let the next drain write the whole projection again, or that of some records."""
    statement = sa.update(ENTRIES).values(projected_at=None)
    if recids is not None:
        some = sa.select(RECORDS.c.id).where(RECORDS.c.recid.in_(list(recids)))
        statement = statement.where(ENTRIES.c.record_id.in_(some))
    with db.engine.begin() as connection:
        connection.execute(statement)


def records_of_documents(ids: Collection[str]) -> dict[str, str]:
    """Return of which records documents are; those that the ledger does not know are left out."""
    dash = sa.literal("-")
    transition = sa.cast(ENTRIES.c.transition, sa.String)
    id_ = RECORDS.c.recid + dash + ENTRIES.c.scope + dash + transition
    query = sa.select(id_, RECORDS.c.recid).join(ENTRIES, ENTRIES.c.record_id == RECORDS.c.id)
    with db.engine.connect() as connection:
        rows = connection.execute(query.where(id_.in_(list(ids)))).all()
    return {row[0]: row[1] for row in rows}


def projected_records(field: str, values: Collection[str]) -> set[str]:
    """Return the records of which entries were projected, by ``record_id`` or ``parent_id``."""
    if not values:
        return set()
    column = {"record_id": RECORDS.c.recid, "parent_id": RECORDS.c.parent_recid}[field]
    query = sa.select(RECORDS.c.recid).join(ENTRIES, ENTRIES.c.record_id == RECORDS.c.id)
    query = query.where(column.in_(list(values)), ENTRIES.c.projected_at.is_not(None))
    with db.engine.connect() as connection:
        return set(connection.execute(query.distinct()).scalars())


def require_index() -> None:
    """Raise ``SetupError`` when the index of ledger entries is missing or closed.

    The search engine would create a missing one for the first document that is written, and all
    that was projected earlier would be lost without notice.
    """
    find(full_name(EVENTS), {"size": 0, "query": {"match_none": {}}})


def _waiting(connection: Connection, rejected: Collection[int]) -> dict[int, int]:
    """Return some unprojected entries: their ids and those of their records."""
    query = (
        sa.select(ENTRIES.c.id, ENTRIES.c.record_id)
        .where(ENTRIES.c.projected_at.is_(None), ENTRIES.c.record_id.not_in(rejected))
        .order_by(ENTRIES.c.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return {row.id: row.record_id for row in connection.execute(query)}


def _project(bulk: Bulk, connection: Connection, record_ids: set[int]) -> dict[int, str]:
    """Write all documents of records, so that deletion shows on each of them.

    Returns the records of which a document was rejected, or whose facts make no sense, with the
    reason.
    """
    version = next_token()
    rows = _rows(connection, record_ids)
    unreadable = dict(_unreadable(rows))
    documents = _documents(connection, [row for row in rows if row.record_id not in unreadable])
    return unreadable | {
        int(one.document.scope): f"{one.document.id}: {one.status}: {one.reason}"
        for some in bulk.post(documents, version)
        for one in some
        if one.status != SUPERSEDED
    }


def _rows(connection: Connection, record_ids: set[int]) -> list[Any]:
    """Return the entries of records, with their facts."""
    query = (
        sa.select(ENTRIES, RECORDS.c.recid, RECORDS.c.parent_recid, RECORDS.c.parent_uuid)
        .add_columns(RECORDS.c.created, RECORDS.c.drafted, FACTS.c.facts)
        .join(RECORDS, RECORDS.c.id == ENTRIES.c.record_id)
        .outerjoin(FACTS, FACTS.c.id == ENTRIES.c.facts_id)
        .where(ENTRIES.c.record_id.in_(record_ids))
        .order_by(ENTRIES.c.id)
    )
    return list(connection.execute(query))


def _unreadable(rows: list[Any]) -> Iterator[tuple[int, str]]:
    """Yield the records of which some facts cannot be read, with the reason."""
    for row in rows:
        try:
            if row.facts is not None:
                decode_facts(row.facts)
        except msgspec.ValidationError as error:
            yield row.record_id, f"{row.recid}: its facts cannot be read: {error}"


def _documents(connection: Connection, rows: list[Any]) -> Iterator[Document]:
    """Yield the documents of records' entries; their scope is the record's ordinal."""
    parents = _parent_ordinals(connection, {row.parent_uuid for row in rows})
    entries: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        entries[row.record_id].append(row)
    index = full_name(EVENTS)
    for ordinal, found in entries.items():
        shared = _shared_fields(found, parents)
        for row in found:
            body = msgspec.json.encode(shared | _own_fields(row)).decode()
            id_ = f"{row.recid}-{row.scope}-{row.transition}"
            yield Document(index, id_, body, str(ordinal), day_number(row.effective_at.date()))


def _parent_ordinals(connection: Connection, uuids: set[Any]) -> dict[Any, int]:
    """Return the ordinal of each work: that of its first known version."""
    rows = connection.execute(
        sa.select(RECORDS.c.parent_uuid, sa.func.min(RECORDS.c.id))
        .where(RECORDS.c.parent_uuid.in_(uuids))
        .group_by(RECORDS.c.parent_uuid)
    )
    return {row[0]: row[1] for row in rows}


def _shared_fields(rows: list[Any], parents: dict[Any, int]) -> dict[str, Any]:
    """Return what all documents of a record have in common."""
    first = rows[0]
    facts = [row.facts for row in rows if row.facts]
    lives = [row for row in rows if row.scope == GLOBAL and row.kind in ("deleted", "restored")]
    deleted = lives[-1].effective_at if lives and lives[-1].kind == "deleted" else None
    return {
        "record_id": first.recid,
        "parent_id": first.parent_recid,
        "ordinal": first.record_id,
        "parent_ordinal": parents[first.parent_uuid],
        "record_created_date": iso(first.created),
        "record_drafted_date": iso(first.drafted),
        "record_published_date": (first_day(facts[-1].get("published")) if facts else "") or None,
        "is_deleted": deleted is not None,
        "deleted_date": iso(deleted) if deleted else None,
        "updated_timestamp": datetime.now(UTC).isoformat(),
    }


def _own_fields(row: Any) -> dict[str, Any]:
    """Return what only this entry's document has."""
    return {
        "community_id": row.scope,
        "event_type": row.kind,
        "event_date": iso(row.effective_at),
        "timestamp": iso(row.recorded_at),
        "date_source": row.date_source,
        "sequence": row.id,
        **({"facts": row.facts} if row.facts else {}),
    }


def iso(moment: datetime) -> str:
    """Return a moment the way usage events have it."""
    return moment.replace(microsecond=0).isoformat()
