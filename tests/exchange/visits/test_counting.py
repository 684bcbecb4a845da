# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Visits are counted exactly, in whatever order they come, and change no other number."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha224

import pytest
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.aggregations.usage.daily import EVENT_BYTES
from invenio_usage_stats.indices import ALL_EVENTS, SHEETS, USAGE_SNAPSHOT, VISIT, full_name, scroll
from invenio_usage_stats.ledger.history import day_number
from invenio_usage_stats.operations.counts import days_to_count
from invenio_usage_stats.operations.passes import count_again
from invenio_usage_stats.operations.verify.base import Question
from invenio_usage_stats.operations.verify.sheets import sheets
from invenio_usage_stats.reader.periods import Period

from ...oracle.random_history import random_world
from ...oracle.records import is_zero
from ...oracle.usage import usage_deltas
from ...oracle.visits import FIELDS, Visit, by_day, counted, random_visits
from ...oracle.world import GLOBAL, Event, World, make_facts, publish
from ...world import Loader, answer, bare, forget_world, index_events, rest, wipe
from .stored import index_visits, stored

FIRST, DAYS = date(2024, 1, 23), 14
LONELY = "a-community-without-records"


@pytest.fixture(scope="module")
def world(app) -> World:
    """Return a world whose ids of visitors can be parted into lots."""
    made = random_world(411, operations=20, days=DAYS, start=FIRST, events=60)
    made.events = [replace(e, visitor=sha224(e.visitor.encode()).hexdigest()) for e in made.events]
    return made


@pytest.fixture(scope="module")
def visits(world) -> list[Visit]:
    """Return visits to the communities of the world, and to one that has no record."""
    return random_visits(411, [*world.scopes()[:3], LONELY], FIRST, DAYS)


@pytest.fixture(autouse=True)
def empty(app):
    """Begin and end with nothing."""
    forget_world()
    wipe()
    yield
    wipe()


def fill(world: World, visits: list[Visit]) -> None:
    """Store all that happened."""
    if world.operations:
        Loader(world).operations(sorted(world.operations, key=lambda o: o.at))
    index_events(world.events)
    index_visits(visits)


def expected(world: World) -> dict:
    """Return the documents that there are without visits."""
    return {key: bare(document) for key, document in usage_deltas(world).items()}


def with_use(documents: dict) -> dict:
    """Return the documents that tell of anything but visits."""
    return {key: document for key, document in documents.items() if not is_zero(document)}


def test_numbers_of_visits_in_documents_sheets_and_snapshots(world, visits):
    fill(world, visits)
    aggregate()
    found, others = stored()
    assert found == by_day(visits)
    assert with_use(others) == expected(world)
    question = Question(Period(FIRST, FIRST + timedelta(days=DAYS)))
    compared = list(sheets(question))
    assert compared and all(one.ours == one.theirs for one in compared)
    assert any(one.what.endswith(f"month: {VISIT}") for one in compared)
    for scope in (GLOBAL, LONELY, world.scopes()[0]):
        for day in (FIRST + timedelta(days=3), date(2024, 1, 31), date(2024, 2, 4)):
            totals = answer(USAGE_SNAPSHOT, scope, day, day)[day]["totals"]
            numbers = counted(visits, scope, FIRST, day)
            assert totals.get(VISIT, dict.fromkeys(FIELDS.values(), 0)) == {
                FIELDS[metric]: number for metric, number in numbers.items()
            }


def test_visits_that_come_later_and_in_lots_are_counted_as_if_at_once(world, visits, app):
    fill(world, visits[::2])
    aggregate()
    rest()
    index_visits(visits[1::2])
    usual = app.config["USAGE_STATS_MAX_MEMORY"]
    app.config["USAGE_STATS_MAX_MEMORY"] = 3 * EVENT_BYTES
    try:
        aggregate()
    finally:
        app.config["USAGE_STATS_MAX_MEMORY"] = usual
    found, others = stored()
    assert found == by_day(visits)
    assert with_use(others) == expected(world)


def test_visits_that_were_deleted_are_found_missing(world, visits):
    fill(world, visits)
    aggregate()
    rest()
    day = visits[0].at.date()
    doomed = [v for v in visits if v.at.date() == day and v.community == LONELY]
    body = {
        "query": {
            "bool": {
                "filter": [
                    {"term": {"community_id": LONELY}},
                    {"range": {"timestamp": {"gte": f"{day}T00:00:00", "lte": f"{day}T23:59:59"}}},
                ]
            }
        }
    }
    index = full_name(ALL_EVENTS[VISIT])
    current_search_client.delete_by_query(index=index, body=body, params={"refresh": "true"})
    days = days_to_count(Period(FIRST, FIRST + timedelta(days=DAYS)))
    assert (day_number(day) in days) == any(not v.is_robot for v in doomed)
    count_again(days)
    assert stored()[0] == by_day([v for v in visits if v not in doomed])


def test_without_visits_documents_have_no_field_for_them():
    world, at = World(), datetime(2024, 1, 10, 9)
    publish(world, "r1", "P1", at, make_facts(), "A")
    world.events = [Event(at, "view", "r1", "P1", "v", "s", "ui_r1")]
    fill(world, [])
    aggregate()
    sources = [hit["_source"] for hit in scroll(SHEETS.target, {"match_all": {}})]
    assert sources and all(set(source["totals"]) == {"view", "download"} for source in sources)
    assert stored()[0] == {}


def test_a_visit_counts_for_its_community_and_the_repository():
    at = datetime(2024, 1, 10, 14, 10)
    visits = [
        Visit(at, "A", "v1", "v1-14"),
        Visit(at.replace(minute=50), "A", "v1", "v1-14"),
        Visit(at.replace(minute=55), "B", "v1", "v1-14"),
        Visit(at.replace(hour=15), "A", "v1", "v1-15"),
        Visit(at, "A", "v2", "v2-14", is_robot=True),
    ]
    fill(World(), visits)
    aggregate()
    found, _ = stored()
    numbers = {scope: tuple(found[scope, at.date()][f] for f in FIELDS.values()) for scope in "AB"}
    assert numbers == {"A": (3, 2, 1), "B": (1, 1, 1)}
    assert found[GLOBAL, at.date()] == {
        "total_events": 4,
        "unique_visits": 3,
        "unique_visitors": 1,
    }


def test_a_visit_that_cannot_be_read_is_reported_and_the_others_count():
    at = datetime.now(UTC).replace(tzinfo=None, microsecond=0) - timedelta(days=3)
    good, bad = Visit(at, "A", "v1", "s1"), Visit(at, "A", "v2", "s2")
    fill(World(), [good])
    index_visits([replace(bad, community=None)])
    outcomes = aggregate()
    assert stored()[0]["A", at.date()]["total_events"] == 1
    assert any(outcome.outcome == "partial" for outcome in outcomes)
