# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A repository that is used through its services, and what its ledger should say of it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime

import sqlalchemy as sa
from invenio_access.permissions import system_identity
from invenio_communities.proxies import current_communities
from invenio_db import db
from invenio_rdm_records.proxies import current_rdm_records_service as records
from invenio_rdm_records.proxies import current_record_communities_service as record_communities

from invenio_usage_stats.ledger.history import GLOBAL
from invenio_usage_stats.ledger.models import LedgerEntry, LedgerFacts, LedgerRecord

from .. import content
from ..oracle.world import Event, Operation, Record, World
from ..world import index_events

Entry = tuple[str, str]
"""Scope and kind."""
OPEN = {"record": "public", "files": "public"}
EMBARGO = {"active": True, "until": "2999-01-01", "reason": None}
ACCESS = (
    OPEN,
    {"record": "restricted", "files": "restricted"},
    {"record": "public", "files": "restricted", "embargo": EMBARGO},
)
METADATA = (
    {},
    {"title": "Another title"},
    {"publisher": "Another press"},
    {"languages": [], "resource_type": {"id": "article"}},
    {"publication_date": "1850-03"},
)


@dataclass
class Version:
    """Be a published record: its last metadata and access, by number."""

    id: str
    has_files: bool
    metadata: int = 0
    access: int = 0
    alive: bool = True

    @property
    def counted(self) -> tuple:
        """Return what facts depend on; a title is no fact."""
        shown = 0 if self.metadata == 1 else self.metadata
        return shown, self.access


@dataclass
class Work:
    """Be a work and the communities that it belongs to."""

    versions: list[Version]
    communities: list[str] = field(default_factory=list)

    @property
    def alive(self) -> list[Version]:
        return [version for version in self.versions if version.alive]


