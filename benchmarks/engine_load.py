# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Puts a synthetic repository into the ledger by COPY, and projects it by the package's own way."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import msgspec
import sqlalchemy as sa
from engine_raw import deleted
from engine_records import (
    Record,
    Repository,
    lead,
    parent_recid,
    recid,
    uuid_of,
)
from invenio_db import db

from invenio_usage_stats.ledger.facts import Facts, RecordView, facts_of
from invenio_usage_stats.ledger.history import GLOBAL
from invenio_usage_stats.ledger.models import LedgerEntry, LedgerFacts, LedgerRecord
from invenio_usage_stats.ledger.projection import drain
from invenio_usage_stats.operations.setup import create_events_index
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.readiness import TABLES

COLUMNS = {
    LedgerRecord.__tablename__: (
        *("id", "uuid", "recid", "parent_uuid", "parent_recid", "created", "drafted"),
    ),
    LedgerFacts.__tablename__: ("id", "record_id", "digest", "facts"),
    LedgerEntry.__tablename__: (
        *("id", "record_id", "scope", "transition", "kind", "effective_at", "recorded_at"),
        *("date_source", "facts_id"),
    ),
}
BATCH = 20_000
EDITED_AFTER = timedelta(days=400)
Rows = dict[str, list[tuple[Any, ...]]]


def wipe() -> None:
    """Empty our tables, and delete all events and documents."""
    names = ", ".join(table.name for table in TABLES)
    with db.engine.begin() as connection:
        connection.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY"))
    wipe_usage()
    deleted("stats-community-*")
    create_events_index()


def wipe_usage() -> None:
    """Delete usage events, all documents but the ledger's, and the bookmarks."""
    wipe_documents()
    deleted("events-stats-*", "stats-bookmarks*")


def wipe_documents() -> None:
    """Delete all documents but the ledger's."""
    families = ("records-delta", "records-snapshot", "usage-delta", "usage-snapshot", "sheets")
    deleted(*(f"stats-community-{family}-*" for family in families))


class Ledger:
    """Append a repository's history to the ledger."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self._facts = self._entries = 0
        self._dimensions = current_usage_stats.catalog.of_record()

    def load(self) -> int:
        """Write and project everything, as if that was long ago; return the number of entries."""
        records = self.repository.records()
        while batch := list(islice(records, BATCH)):
            rows: Rows = {name: [] for name in COLUMNS}
            for record in batch:
                self._append(rows, record)
            copy(rows)
        project()
        return self._entries

    def facts(self, record: Record, json: dict[str, Any]) -> Facts:
        """Return the facts of a record with this JSON."""
        view = RecordView(json, record.parent, record.files)
        return facts_of(view, self._dimensions)

    def _append(self, rows: Rows, record: Record) -> None:
        """Append the rows of one record; its ordinal is its number and one."""
        number, created = record.number, record.created
        names = (recid(number), parent_recid(number))
        uuids = (uuid_of(names[0]), uuid_of(names[1]))
        key = number + 1
        records, facts, entries = rows.values()
        records.append((key, uuids[0], names[0], uuids[1], names[1], created, created))
        first = self._store(facts, record, record.json)
        history = [(GLOBAL, 1, "added", created, first)]
        history += [(scope, 1, "added", created, None) for scope in record.communities]
        if record.edited:
            changed = self._store(facts, record, record.edited)
            if changed != first:
                history.append((GLOBAL, 2, "edited", created + EDITED_AFTER, changed))
        for scope, transition, kind, at, stored in history:
            self._entries += 1
            entries.append(
                (self._entries, key, scope, transition, kind, at, created, "seen", stored)
            )

    def _store(self, rows: list[tuple[Any, ...]], record: Record, json: dict[str, Any]) -> int:
        """Append facts and return their id; facts of a hidden record may not change by an edit."""
        facts = self.facts(record, json)
        if rows and rows[-1][1:3] == (record.number + 1, facts.digest):
            return rows[-1][0]
        self._facts += 1
        text = msgspec.json.encode(facts.encode()).decode()
        rows.append((self._facts, record.number + 1, facts.digest, text))
        return self._facts


def copy(rows: Rows) -> None:
    """Write rows of several tables by COPY, and let the sequences go on after them."""
    connection = db.engine.raw_connection()
    try:
        with connection.cursor() as cursor:
            for table, lines in rows.items():
                columns = ", ".join(COLUMNS[table])
                text = io.StringIO()
                csv.writer(text).writerows(lines)
                text.seek(0)
                cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN (FORMAT csv)", text)
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                )
        connection.commit()
    finally:
        connection.close()


def project() -> None:
    """Project what is new, and let that seem to be as long ago as it happened."""
    drain()
    table = LedgerEntry.__table__
    with db.engine.begin() as connection:
        connection.execute(sa.update(table).values(projected_at=table.c.recorded_at))


def changes(repository: Repository, count: int, first: datetime, days: int) -> Rows:
    """Return new entries of some records: half join a community, half are edited."""
    ledger = Ledger(repository)
    with db.engine.connect() as connection:
        last_entry, last_facts = (
            connection.execute(sa.select(sa.func.max(model.id))).scalar()
            for model in (LedgerEntry, LedgerFacts)
        )
    ledger._facts = last_facts
    facts: list[tuple[Any, ...]] = []
    entries = []
    for position, record in enumerate(_spread(repository, count)):
        at = first + timedelta(seconds=position * days * 86_400 // count)
        stored, scope = None, repository.communities[position % repository.size.communities]
        if position % 2 or scope in record.communities:
            subjects = {"subjects": [{"subject": f"changed {position}"}]}
            json = {**record.json, "metadata": {**record.json["metadata"], **subjects}}
            stored, scope = ledger._store(facts, record, json), GLOBAL
        what = (scope, 9, "edited" if stored else "added", at, at, "seen", stored)
        entries.append((last_entry + position + 1, record.number + 1, *what))
    return {LedgerFacts.__tablename__: facts, LedgerEntry.__tablename__: entries}


def _spread(repository: Repository, count: int) -> Iterator[Record]:
    """Yield some first versions, evenly spread over the repository; none is hidden.

    Edits of hidden records change no facts.
    """
    step = max(repository.count // count, 1)
    for n in range(min(count, repository.count)):
        places = range(n * step, min((n + 1) * step, repository.count))
        records = (repository.record(lead(number)) for number in places)
        yield from islice((one for one in records if not _hidden(one)), 1)


def _hidden(record: Record) -> bool:
    """Tell whether the metadata of a record is restricted."""
    return record.json["access"]["record"] == "restricted"
