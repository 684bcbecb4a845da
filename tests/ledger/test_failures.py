# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What goes wrong around the ledger stops nobody and loses nothing."""

import logging
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from invenio_access.permissions import system_identity
from invenio_db import db
from invenio_rdm_records.proxies import (
    current_record_communities_service as record_communities,
)
from invenio_search.engine import search

from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.errors import SetupError
from invenio_usage_stats.indices import EVENTS, full_name, refresh, scroll
from invenio_usage_stats.ledger.models import LedgerEntry, LedgerFacts, LedgerRecord
from invenio_usage_stats.ledger.projection import drain
from invenio_usage_stats.ledger.reconcile import reconcile
from invenio_usage_stats.ledger.recorder import Notes, record
from invenio_usage_stats.operations.setup import setup
from invenio_usage_stats.proxies import current_usage_stats

from .. import content
from ..trouble import blocked, together, unreachable
from .test_routes import entries
from .unusable import closed, missing

TABLES = (LedgerEntry.__table__, LedgerFacts.__table__, LedgerRecord.__table__)


@pytest.fixture
def community(people) -> str:
    return content.create_community(people["owner"])


def full() -> AbstractContextManager:
    """Make the index of ledger entries refuse writes."""
    return blocked(full_name(EVENTS))


@pytest.mark.parametrize("trouble", [full, closed, missing])
def test_our_index_is_of_no_concern_to_users(people, community, trouble, caplog):
    drain()
    with trouble(), caplog.at_level(logging.INFO, logger="opensearch"):
        caplog.clear()
        published = content.publish(people["uploader"])
        record_communities.bulk_add(system_identity, community, [published], set_default=False)
        content.delete(published)
        assert not [m for m in caplog.messages if full_name("stats-community") in m]
    kinds = [kind for _, kind in entries(published)]
    assert kinds == ["added", "added", "deleted"]
    drain()
    hits = list(scroll(full_name(EVENTS), {"term": {"record_id": published}}))
    assert len(hits) == 3


def test_a_dead_search_engine_delays_and_loses_nothing(people, community):
    draft = content.create_draft(people["uploader"])
    drain()
    with unreachable(), pytest.raises(search.OpenSearchException):
        content.records.publish(people["uploader"].identity, draft.id)
    assert entries(draft.id) == [("global", "added")]
    drain()
    hits = list(scroll(full_name(EVENTS), {"term": {"record_id": draft.id}}))
    assert [hit["_source"]["event_type"] for hit in hits] == ["added"]


def test_projection_fails_as_a_whole_and_is_repeated(people):
    published = content.publish(people["uploader"])
    with unreachable(), pytest.raises(search.OpenSearchException):
        drain()
    assert drain() >= 1
    refresh(full_name(EVENTS))
    assert len(list(scroll(full_name(EVENTS), {"term": {"record_id": published}}))) == 1


def test_records_published_before_setup_are_counted_after_it(people, community):
    with db.engine.begin() as connection:
        connection.execute(sa.text(f"DROP TABLE {', '.join(table.name for table in TABLES)}"))
    try:
        failures = current_usage_stats.recorder_failures
        published = content.publish(people["uploader"])
        record_communities.bulk_add(system_identity, community, [published], set_default=False)
        assert current_usage_stats.recorder_failures > failures
        with pytest.raises(SetupError, match="usage-stats setup"):
            aggregate()
    finally:
        lines = list(setup())
    assert lines[0].startswith("tables: created")
    assert entries(published) == [("global", "added"), (community, "added")]
    assert "ledger: 0 entries added" in setup()


def sources(published: str) -> dict[str, str]:
    query = (
        sa.select(LedgerEntry.scope, LedgerEntry.date_source)
        .join(LedgerRecord, LedgerRecord.id == LedgerEntry.record_id)
        .where(LedgerRecord.recid == published)
    )
    with db.engine.connect() as connection:
        return dict(tuple(row) for row in connection.execute(query))


def forget(published: str) -> None:
    """Remove a record from the ledger."""
    ids = sa.select(LedgerRecord.id).where(LedgerRecord.recid == published).scalar_subquery()
    with db.engine.begin() as connection:
        for model in (LedgerEntry, LedgerFacts):
            connection.execute(sa.delete(model).where(model.record_id == ids))
        connection.execute(sa.delete(LedgerRecord).where(LedgerRecord.recid == published))


def test_a_rebuilt_ledger_says_how_it_knows_its_dates(people, community):
    draft = content.create_draft(people["uploader"])
    request = content.submit(people["uploader"], draft.id, community, require_review=True)
    content.accept(people["owner"], request.id)
    other = content.create_community(people["owner"])
    record_communities.bulk_add(system_identity, other, [draft.id], set_default=False)
    assert set(sources(draft.id).values()) == {"seen"}
    forget(draft.id)
    assert sum(reconcile(dry_run=True).values()) == 3
    reconcile()
    assert sources(draft.id) == {"global": "created", community: "request", other: "created"}


def test_drift_is_found_and_repaired(people, community):
    published = content.publish(people["uploader"])
    with db.engine.begin() as connection:
        parents = content.records.read(system_identity, published)._record.parent.model.id
        connection.execute(
            sa.text(
                "UPDATE rdm_parents_metadata SET json = jsonb_set(json, '{communities}', "
                "jsonb_build_object('ids', jsonb_build_array(cast(:c as text)))) WHERE id = :p"
            ),
            {"c": community, "p": parents},
        )
    assert reconcile() == {("added", "reconciled"): 1}
    assert entries(published)[-1] == (community, "added")


def test_two_workers_record_a_change_once(people):
    published = content.publish(people["uploader"])
    parent = content.records.read(system_identity, published)._record.parent.model.id
    uuid = content.records.read(system_identity, published)._record.id
    forget(published)
    together(lambda: _record(parent, uuid))
    assert entries(published) == [("global", "added")]


def _record(parent, uuid) -> None:
    notes = Notes()
    notes.note_parent(parent)
    notes.by_parent[parent] = {uuid}
    with db.engine.begin() as connection:
        record(connection, notes)


def test_two_workers_project_a_change_once(people):
    published = content.publish(people["uploader"])
    together(drain)
    refresh(full_name(EVENTS))
    assert len(list(scroll(full_name(EVENTS), {"term": {"record_id": published}}))) == 1


def test_many_records_joining_at_once_are_few_requests(people, community, caplog):
    published = [content.publish(people["uploader"]) for _ in range(12)]
    statements = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    record_communities.bulk_add(system_identity, community, published, set_default=False)
    ours = [s for s in statements if s.startswith("INSERT INTO usage_stats_entries")]
    assert len(ours) == 1
    assert [entries(p)[-1] for p in published] == [(community, "added")] * 12