class Repository:
    """Do things to records through services; what is impossible does nothing."""

    def __init__(self, people: dict, communities: list[str]) -> None:
        self.owner, self.uploader = people["owner"], people["uploader"]
        self.communities = communities
        self.works: list[Work] = []
        self.entries: defaultdict[str, list[Entry]] = defaultdict(list)
        self.events: list[Event] = []

    def do(self, action: str, number: int, other: int) -> None:
        """Do something to the work of a number."""
        if action == "publish":
            self.publish(bool(other % 2))
        elif self.works:
            work = self.works[number % len(self.works)]
            if work.alive or action == "restore":
                getattr(self, action)(work, other)

    def _note(self, work: Work, scope: str, kind: str) -> None:
        for version in work.versions:
            self.entries[version.id].append((scope, kind))

    def publish(self, has_files: bool) -> None:
        id_ = content.publish(self.uploader, {"a.pdf": b"12345"} if has_files else None)
        self.works.append(Work([Version(id_, has_files)]))
        self.entries[id_].append((GLOBAL, "added"))

    def submit(self, work: Work, other: int) -> None:
        """Publish a work by an accepted review."""
        community = self.communities[other % len(self.communities)]
        draft = content.create_draft(self.uploader)
        request = content.submit(self.uploader, draft.id, community, require_review=True)
        content.accept(self.owner, request.id)
        self.works.append(Work([Version(draft.id, False)], [community]))
        self.entries[draft.id] += [(GLOBAL, "added"), (community, "added")]

    def version(self, work: Work, other: int) -> None:
        if not work.versions[-1].alive:
            return
        id_ = content.new_version(self.uploader, work.versions[-1].id)
        work.versions.append(Version(id_, False))
        self.entries[id_].append((GLOBAL, "added"))
        self.entries[id_] += [(community, "added") for community in sorted(work.communities)]

    def edit(self, work: Work, other: int) -> None:
        self._change(work.alive[-1], other % len(METADATA), work.alive[-1].access)

    def access(self, work: Work, other: int) -> None:
        self._change(work.alive[-1], work.alive[-1].metadata, other % len(ACCESS))

    def _change(self, version: Version, metadata: int, access: int) -> None:
        before = version.counted
        draft = records.edit(self.uploader.identity, version.id)
        data = content.metadata(**METADATA[metadata])
        data |= {"files": draft.data["files"], "access": ACCESS[access]}
        records.update_draft(self.uploader.identity, version.id, data)
        records.publish(self.uploader.identity, version.id)
        version.metadata, version.access = metadata, access
        if version.counted != before:
            self.entries[version.id].append((GLOBAL, "edited"))

    def join(self, work: Work, other: int) -> None:
        self.join_all([work], other)

    def bulk(self, work: Work, other: int) -> None:
        self.join_all([work for work in self.works if work.alive], other)

    def join_all(self, works: list[Work], other: int) -> None:
        community = self.communities[other % len(self.communities)]
        ids = [work.alive[-1].id for work in works]
        record_communities.bulk_add(system_identity, community, ids, set_default=False)
        for work in works:
            if community not in work.communities:
                work.communities.append(community)
                self._note(work, community, "added")

    def ask(self, work: Work, other: int) -> None:
        """Join by an accepted request."""
        community = self.communities[other % len(self.communities)]
        if community not in work.communities:
            request = content.request_inclusion(self.uploader, work.alive[-1].id, community)
            content.accept(self.owner, request)
            work.communities.append(community)
            self._note(work, community, "added")

    def leave(self, work: Work, other: int) -> None:
        if work.communities:
            community = work.communities.pop(other % len(work.communities))
            content.leave(work.alive[-1].id, community)
            self._note(work, community, "removed")

    def delete(self, work: Work, other: int) -> None:
        version = work.alive[other % len(work.alive)]
        content.delete(version.id)
        version.alive = False
        self.entries[version.id].append((GLOBAL, "deleted"))

    def restore(self, work: Work, other: int) -> None:
        gone = [version for version in work.versions if not version.alive]
        if gone:
            version = gone[other % len(gone)]
            records.restore_record(system_identity, version.id)
            version.alive = True
            self.entries[version.id].append((GLOBAL, "restored"))

    def close(self, work: Work, other: int) -> None:
        """Delete a community; its records do not notice."""
        if len(self.communities) > 1:
            community = self.communities.pop(other % len(self.communities))
            tombstone = {"removal_reason": {"id": "spam"}, "note": "", "is_visible": True}
            service = current_communities.service
            service.delete_community(system_identity, community, data=tombstone)

    def use(self, work: Work, other: int) -> None:
        """View a record, or download its file."""
        version = work.versions[other % len(work.versions)]
        at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        parent = ledger_parent(version.id)
        common = (version.id, parent, f"v{other}", f"s{other}")
        event = Event(at, "view", *common, f"ui_{version.id}")
        if version.has_files and other % 2:
            event = Event(at, "download", *common, f"{version.id}_a.pdf", file_key="a.pdf", size=5)
        self.events.append(event)
        index_events([event])


def ledger_parent(record: str) -> str:
    """Return the parent that the ledger knows of a record."""
    query = sa.select(LedgerRecord.parent_recid).where(LedgerRecord.recid == record)
    with db.engine.connect() as connection:
        return connection.execute(query).scalar_one()


def world_of_ledger(events: list[Event]) -> World:
    """Return the world that the ledger has seen."""
    query = (
        sa.select(LedgerRecord.recid, LedgerRecord.parent_recid, LedgerRecord.created)
        .add_columns(LedgerEntry.scope, LedgerEntry.kind, LedgerEntry.effective_at)
        .add_columns(LedgerFacts.facts)
        .join(LedgerEntry, LedgerEntry.record_id == LedgerRecord.id)
        .outerjoin(LedgerFacts, LedgerFacts.id == LedgerEntry.facts_id)
        .order_by(LedgerEntry.id)
    )
    world = World(events=list(events))
    with db.engine.connect() as connection:
        for row in connection.execute(query):
            world.records[row.recid] = Record(row.parent_recid, row.created)
            facts = row.facts and {"values": {}, "files": {}, "published": "", **row.facts}
            entry = Operation(row.effective_at, row.recid, row.kind, row.scope, facts)
            world.operations.append(entry)
    return world
