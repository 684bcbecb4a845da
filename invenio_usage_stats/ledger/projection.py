# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The projection of the ledger into the search engine."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from invenio_db import db
from sqlalchemy.engine import Connection

from ..errors import UsageStatsError
from ..indices import EVENTS, full_name, refresh, scroll, terms_batches, write
from .facts import decode_facts
from .history import GLOBAL, Entry, History
from .models import LedgerEntry, LedgerFacts, LedgerRecord, utc_now

RECORDS = LedgerRecord.__table__
FACTS = LedgerFacts.__table__
ENTRIES = LedgerEntry.__table__
BATCH = 1_000


def drain() -> int:
    """Write all entries that are not yet projected; return how many there were."""
    total = 0
    while True:
        with db.engine.begin() as connection:
            waiting = _waiting(connection)
            if not waiting:
                break
            _project(connection, set(waiting.values()))
            connection.execute(
                sa.update(ENTRIES).where(ENTRIES.c.id.in_(waiting)).values(projected_at=utc_now())
            )
        total += len(waiting)
    if total:
        refresh(full_name(EVENTS))
    return total


def forget() -> None:
    """Let the next drain write the whole projection again."""
    with db.engine.begin() as connection:
        connection.execute(sa.update(ENTRIES).values(projected_at=None))


def _waiting(connection: Connection) -> dict[int, int]:
    """Return some unprojected entries: their ids and those of their records."""
    query = (
        sa.select(ENTRIES.c.id, ENTRIES.c.record_id)
        .where(ENTRIES.c.projected_at.is_(None))
        .order_by(ENTRIES.c.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return {row.id: row.record_id for row in connection.execute(query)}


def _project(connection: Connection, record_ids: set[int]) -> None:
    """Write all documents of records, so that deletion shows on each of them."""
    _, errors = write(_actions(connection, record_ids))
    if errors:
        raise UsageStatsError(f"{len(errors)} ledger entries were rejected, first: {errors[0]}")


def _actions(connection: Connection, record_ids: set[int]) -> Iterator[dict[str, Any]]:
    """Yield the documents of records."""
    rows = connection.execute(
        sa.select(ENTRIES, RECORDS.c.recid, RECORDS.c.parent_recid, RECORDS.c.parent_uuid)
        .add_columns(RECORDS.c.created, RECORDS.c.drafted, FACTS.c.facts)
        .join(RECORDS, RECORDS.c.id == ENTRIES.c.record_id)
        .outerjoin(FACTS, FACTS.c.id == ENTRIES.c.facts_id)
        .where(ENTRIES.c.record_id.in_(record_ids))
        .order_by(ENTRIES.c.id)
    ).all()
    parents = _parent_ordinals(connection, {row.parent_uuid for row in rows})
    entries: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        entries[row.record_id].append(row)
    for found in entries.values():
        shared = _shared_fields(found, parents)
        for row in found:
            yield {
                "_index": full_name(EVENTS),
                "_id": f"{row.recid}-{row.scope}-{row.transition}",
                "_source": shared | _own_fields(row),
            }


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
        "record_published_date": (facts[-1].get("published") if facts else None) or None,
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


def read_histories(field: str, values: Iterable[str]) -> Iterator[History]:
    """Yield the histories of records found by ``record_id`` or ``parent_id``."""
    for query in terms_batches(field, values, size=2_000):
        documents: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for hit in scroll(full_name(EVENTS), query):
            documents[hit["_source"]["record_id"]].append(hit["_source"])
        for found in documents.values():
            yield history_of(found)


def history_of(documents: list[dict[str, Any]]) -> History:
    """Return the history that a record's documents tell."""
    first = documents[0]
    return History(
        record=first["record_id"],
        parent=first["parent_id"],
        ordinal=first["ordinal"],
        parent_ordinal=first["parent_ordinal"],
        created=seconds(first["record_created_date"]),
        drafted=seconds(first["record_drafted_date"]),
        entries=[
            Entry(
                scope=document["community_id"],
                kind=document["event_type"],
                at=seconds(document["event_date"]),
                sequence=document["sequence"],
                facts=decode_facts(document["facts"]) if "facts" in document else None,
            )
            for document in documents
        ],
    )


def seconds(moment: str) -> int:
    """Return an ISO time (UTC) as seconds since 1970."""
    return int(datetime.fromisoformat(moment[:19]).replace(tzinfo=UTC).timestamp())
