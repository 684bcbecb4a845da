# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Comparing the ledger with the repository, and repairing what differs."""

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Any
from uuid import UUID

from invenio_db import db
from sqlalchemy.engine import Connection

from ..aggregations.running.failures import Place, failures, replace
from ..proxies import current_usage_stats
from .changes import Change, Known, Occasion, changes_of
from .history import day_number
from .models import utc_now
from .source import (
    ObservedRecord,
    accepted_requests,
    read_parents,
    read_records,
    record_batches,
)
from .store import append, known_states

UNREADABLE = "ledger"
"""The aggregator under which records are kept that cannot be read."""
MOST_KEPT = 1_000
SCOPE_LENGTH = 36


def reconcile(dry_run: bool = False, size: int = 500) -> Counter:
    """Append what the ledger lacks and return the number of entries by kind and source.

    On an empty ledger this writes the history of a repository that already has records: dates
    of joining come from accepted requests, else from the record's creation. Records that cannot
    be read are kept as failures until they can.
    """
    found: Counter = Counter()
    problems: dict[Place, str] = {}
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as reader:
        for batch in record_batches(reader, size):
            observed, changes = _reconcile_batch(batch, dry_run)
            found.update((change.kind, change.date_source) for change in changes)
            problems |= {_place(one): _reason(one) for one in observed if one.problem}
    if not dry_run:
        replace(UNREADABLE, dict(islice(problems.items(), MOST_KEPT)))
    return found


def unreadable() -> list[dict[str, Any]]:
    """Return the failures of records that could not be read, with their reasons."""
    return [row for row in failures() if row["aggregator"] == UNREADABLE]


def _place(record: ObservedRecord) -> Place:
    """Return under which scope and day a record is kept that cannot be read."""
    return record.recid[:SCOPE_LENGTH], day_number(record.created.date())


def _reason(record: ObservedRecord) -> str:
    """Return why a record cannot be read."""
    return f"record {record.recid}: {record.problem}"


def _reconcile_batch(
    batch: list[tuple[UUID, UUID]], dry_run: bool
) -> tuple[list[ObservedRecord], list[Change]]:
    """Compare and repair some records in a transaction of their own."""
    with db.engine.begin() as connection:
        observed, changes = _compare(connection, batch, lock=not dry_run)
        if not dry_run:
            append(connection, observed, changes)
    return observed, changes


def _compare(
    connection: Connection, batch: Iterable[tuple[UUID, UUID]], lock: bool
) -> tuple[list[ObservedRecord], list[Change]]:
    """Return the records of a batch and what the ledger lacks of them."""
    pairs = list(batch)
    parents = read_parents(connection, {parent for _, parent in pairs}, lock)
    observed = read_records(
        connection, [record for record, _ in pairs], parents, current_usage_stats.catalog
    )
    known: dict[UUID, Known] = known_states(connection, [r.uuid for r in observed])
    strangers = {r.parent.uuid for r in observed if r.uuid not in known}
    occasion = Occasion(
        moment=utc_now().replace(microsecond=0),
        date_source="reconciled",
        accepted=accepted_requests(connection, strangers) if strangers else {},
    )
    changes = [c for r in observed for c in changes_of(r, known.get(r.uuid), occasion)]
    return observed, changes
