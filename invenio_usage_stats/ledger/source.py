# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What the repository's own tables say of records, read set by set."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from dateutil.parser import parse
from flask import current_app
from invenio_files_rest.models import FileInstance, ObjectVersion
from invenio_rdm_records.records.models import (
    RDMDraftMetadata,
    RDMFileRecordMetadata,
    RDMParentCommunity,
    RDMParentMetadata,
    RDMRecordMetadata,
)
from invenio_requests.records.models import RequestEventModel
from sqlalchemy.engine import Connection

from ..catalog import Catalog
from .facts import Facts, RecordView, facts_of

PARENTS = RDMParentMetadata.__table__
RECORDS = RDMRecordMetadata.__table__
ALIVE = "P"


class ObservedParent(NamedTuple):
    """Be a work as the database has it now."""

    uuid: UUID
    recid: str
    json: dict[str, Any]
    created: datetime

    @property
    def communities(self) -> frozenset[str]:
        """Return the UUIDs of the communities it belongs to."""
        return community_ids(self.json)


class ObservedRecord(NamedTuple):
    """Be a published record as the database has it now.

    ``problem``: why its JSON cannot be read, if so; then it has no facts.
    """

    uuid: UUID
    recid: str
    parent: ObservedParent
    created: datetime
    alive: bool
    deleted_at: datetime | None
    facts: Facts | None
    problem: str = ""


def community_ids(json: dict[str, Any] | None) -> frozenset[str]:
    """Return the UUIDs of the communities in a parent's JSON."""
    return frozenset(((json or {}).get("communities") or {}).get("ids") or ())


def utc_second(moment: datetime) -> datetime:
    """Return a moment as naive UTC, cut to the second."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment.replace(microsecond=0)


def read_parents(
    connection: Connection, uuids: Iterable[UUID], lock: bool = False
) -> dict[UUID, ObservedParent]:
    """Return parents by UUID; with ``lock`` they stay locked until the transaction ends."""
    query = (
        sa.select(PARENTS.c.id, PARENTS.c.json, PARENTS.c.created)
        .where(PARENTS.c.id.in_(list(uuids)), PARENTS.c.json.is_not(None))
        .order_by(PARENTS.c.id)
    )
    rows = connection.execute(query.with_for_update() if lock else query)
    return {
        row.id: ObservedParent(row.id, row.json["id"], row.json, utc_second(row.created))
        for row in rows
        if row.json and "id" in row.json
    }


def read_records(
    connection: Connection,
    record_uuids: Iterable[UUID],
    parents: dict[UUID, ObservedParent],
    catalog: Catalog,
) -> list[ObservedRecord]:
    """Return these records of these parents, oldest first, with their facts."""
    columns = (
        RECORDS.c.id,
        RECORDS.c.json,
        RECORDS.c.parent_id,
        RECORDS.c.created,
        RECORDS.c.deletion_status,
    )
    uuids = list(record_uuids)
    rows = connection.execute(
        sa.select(*columns).where(RECORDS.c.id.in_(uuids)).order_by(RECORDS.c.created, RECORDS.c.id)
    ).all()
    files = _files(connection, uuids)
    dimensions = catalog.of_record()
    return [
        _observed(row, parents[row.parent_id], files[row.id], dimensions)
        for row in rows
        if row.json and "id" in row.json and row.parent_id in parents
    ]


def _observed(
    row: Any, parent: ObservedParent, files: list[tuple[str, int]], dimensions: Any
) -> ObservedRecord:
    """Return one record; what cannot be read of it is its own problem."""
    facts = deleted_at = None
    problem = ""
    try:
        facts = facts_of(RecordView(row.json, parent.json, files), dimensions)
        deleted_at = _deleted_at(row.json)
    except Exception as error:
        # JSON of any origin meets dimensions of instances' own: any error is possible.
        current_app.logger.debug("Usage statistics: %s:", row.json["id"], exc_info=True)
        facts, problem = None, f"{type(error).__name__}: {error}"[:1_000]
    status = getattr(row.deletion_status, "value", row.deletion_status)
    return ObservedRecord(
        uuid=row.id,
        recid=row.json["id"],
        parent=parent,
        created=utc_second(row.created),
        alive=status == ALIVE,
        deleted_at=deleted_at,
        facts=facts,
        problem=problem,
    )


def _deleted_at(json: dict[str, Any]) -> datetime | None:
    """Return when a record was deleted, as its tombstone says."""
    removed = (json.get("tombstone") or {}).get("removal_date")
    return utc_second(parse(removed)) if removed else None


def _files(connection: Connection, uuids: list[UUID]) -> dict[UUID, list[tuple[str, int]]]:
    """Return (key, bytes) of the files of records."""
    table, version, instance = (
        model.__table__ for model in (RDMFileRecordMetadata, ObjectVersion, FileInstance)
    )
    rows = connection.execute(
        sa.select(table.c.record_id, table.c.key, instance.c.size)
        .join(version, version.c.version_id == table.c.object_version_id)
        .join(instance, instance.c.id == version.c.file_id)
        .where(table.c.record_id.in_(uuids))
    )
    files: defaultdict[UUID, list[tuple[str, int]]] = defaultdict(list)
    for row in rows:
        files[row.record_id].append((row.key, row.size))
    return files


def accepted_requests(
    connection: Connection, parent_uuids: Iterable[UUID]
) -> dict[tuple[UUID, str], datetime]:
    """Return when the request behind a membership was accepted, by parent and community."""
    member = RDMParentCommunity.__table__
    event = RequestEventModel.__table__
    rows = connection.execute(
        sa.select(member.c.record_id, member.c.community_id, event.c.json, event.c.created)
        .join(event, event.c.request_id == member.c.request_id)
        .where(member.c.record_id.in_(list(parent_uuids)), event.c.type == "L")
    )
    return {
        (row.record_id, str(row.community_id)): utc_second(row.created)
        for row in rows
        if ((row.json or {}).get("payload") or {}).get("event") == "accepted"
    }


def record_batches(connection: Connection, size: int = 500) -> Iterable[list[tuple[UUID, UUID]]]:
    """Yield (record, parent) UUIDs of the whole repository in batches, in the order of UUIDs."""
    last = None
    while True:
        query = sa.select(RECORDS.c.id, RECORDS.c.parent_id).order_by(RECORDS.c.id).limit(size)
        if last is not None:
            query = query.where(RECORDS.c.id > last)
        batch = [(row.id, row.parent_id) for row in connection.execute(query)]
        if not batch:
            return
        last = batch[-1][0]
        yield batch


def draft_recids(connection: Connection, recids: Iterable[str]) -> set[str]:
    """Return which of these are drafts that were never published."""
    drafts = RDMDraftMetadata.__table__
    wanted = list(recids)
    if not wanted:
        return set()
    recid = drafts.c.json["id"].as_string()
    return set(connection.execute(sa.select(recid).where(recid.in_(wanted))).scalars())
