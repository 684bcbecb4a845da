# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What has changed between the ledger and the repository: pure comparison."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from .facts import Facts
from .history import GLOBAL
from .source import ObservedRecord


class Known(NamedTuple):
    """Be what the ledger last said of a record."""

    alive: bool
    digest: str
    communities: frozenset[str]
    latest: datetime


class Change(NamedTuple):
    """Be an entry to append."""

    record: UUID
    scope: str
    kind: str
    at: datetime
    date_source: str
    facts: Facts | None = None


class Occasion(NamedTuple):
    """Say when and how a comparison is made.

    ``moment``: the present; ``date_source``: of changes that happen now; ``since``: records
    created from here on are being published now; ``joined``: for each parent the communities
    it did not have before this transaction, where that is known; ``accepted``: dates of requests.
    """

    moment: datetime
    date_source: str
    since: datetime | None = None
    joined: dict[UUID, frozenset[str]] = {}
    accepted: dict[tuple[UUID, str], datetime] = {}


def changes_of(record: ObservedRecord, known: Known | None, occasion: Occasion) -> Iterator[Change]:
    """Yield what the ledger lacks of a record, in the order of happening.

    Of a record that cannot be read the ledger keeps the facts that it knows; where it knows none,
    the record has to wait.
    """
    if known is None:
        if record.facts is not None:
            yield from _first_seen(record, occasion)
        return
    now = max(occasion.moment, known.latest)
    source = occasion.date_source
    if record.alive and record.facts is not None and record.facts.digest != known.digest:
        yield Change(record.uuid, GLOBAL, "edited", now, source, record.facts)
    if known.alive and not record.alive:
        deleted = max(record.deleted_at or now, known.latest)
        yield Change(record.uuid, GLOBAL, "deleted", deleted, source)
    if record.alive and not known.alive:
        yield Change(record.uuid, GLOBAL, "restored", now, source)
    for community in sorted(record.parent.communities - known.communities):
        yield Change(record.uuid, community, "added", now, source)
    for community in sorted(known.communities - record.parent.communities):
        yield Change(record.uuid, community, "removed", now, source)


def _first_seen(record: ObservedRecord, occasion: Occasion) -> Iterator[Change]:
    """Yield the history of a record that the ledger does not know, as far as it can be known."""
    is_new = occasion.since is not None and record.created >= occasion.since
    source = "seen" if is_new else "created"
    yield Change(record.uuid, GLOBAL, "added", record.created, source, record.facts)
    for community in sorted(record.parent.communities):
        at, how = _joined(record, community, occasion, is_new)
        yield Change(record.uuid, community, "added", max(at, record.created), how)
    if not record.alive:
        deleted = max(record.deleted_at or occasion.moment, record.created)
        yield Change(record.uuid, GLOBAL, "deleted", deleted, source)


def _joined(
    record: ObservedRecord, community: str, occasion: Occasion, is_new: bool
) -> tuple[datetime, str]:
    """Return when a record joined a community, and how that is known."""
    if is_new:
        return record.created, "seen"
    if community in occasion.joined.get(record.parent.uuid, ()):
        return occasion.moment, "seen"
    accepted = occasion.accepted.get((record.parent.uuid, community))
    return (accepted, "request") if accepted else (record.created, "created")
