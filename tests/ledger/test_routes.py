# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Every route by which records change, through the real services, on real commits.

The ledger sees each change exactly once, in the transaction of the change.
"""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from invenio_access.permissions import system_identity
from invenio_db import db
from invenio_rdm_records.proxies import (
    current_community_records_service as community_records,
)
from invenio_rdm_records.proxies import (
    current_rdm_records_service as records,
)
from invenio_rdm_records.proxies import (
    current_record_communities_service as record_communities,
)
from invenio_records_resources.services.uow import UnitOfWork

from invenio_usage_stats.indices import EVENTS, full_name, scroll
from invenio_usage_stats.ledger.models import LedgerEntry, LedgerRecord
from invenio_usage_stats.ledger.projection import drain
from invenio_usage_stats.ledger.reconcile import reconcile

from .. import content


def entries(record: str) -> list[tuple[str, str]]:
    """Return (scope, kind) of a record's entries, in the order of recording."""
    query = (
        sa.select(LedgerEntry.scope, LedgerEntry.kind)
        .join(LedgerRecord, LedgerRecord.id == LedgerEntry.record_id)
        .where(LedgerRecord.recid == record)
        .order_by(LedgerEntry.id)
    )
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


@pytest.fixture(scope="module", autouse=True)
def known(app) -> None:
    """Begin with a ledger that knows what other tests have left in the database."""
    reconcile()


@pytest.fixture(scope="module")
def communities(people) -> dict[str, str]:
    """Return two communities, and a third with a sub-community."""
    return {name: content.create_community(people["owner"]) for name in ("a", "b")}


@pytest.fixture(autouse=True)
def whole(app) -> Iterator[None]:
    """Check after each test that nothing was missed and nothing written twice."""
    yield
    assert not reconcile(dry_run=True)


@pytest.fixture
def record(people, communities) -> str:
    """Return a record that was published into no community."""
    return content.publish(people["uploader"])


PUBLISHED = [("global", "added")]


def test_plain_publication(record):
    assert entries(record) == PUBLISHED


def test_drafts_leave_no_trace(people):
    draft = content.create_draft(people["uploader"])
    assert entries(draft.id) == []


def test_accepted_review(people, communities):
    draft = content.create_draft(people["uploader"])
    request = content.submit(people["uploader"], draft.id, communities["a"], require_review=True)
    assert entries(draft.id) == []
    content.accept(people["owner"], request.id)
    assert entries(draft.id) == [*PUBLISHED, (communities["a"], "added")]


def test_direct_submission(people, communities):
    draft = content.create_draft(people["owner"])
    content.submit(people["owner"], draft.id, communities["a"], require_review=False)
    assert entries(draft.id) == [*PUBLISHED, (communities["a"], "added")]


def test_accepted_inclusion(people, communities, record):
    request = content.request_inclusion(people["uploader"], record, communities["a"])
    assert entries(record) == PUBLISHED
    content.accept(people["owner"], request)
    assert entries(record) == [*PUBLISHED, (communities["a"], "added")]


def test_inclusion_at_once(people, communities):
    record = content.publish(people["owner"])
    content.request_inclusion(people["owner"], record, communities["a"], require_review=False)
    assert entries(record) == [*PUBLISHED, (communities["a"], "added")]


def test_bulk_addition(communities, record):
    for _ in range(2):
        record_communities.bulk_add(system_identity, communities["b"], [record], set_default=True)
    assert entries(record) == [*PUBLISHED, (communities["b"], "added")]


def test_sub_community(people, record):
    parent, child = (content.create_community(people["owner"]) for _ in range(2))
    content.update_community(parent, children={"allow": True})
    content.update_community(child, parent={"id": parent})
    request = content.request_inclusion(people["uploader"], record, child)
    content.accept(people["owner"], request)
    assert sorted(entries(record)) == sorted([*PUBLISHED, (parent, "added"), (child, "added")])


def test_removal_through_the_record(communities, record):
    record_communities.bulk_add(system_identity, communities["a"], [record], set_default=False)
    content.leave(record, communities["a"])
    assert entries(record)[1:] == [(communities["a"], "added"), (communities["a"], "removed")]


