# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The recorder: writes what a transaction does to records into the ledger, with it.

Hooks note parents and records in the session; on the commit of the root transaction one
comparison appends what has changed. A transaction that rolls back leaves nothing.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import current_app
from invenio_db import db
from invenio_rdm_records.records.models import RDMParentMetadata, RDMRecordMetadata
from sqlalchemy import event, inspect
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from ..proxies import EXTENSION, current_usage_stats
from .changes import Occasion, changes_of
from .models import utc_now
from .source import (
    ObservedRecord,
    accepted_requests,
    community_ids,
    read_parents,
    read_records,
)
from .store import append, known_states, records_of_parents

NOTES = "invenio_usage_stats"
FRESH = timedelta(minutes=1)
BATCH = 500


class Notes:
    """Hold what a transaction has touched so far."""

    def __init__(self) -> None:
        self.started = utc_now().replace(microsecond=0)
        self.before: dict[UUID, frozenset[str] | None] = {}
        self.records: list[Any] = []
        self.by_parent: dict[UUID, set[UUID]] = {}

    def note_parent(self, uuid: UUID, before: frozenset[str] | None = None) -> None:
        """Note a parent, and the communities it had before."""
        self.before.setdefault(uuid, before)

    def resolve(self) -> None:
        """Turn the noted records into UUIDs, once they are flushed, and note their parents."""
        for row in self.records:
            if inspect(row).persistent and row.parent_id is not None:
                self.note_parent(row.parent_id)
                self.by_parent.setdefault(row.parent_id, set()).add(row.id)


def notes_of(session: Session) -> Notes:
    """Return the notes of a session's transaction."""
    return session.info.setdefault(NOTES, Notes())


def note_parent(uuid: UUID) -> None:
    """Note a parent in the current session."""
    notes_of(db.session()).note_parent(uuid)


def register() -> None:
    """Register the hooks, once per process."""
    if not event.contains(Session, "before_commit", _before_commit):
        event.listen(RDMParentMetadata.json, "set", _parent_set, active_history=True)
        event.listen(RDMRecordMetadata.json, "set", _record_set)
        event.listen(Session, "before_commit", _before_commit)
        event.listen(Session, "after_soft_rollback", _after_rollback)


def _parent_set(target: Any, value: Any, old: Any, _initiator: Any) -> None:
    """Note a parent whose communities or access change."""
    old = old if isinstance(old, dict) else None
    new = value or {}
    if target.id is None or (
        old is not None
        and community_ids(old) == community_ids(new)
        and old.get("access") == new.get("access")
    ):
        return
    before = None if old is None else community_ids(old)
    notes_of(db.session()).note_parent(target.id, before)


def _record_set(target: Any, _value: Any, _old: Any, _initiator: Any) -> None:
    """Note a published record that is made or changed."""
    notes_of(db.session()).records.append(target)


def _after_rollback(session: Session, previous: Any) -> None:
    """Forget what a rolled-back transaction had touched."""
    if previous.parent is None:
        session.info.pop(NOTES, None)


def _before_commit(session: Session) -> None:
    """Record what the transaction changed; never stand in the user's way."""
    if session.in_nested_transaction() or NOTES not in session.info:
        return
    session.flush()
    notes: Notes = session.info.pop(NOTES)
    notes.resolve()
    if not notes.before or not current_app or EXTENSION not in current_app.extensions:
        return
    connection = session.connection()
    try:
        with connection.begin_nested():
            record(connection, notes)
    except Exception:
        current_usage_stats.count_recorder_failure()
        current_app.logger.exception(
            "Usage statistics: a change of records was not recorded. The change itself is done; "
            "the next reconcile records it. Has 'invenio usage-stats setup' been run?"
        )


def record(connection: Connection, notes: Notes) -> int:
    """Append what changed of the noted parents and records; return the number of entries."""
    parents = sorted(notes.before)
    return sum(
        _record_batch(connection, notes, parents[start : start + BATCH])
        for start in range(0, len(parents), BATCH)
    )


def _record_batch(connection: Connection, notes: Notes, uuids: list[UUID]) -> int:
    """Record some parents: the records that the ledger knows of them, and the noted ones."""
    records = records_of_parents(connection, uuids).union(
        *(notes.by_parent.get(uuid, ()) for uuid in uuids)
    )
    if not records:
        return 0
    parents = read_parents(connection, uuids, lock=True)
    observed = read_records(connection, records, parents, current_usage_stats.catalog)
    _log_problems(observed)
    known = known_states(connection, [record.uuid for record in observed])
    strangers = {r.parent.uuid for r in observed if r.uuid not in known}
    occasion = Occasion(
        moment=utc_now().replace(microsecond=0),
        date_source="seen",
        since=notes.started - FRESH,
        joined={
            uuid: parent.communities - before
            for uuid, parent in parents.items()
            if (before := notes.before.get(uuid)) is not None
        },
        accepted=accepted_requests(connection, strangers) if strangers else {},
    )
    changes = [c for r in observed for c in changes_of(r, known.get(r.uuid), occasion)]
    return append(connection, observed, changes)


def _log_problems(observed: Iterable[ObservedRecord]) -> None:
    """Say which records cannot be read; the ledger keeps what it knows of them."""
    for one in observed:
        if one.problem:
            current_app.logger.warning(
                "Usage statistics: record %s cannot be read: %s.",
                *(one.recid, one.problem),
                extra={"record": one.recid, "reason": one.problem},
            )
