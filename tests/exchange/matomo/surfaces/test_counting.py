# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reported downloads are counted exactly, in whatever order they come, and beside all others."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.reports import REPORTED as METRIC
from invenio_usage_stats.aggregations.reports import SOFTWARE
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.aggregations.usage.daily import EVENT_BYTES
from invenio_usage_stats.indices import REPORTED, SHEETS, USAGE_SNAPSHOT, full_name, scroll
from invenio_usage_stats.ledger.history import day_number
from invenio_usage_stats.operations.counts import days_to_count
from invenio_usage_stats.operations.passes import count_again
from invenio_usage_stats.operations.verify.base import Question
from invenio_usage_stats.operations.verify.sheets import sheets
from invenio_usage_stats.reader.periods import Period

from ....oracle.random_history import random_world
from ....oracle.records import is_zero
from ....oracle.reports import Reported, by_day, placed, random_reports, within
from ....oracle.usage import usage_deltas
from ....oracle.world import GLOBAL, Event, Operation, World, make_facts, publish
from ....world import Loader, answer, bare, forget_world, index_events, rest, wipe
from .stored import index_reports, stored, switched, taken

FIRST, DAYS = date(2024, 1, 27), 8
WHOLE = Period(FIRST, FIRST + timedelta(days=DAYS))


@pytest.fixture(scope="module", autouse=True)
def counted(app):
    """Count what is reported."""
    with switched(True, app):
        yield


@pytest.fixture(scope="module")
def world() -> World:
    """Return a world whose records join and leave communities."""
    return random_world(912, operations=30, days=DAYS, start=FIRST, events=60)


@pytest.fixture(scope="module")
def reports(world) -> list[Reported]:
    """Return reports of its records."""
    things = [(record, known.parent) for record, known in world.records.items()]
    return random_reports(912, things, FIRST, DAYS)


@pytest.fixture(autouse=True)
def empty(app):
    """Begin and end with nothing."""
    forget_world()
    wipe()
    yield
    wipe()


def operations(world: World) -> list:
    """Return what happened, in order."""
    return sorted(world.operations, key=lambda o: o.at)


def fill(world: World, reports: list[Reported]) -> None:
    """Store all that happened."""
    if world.operations:
        Loader(world).operations(operations(world))
    index_events(world.events)
    index_reports(reports)


def with_use(documents: dict) -> dict:
    """Return the documents that tell of anything else."""
    return {key: document for key, document in documents.items() if not is_zero(document)}


def expected(world: World) -> dict:
    """Return the documents that there are without reports."""
    return {key: bare(document) for key, document in usage_deltas(world).items()}


def test_numbers_in_documents_sheets_and_snapshots(world, reports):
    fill(world, reports)
    aggregate()
    found, others = stored()
    assert found == by_day(world, reports)
    assert len({scope for scope, _ in found}) > 2
    assert with_use(others) == expected(world)
    compared = list(sheets(Question(WHOLE)))
    assert compared and all(one.ours == one.theirs for one in compared)
    for name in (METRIC.event, SOFTWARE.id):
        assert any(one.what.endswith(f"month: {name}") for one in compared)
    own = placed(world, reports)
    for scope in (GLOBAL, world.scopes()[0]):
        for day in (FIRST + timedelta(days=2), date(2024, 1, 31), date(2024, 2, 4)):
            document = answer(USAGE_SNAPSHOT, scope, day, day)[day]
            until = Counter(r.software for r in within(own[scope], FIRST, day))
            assert taken(document, "snapshot") == until