def test_removal_through_the_community(people, communities, record):
    record_communities.bulk_add(system_identity, communities["a"], [record], set_default=False)
    body = {"records": [{"id": record}]}
    community_records.delete(people["owner"].identity, communities["a"], body)
    assert entries(record)[1:] == [(communities["a"], "added"), (communities["a"], "removed")]


def test_joining_again(communities, record):
    for _ in range(2):
        record_communities.bulk_add(system_identity, communities["a"], [record], set_default=False)
        content.leave(record, communities["a"])
    kinds = [kind for _, kind in entries(record)[1:]]
    assert kinds == ["added", "removed", "added", "removed"]


def test_default_community_is_no_change(communities, record):
    record_communities.bulk_add(system_identity, communities["a"], [record], set_default=False)
    before = entries(record)
    record_communities.set_default(system_identity, record, {"default": communities["a"]})
    assert entries(record) == before


def test_edit(people, record):
    content.edit(people["uploader"], record, publisher="Another press")
    assert entries(record) == [*PUBLISHED, ("global", "edited")]


def test_edit_of_what_is_not_counted(people, record):
    content.edit(people["uploader"], record, title="Another title")
    assert entries(record) == PUBLISHED


def test_new_version(people, communities, record):
    record_communities.bulk_add(system_identity, communities["a"], [record], set_default=False)
    version = content.new_version(people["uploader"], record)
    assert entries(version) == [*PUBLISHED, (communities["a"], "added")]
    assert entries(record) == [*PUBLISHED, (communities["a"], "added")]


def test_deletion_and_restore(record):
    content.delete(record)
    records.restore_record(system_identity, record)
    assert [kind for _, kind in entries(record)] == ["added", "deleted", "restored"]


def test_removal_of_a_deleted_record(communities, record):
    record_communities.bulk_add(system_identity, communities["a"], [record], set_default=False)
    content.leave(record, communities["a"])
    content.delete(record)
    assert [kind for _, kind in entries(record)] == ["added", "added", "removed", "deleted"]


def test_rollback_leaves_nothing(communities, record):
    with pytest.raises(RuntimeError), UnitOfWork() as uow:
        record_communities.bulk_add(
            system_identity, communities["b"], [record], set_default=False, uow=uow
        )
        raise RuntimeError("after the component ran")
    content.delete(record)
    assert [kind for _, kind in entries(record)] == ["added", "deleted"]


def documents(record: str) -> dict[str, dict]:
    """Return the projected documents of a record by id."""
    drain()
    hits = scroll(full_name(EVENTS), {"term": {"record_id": record}})
    return {hit["_id"]: hit["_source"] for hit in hits}


def test_projection_has_the_documented_fields(people, communities):
    record = content.publish(people["uploader"], {"a.pdf": b"12345"})
    record_communities.bulk_add(system_identity, communities["a"], [record], set_default=False)
    found = documents(record)
    assert set(found) == {f"{record}-global-1", f"{record}-{communities['a']}-1"}
    joined = found[f"{record}-{communities['a']}-1"]
    assert joined["community_id"] == communities["a"]
    assert joined["event_type"] == "added"
    assert joined["record_published_date"] == "2020-06-01"
    assert joined["record_created_date"] <= joined["event_date"]
    assert (joined["is_deleted"], joined["deleted_date"]) == (False, None)
    assert "facts" not in joined
    facts = found[f"{record}-global-1"]["facts"]
    assert facts["files"] == {"pdf": [1, 5]}
    assert facts["values"]["affiliations"] == ["Free University"]


def test_deletion_shows_on_every_document(communities, record):
    record_communities.bulk_add(system_identity, communities["a"], [record], set_default=False)
    documents(record)
    content.delete(record)
    found = documents(record)
    assert [d["event_type"] for d in found.values() if d["community_id"] != "global"] == ["added"]
    assert all(d["is_deleted"] and d["deleted_date"] for d in found.values())
    records.restore_record(system_identity, record)
    assert not any(d["is_deleted"] for d in documents(record).values())


def test_projecting_twice_changes_nothing(record):
    before = documents(record)
    with db.engine.begin() as connection:
        connection.execute(sa.update(LedgerEntry).values(projected_at=None))
    after = documents(record)
    assert before.keys() == after.keys()
    for id_, document in after.items():
        del document["updated_timestamp"], before[id_]["updated_timestamp"]
        assert document == before[id_]
