# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Lives of records and communities that end, and what the documents say of them afterwards."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from invenio_access.permissions import system_identity
from invenio_communities.proxies import current_communities
from invenio_rdm_records.proxies import current_rdm_records_service as records
from invenio_rdm_records.proxies import (
    current_record_communities_service as record_communities,
)
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.errors import UnknownScopeError
from invenio_usage_stats.indices import RECORD_DELTAS, RECORD_SNAPSHOTS, USAGE_DELTA, full_name
from invenio_usage_stats.ledger.reconcile import reconcile
from invenio_usage_stats.reader.periods import today
from invenio_usage_stats.services.scopes import resolve_scope

from .. import content
from ..ledger import rows
from ..ledger.test_routes import entries
from ..oracle.world import Event, World, make_facts, publish
from ..properties.repository import ledger_parent
from ..world import answer, forget_world, index_events, load, next_second, stored_deltas, wipe
from .test_random_histories import everything

TOMBSTONE = {"removal_reason": {"id": "spam"}, "note": "", "is_visible": True}


@pytest.fixture
def community(clean, people) -> Iterator[str]:
    """Return a community; the ledger knows nothing of earlier tests."""
    yield content.create_community(people["owner"])
    forget_world()


@pytest.fixture
def member(community, people) -> str:
    """Return a record of the community."""
    record = content.publish(people["uploader"], {"a.pdf": b"12345"})
    record_communities.bulk_add(system_identity, community, [record], set_default=False)
    return record


def moves(scope: str, day: date | None = None) -> tuple[int, int]:
    """Return how many records a scope gained and lost on a day, by default on this one."""
    document = answer(RECORD_DELTAS[0], scope, day or today(), day or today())[day or today()]
    return document["records_added"], document["records_removed"]


def total(scope: str, day: date | None = None) -> int:
    """Return how many records a scope holds on a day, by default on this one."""
    document = answer(RECORD_SNAPSHOTS[0], scope, day or today(), day or today())[day or today()]
    return sum(document["total_records"].values())


def test_a_purged_record_is_subtracted_once(community, member):
    """Scenario A19."""
    reconcile()
    aggregate()
    next_second()
    content.delete(member)
    aggregate()
    stored = everything()
    assert (moves(community), total(community)) == ((1, 1), 0)
    records.mark_record_for_purge(system_identity, member)
    index = full_name(records.record_cls.index._name)
    body = {"query": {"term": {"id": member}}}
    content.refresh_all()
    assert current_search_client.delete_by_query(index=index, body=body)["deleted"] == 1
    reconcile()
    aggregate()
    assert [kind for _, kind in entries(member)] == ["added", "added", "deleted"]
    assert everything() == stored


def test_a_record_that_was_deleted_before_statistics_were_built(community, member):
    """Scenario A21."""
    content.delete(member)
    gone, made = date(2024, 2, 5), date(2024, 1, 20)
    rows.change(
        "UPDATE rdm_records_metadata SET created = :made, json = jsonb_set(json, "
        "'{tombstone,removal_date}', to_jsonb(cast(:gone as text))) WHERE json->>'id' = :record",
        made=f"{made} 10:00:00",
        gone=f"{gone}T11:12:13.123456+00:00",
        record=member,
    )
    wipe()
    reconcile()
    aggregate()
    for scope in (community, "global"):
        assert moves(scope, made)[0] >= 1
        assert moves(scope, gone)[1] == 1
    assert (moves(community, made), moves(community, gone)) == ((1, 0), (0, 1))
    assert [total(community, day) for day in (made, gone)] == [1, 0]


def test_a_deleted_community_is_unknown_and_complete_when_it_is_restored(community, member):
    """Scenario A23."""
    service = current_communities.service
    view(member, "before")
    aggregate()
    service.delete_community(system_identity, community, data=TOMBSTONE)
    content.refresh_all()
    view(member, "meanwhile")
    aggregate()
    with pytest.raises(UnknownScopeError):
        resolve_scope(system_identity, community)
    assert stored_deltas(USAGE_DELTA)[community, today()]
    service.restore_community(system_identity, community)
    content.refresh_all()
    assert resolve_scope(system_identity, community).id == community
    usage = answer(USAGE_DELTA, community, today(), today())[today()]
    assert usage["totals"]["view"]["total_events"] == 2
    assert (moves(community), total(community)) == ((1, 0), 1)


def view(record: str, visitor: str) -> None:
    """View a record now."""
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    index_events(
        [Event(now, "view", record, ledger_parent(record), visitor, visitor, f"ui_{record}")]
    )


def test_an_event_that_is_indexed_five_days_late(clean):
    """Scenario V7."""
    world, moment = World(), datetime(2024, 1, 20, 12)
    publish(world, "r1", "P1", moment - timedelta(days=10), make_facts(), "A")
    visits = [
        Event(at, "view", "r1", "P1", f"v{at.day}{at.hour}", f"s{at.day}{at.hour}", "ui")
        for at in (moment, moment + timedelta(days=3), moment + timedelta(hours=1))
    ]
    world.events = visits[:2]
    load(world)
    index_events(visits[2:])
    aggregate()
    assert stored_deltas(USAGE_DELTA)["A", moment.date()]["totals"]["view"]["total_events"] == 2
    grown = everything()
    world.events = visits
    load(world)
    assert grown == everything()
    forget_world()
