# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Published records as rows of the repository's tables: thousands of them in a second."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

import sqlalchemy as sa
from invenio_db import db

from invenio_usage_stats.ledger.recorder import Notes, record
from invenio_usage_stats.ledger.source import PARENTS, RECORDS

MADE = datetime(2024, 1, 10, 9)


def parent_of(number: int) -> UUID:
    """Return the UUID of a work."""
    return uuid5(NAMESPACE_OID, f"work {number}")


def insert_works(numbers: range, communities: list[str] | None = None) -> None:
    """Insert works in these communities, with one record each."""
    with db.engine.begin() as connection:
        connection.execute(sa.insert(PARENTS), [_parent(n, communities or []) for n in numbers])
    insert_versions(numbers)


def insert_versions(numbers: range, name: str = "row") -> list[UUID]:
    """Insert a record of each of these works."""
    rows = [_record(number, name) for number in numbers]
    with db.engine.begin() as connection:
        connection.execute(sa.insert(RECORDS), rows)
    return [row["id"] for row in rows]


def _parent(number: int, communities: list[str]) -> dict:
    owner = {"owned_by": {"user": "1"}}
    json = {"id": f"work-{number}", "communities": {"ids": communities}, "access": owner}
    return {"id": parent_of(number), "json": json, **_times()}


def _record(number: int, name: str) -> dict:
    json = {
        "id": f"{name}-{number}",
        "metadata": {"publisher": "Press", "publication_date": "2024-01-10"},
        "access": {"record": "public", "files": "public"},
        "files": {"enabled": False},
    }
    ids = {"id": uuid4(), "parent_id": parent_of(number)}
    return {**ids, "json": json, "deletion_status": "P", "index": 1, **_times()}


def _times() -> dict:
    return {"created": MADE, "updated": MADE, "version_id": 1}


def delete_works(numbers: range) -> None:
    """Delete works and their records."""
    parents = [parent_of(number) for number in numbers]
    with db.engine.begin() as connection:
        connection.execute(sa.delete(RECORDS).where(RECORDS.c.parent_id.in_(parents)))
        connection.execute(sa.delete(PARENTS).where(PARENTS.c.id.in_(parents)))


def change(statement: str, **values: str) -> None:
    """Change rows as somebody's SQL."""
    with db.engine.begin() as connection:
        connection.execute(sa.text(statement), values)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements to the database."""
    found: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        found.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def record_changes(numbers: range, versions: dict[int, UUID] | None = None) -> list[str]:
    """Record what has changed of works, as their transaction does; return its statements."""
    notes = Notes()
    for number in numbers:
        notes.note_parent(parent_of(number))
    for number, uuid in (versions or {}).items():
        notes.by_parent[parent_of(number)] = {uuid}
    with statements() as found, db.engine.begin() as connection:
        record(connection, notes)
    return found
