# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The names of files: many are looked up at once, as reports list all files of a repository."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from invenio_db import db
from invenio_files_rest.models import FileInstance, ObjectVersion
from invenio_rdm_records.records.models import RDMFileRecordMetadata, RDMRecordMetadata

from ....aggregations.sheets.days import file_number
from ....ledger.models import LedgerRecord
from .about import in_utc

FILE, RECORD = RDMFileRecordMetadata.__table__.c, RDMRecordMetadata.__table__.c
VERSION, STORED = ObjectVersion.__table__.c, FileInstance.__table__.c
LEDGER = LedgerRecord.__table__.c
ID_BYTES = 16


class Named(NamedTuple):
    """Be a file of a record as it is now."""

    id: UUID
    number: int
    """What it goes by where its use is counted."""
    recid: str
    key: str
    size: int
    created: datetime


class FileIds:
    """Hold the ids of files by place: 16 MB for a million."""

    def __init__(self, count: int) -> None:
        self._ids = bytearray(ID_BYTES * count)

    def put(self, place: int, id_: UUID) -> None:
        """Put an id at a place."""
        self._ids[ID_BYTES * place : ID_BYTES * (place + 1)] = id_.bytes

    def get(self, place: int) -> UUID | None:
        """Return the id at a place; none where there never was one."""
        found = bytes(self._ids[ID_BYTES * place : ID_BYTES * (place + 1)])
        return UUID(bytes=found) if any(found) else None


def files_of(recids: Collection[str]) -> Iterator[Named]:
    """Yield the files of some records."""
    return _read(LEDGER.recid.in_(recids))


def files_by_id(ids: Iterable[UUID]) -> dict[UUID, Named]:
    """Return some files by their ids."""
    return {found.id: found for found in _read(FILE.id.in_(list(ids)))}


def _read(condition: sa.ColumnElement[bool]) -> Iterator[Named]:
    """Yield some files."""
    query = (
        sa.select(
            *(FILE.id, RECORD.bucket_id, VERSION.file_id, LEDGER.recid),
            *(FILE.key, STORED.size, FILE.created),
        )
        .join(RDMRecordMetadata.__table__, RECORD.id == FILE.record_id)
        .join(LedgerRecord.__table__, LEDGER.uuid == FILE.record_id)
        .join(ObjectVersion.__table__, VERSION.version_id == FILE.object_version_id)
        .join(FileInstance.__table__, STORED.id == VERSION.file_id)
        .where(condition)
    )
    with db.engine.connect() as connection:
        for id_, bucket, file, *others, made in connection.execute(query.order_by(FILE.key)):
            yield Named(id_, file_number(f"{bucket}_{file}"), *others, in_utc(made))
