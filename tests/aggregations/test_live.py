# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Real visits through the web application, the queue and the real tasks."""

from datetime import datetime, timedelta

import pytest
from invenio_access.permissions import system_identity
from invenio_rdm_records.proxies import (
    current_record_communities_service as record_communities,
)
from invenio_records_resources.proxies import current_service_registry
from invenio_search import current_search_client
from invenio_stats.proxies import current_stats
from invenio_stats.tasks import process_events

from invenio_usage_stats.aggregations import runs
from invenio_usage_stats.indices import (
    REPOSITORY,
    USAGE_DELTA,
    USAGE_EVENTS,
    full_name,
    refresh,
    scroll,
)
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.periods import Period, today
from invenio_usage_stats.services.scopes import Scope
from invenio_usage_stats.tasks import aggregate

from .. import content
from ..oracle.random_history import random_world
from ..oracle.world import Event, World, make_facts, publish
from ..world import Loader, answer, count_in_the_repository, forget_world, index_events, load, wipe

KINDS = ["record-view", "file-download"]


@pytest.fixture
def visited(app, client, people) -> dict[str, str]:
    """Return a record of a community that was viewed twice and downloaded once."""
    # the visits of earlier tests may still wait in the queue
    process_events(KINDS)
    wipe()
    forget_world()
    community = content.create_community(people["owner"])
    record = content.publish(people["uploader"], {"x.pdf": b"0123456789"})
    record_communities.bulk_add(system_identity, community, [record], set_default=False)
    draft = content.create_draft(people["uploader"], {"y.pdf": b"01"})
    for agent in (content.BROWSER, {"User-Agent": "Googlebot/2.1"}, content.BROWSER):
        assert client.get(f"/records/{record}", headers=agent).status_code == 200
    path = f"/records/{record}/files/x.pdf?download=1"
    assert client.get(path, headers=content.BROWSER).status_code == 200
    process_events(KINDS)
    for alias in USAGE_EVENTS.values():
        refresh(full_name(alias))
    return {"community": community, "record": record, "draft": draft.id}


def test_a_visit_reaches_the_delta(visited):
    aggregate()
    for scope in (visited["community"], "global"):
        totals = answer(USAGE_DELTA, scope, today(), today())[today()]["totals"]
        assert totals["download"]["total_events"] == 1
        assert totals["download"]["total_volume"] == 10
        assert 1 <= totals["view"]["total_events"] <= 2
        assert totals["view"]["unique_records"] == 1


def test_items_have_labels_of_the_vocabularies(app, vocabulary):
    """Scenario V11: a record with a funder and an affiliation is viewed."""
    wipe()
    forget_world()
    world, moment = World(), datetime(2024, 1, 10, 9)
    publish(world, "r1", "P1", moment, make_facts(**vocabulary), "A")
    world.events = [_view(moment)]
    load(world)
    for scope in ("A", "global"):
        period = Period(moment.date(), moment.date())
        service = current_usage_stats.service
        (document,) = service.daily_documents(Scope(scope), USAGE_DELTA, period)
        for field, label in (("by_affiliations", "CERN"), ("by_funders", "European Commission")):
            (item,) = document["subcounts"][field]
            assert (item["label"], item["view"]["total_events"]) == (label, 1)


@pytest.fixture(scope="module")
def vocabulary(app) -> dict[str, str]:
    """Create an affiliation and a funder, and return their ids by dimension."""
    terms = {
        "affiliations": {"id": "01ggx4157", "name": "CERN", "title": {"en": "CERN"}},
        "funders": {"id": "00k4n6c32", "name": "European Commission", "title": {"en": "EC"}},
    }
    for name, term in terms.items():
        current_service_registry.get(name).create(system_identity, term)
    content.refresh_all()
    return {name: term["id"] for name, term in terms.items()}


def repository_sums(kind: str) -> dict:
    """Return (events, unique) by day, from the repository's own documents."""
    sums: dict = {}
    refresh(full_name(REPOSITORY[kind]))
    for hit in scroll(full_name(REPOSITORY[kind]), {"match_all": {}}):
        document = hit["_source"]
        day = document["timestamp"][:10]
        count, unique = sums.get(day, (0, 0))
        sums[day] = (count + document["count"], unique + document["unique_count"])
    return sums


@pytest.mark.parametrize("seed", [101, 102])
def test_totals_agree_with_the_repository(app, seed):
    forget_world()
    world = random_world(seed, operations=60, days=40)
    load(world)
    count_in_the_repository()
    first = min(event.at for event in world.events).date()
    last = max(event.at for event in world.events).date()
    days = answer(USAGE_DELTA, "global", first, last)
    for kind, unique in (("view", "unique_views"), ("download", "unique_downloads")):
        ours = {
            day.isoformat(): (d["totals"][kind]["total_events"], d["totals"][kind][unique])
            for day, d in days.items()
            if d["totals"][kind]["total_events"]
        }
        assert ours == repository_sums(kind)
    assert last - first >= timedelta(days=10)
    forget_world()


def test_stock_statistics_still_work(app):
    assert {"record-view", "file-download"} <= set(current_stats.events)
    assert {"record-view-agg", "file-download-agg"} <= set(current_stats.aggregations)
    assert {"record-view", "record-download"} <= set(current_stats.queries)


def test_many_days_that_are_touched_at_once(app):
    """A search engine allows 1,024 clauses, fewer than three years have days."""
    wipe()
    forget_world()
    world, first = World(), datetime(2020, 1, 1, 12)
    publish(world, "r1", "P1", first, make_facts(), "A")
    days = [first + timedelta(days=n) for n in range(1100)]
    world.events = [_view(day) for day in days]
    Loader(world).operations(world.operations)
    index_events(world.events)
    done = runs.aggregate()
    deltas_and_sheets = 2 * 2 * len(days)
    assert next(o.documents for o in done if o.name == "usage delta") == deltas_and_sheets
    wipe()
    current_search_client.indices.delete(index=full_name("events-stats-record-view-202[0-2]*"))


def _view(moment: datetime) -> Event:
    return Event(moment, "view", "r1", "P1", "v", "s", "ui_r1")