def test_what_comes_later_and_in_lots_is_counted_as_if_at_once(world, reports, app):
    """Reports come in two parts; and so does the ledger, which changes where the first counted."""
    known, loader = operations(world), Loader(world)
    loader.operations(known[: len(known) // 2])
    index_events(world.events)
    index_reports(reports[::2])
    aggregate()
    rest()
    loader.operations(known[len(known) // 2 :])
    aggregate()
    assert stored()[0] == by_day(world, reports[::2])
    rest()
    index_reports(reports[1::2])
    usual = app.config["USAGE_STATS_MAX_MEMORY"]
    app.config["USAGE_STATS_MAX_MEMORY"] = 3 * EVENT_BYTES
    try:
        aggregate()
    finally:
        app.config["USAGE_STATS_MAX_MEMORY"] = usual
    found, others = stored()
    assert found == by_day(world, reports)
    assert with_use(others) == expected(world)


def test_memberships_that_become_known_later_move_what_was_counted():
    """On each day another record is reported, too, whose communities stay the same."""
    world, at = World(), datetime(2024, 1, 10, 9)
    publish(world, "r1", "P1", at, make_facts(), "A")
    publish(world, "r2", "P2", at, make_facts(), "A")
    whole, version = at + timedelta(days=2), at + timedelta(days=4)
    reports = [Reported(whole, "P1", None, "ilastik"), Reported(version, "P1", "r1", "ilastik")]
    reports += [replace(report, parent="P2", record="r2") for report in reports]
    loader = Loader(world)
    loader.operations(operations(world))
    index_reports(reports)
    rest()
    aggregate()
    rest()
    moved = at + timedelta(days=1)
    later = [Operation(moved, "r1", "added", "B"), Operation(moved, "r1", "removed", "A")]
    world.operations += later
    loader.operations(later)
    aggregate()
    found = stored()[0]
    assert found == by_day(world, reports)
    assert {found[scope, day.date()]["ilastik"] for scope in "AB" for day in (whole, version)} == {
        1
    }


def test_reports_that_were_deleted_are_found_missing(world, reports):
    fill(world, reports)
    aggregate()
    rest()
    day = next(report.at.date() for report in reports if report.counts)
    left = [r for r in reports if r.at.date() != day or r.software != "ilastik"]
    bounds = {"gte": f"{day}T00:00:00", "lte": f"{day}T23:59:59.999"}
    doomed = [{"term": {"consumer": "ilastik"}}, {"range": {"timestamp": bounds}}]
    body = {"query": {"bool": {"filter": doomed}}}
    index = full_name(REPORTED)
    current_search_client.delete_by_query(index=index, body=body, params={"refresh": "true"})
    days = days_to_count(WHOLE)
    assert day_number(day) in days
    count_again(days)
    assert stored()[0] == by_day(world, left)


def test_a_reported_download_counts_for_its_record_its_work_and_their_communities():
    world, at = World(), datetime(2024, 1, 10, 9)
    publish(world, "r1", "P1", at, make_facts(), "A")
    publish(world, "r2", "P1", at.replace(hour=12), make_facts(), "A", "B")
    reports = [
        Reported(at.replace(hour=10), "P1", "r1", "ilastik"),
        Reported(at.replace(hour=10), "P1", "r1", "ilastik"),
        Reported(at.replace(hour=11), "P1", None, "ilastik"),
        Reported(at.replace(hour=13), "P1", None, "deepimagej"),
        Reported(at.replace(hour=13), "P1", "r1", "deepimagej", is_robot=True),
        Reported(at.replace(hour=13), None, None, "ilastik", resolved=False),
        Reported(at.replace(hour=13), None, None, "ilastik", action="page", resolved=None),
    ]
    world.events = [Event(at.replace(hour=14), "download", "r1", "P1", "v", "s", "f", size=7)]
    fill(world, reports)
    aggregate()
    found, others = stored()
    everything = Counter(ilastik=3, deepimagej=1)
    day = at.date()
    assert found == {
        (GLOBAL, day): everything,
        ("A", day): everything,
        ("B", day): Counter(deepimagej=1),
    }
    assert others[GLOBAL, day]["totals"]["download"]["total_events"] == 1


def test_what_is_not_a_reported_download_leaves_nothing(reports):
    others = [report for report in reports if not report.counts and not report.is_robot]
    assert others
    fill(World(), others)
    aggregate()
    assert list(scroll(SHEETS.target, {"match_all": {}})) == []


def test_without_reports_documents_have_no_field_for_them(world):
    fill(world, [])
    aggregate()
    found = [hit["_source"] for hit in scroll(SHEETS.target, {"match_all": {}})]
    assert found and all(set(source["totals"]) == {"view", "download"} for source in found)
    fields = {name for _, document in stored()[1].items() for name in document["subcounts"]}
    assert SOFTWARE.field("reports", "delta") not in fields


def test_a_report_that_cannot_be_read_is_told_and_the_others_count():
    at = datetime.now(UTC).replace(tzinfo=None, microsecond=0) - timedelta(days=3)
    good = Reported(at, "P9", "r9", "ilastik")
    fill(World(), [good, replace(good, parent=None)])
    outcomes = aggregate()
    assert stored()[0] == {(GLOBAL, at.date()): Counter(ilastik=1)}
    assert any(outcome.outcome == "partial" for outcome in outcomes)
