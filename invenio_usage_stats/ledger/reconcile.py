# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Comparing the ledger with the repository, and repairing what differs."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from invenio_db import db
from sqlalchemy.engine import Connection

from ..proxies import current_usage_stats
from .changes import Change, Known, Occasion, changes_of
from .models import utc_now
from .source import (
    ObservedRecord,
    accepted_requests,
    read_parents,
    read_records,
    record_batches,
)
from .store import append, known_states


def reconcile(dry_run: bool = False, size: int = 500) -> Counter:
    """Append what the ledger lacks and return the number of entries by kind and source.

    On an empty ledger this writes the history of a repository that already has records: dates
    of joining come from accepted requests, else from the record's creation.
    """
    found: Counter = Counter()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as reader:
        for batch in record_batches(reader, size):
            found += _reconcile_batch(batch, dry_run)
    return found


def _reconcile_batch(batch: list[tuple[UUID, UUID]], dry_run: bool) -> Counter:
    """Compare and repair some records in a transaction of their own."""
    with db.engine.begin() as connection:
        observed, changes = _compare(connection, batch, lock=not dry_run)
        if not dry_run:
            append(connection, observed, changes)
    return Counter((change.kind, change.date_source) for change in changes)


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
