# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Events that are gone: their numbers stay, unless somebody asks for what is left."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.running.failures import failures
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.indices import SHEETS, USAGE_DELTA, USAGE_EVENTS, full_name, scroll
from invenio_usage_stats.operations.doctor import Finding
from invenio_usage_stats.operations.doctor.events import removed_events
from invenio_usage_stats.operations.nightly import nightly

from ..oracle.world import Event, World, make_facts, publish
from ..world import Loader, index_events, stored_deltas

MONTHS = (1, 2, 3)
ADVICE = "rebuild"


@pytest.fixture(autouse=True)
def counted(known) -> None:
    """Start with a record that was viewed and downloaded on five days of three months each."""
    world = World()
    publish(world, "r1", "P1", datetime(2024, 1, 1), make_facts({"pdf": [1, 9]}), "A")
    for month in MONTHS:
        for day in range(10, 15):
            at = datetime(2024, month, day, 9)
            world.events.append(Event(at, "view", "r1", "P1", "v", "s", "ui_r1"))
            file = {"file_key": "a.pdf", "size": 9}
            world.events.append(Event(at, "download", "r1", "P1", "v", "s", "f", **file))
    Loader(world).operations(world.operations)
    index_events(world.events)
    aggregate()


def index_of(month: int, kind: str = "view") -> str:
    """Return the index of a month's events."""
    return full_name(f"{USAGE_EVENTS[kind]}-2024-{month:02}")


def delete(month: int, days: tuple[int, ...] = tuple(range(10, 15))) -> None:
    """Delete the events of some days of a month."""
    dates = [f"2024-{month:02}-{day}" for day in days]
    ranges = [{"range": {"timestamp": {"gte": d, "lte": d}}} for d in dates]
    current_search_client.delete_by_query(
        index=",".join(index_of(month, kind) for kind in USAGE_EVENTS),
        body={"query": {"bool": {"should": ranges}}},
        params={"refresh": "true"},
    )


def numbers() -> tuple[dict, dict]:
    """Return the totals of views and downloads by scope and day, and the sheets."""
    days = {key: found["totals"] for key, found in stored_deltas(USAGE_DELTA).items()}
    hits = scroll(SHEETS.target, {"match_all": {}})
    return days, {hit["_id"]: hit["_source"].get("data") for hit in hits}


def drop(month: int) -> None:
    """Delete the indices of a month's events."""
    for kind in USAGE_EVENTS:
        current_search_client.indices.delete(index=index_of(month, kind))


GONE: dict[str, Callable[[], object]] = {
    "an index that is closed": lambda: current_search_client.indices.close(index=index_of(2)),
    "an index that is deleted": lambda: drop(2),
    "the last index": lambda: drop(3),
    "most events of a month": lambda: delete(2, (10, 11, 12)),
}


@pytest.mark.parametrize("name", GONE)
def test_days_whose_events_are_gone_stay(name):
    before = numbers()
    GONE[name]()
    try:
        assert nightly().days == 0
        assert numbers() == before
        finding = removed_events()
        assert ADVICE in finding.advice
        assert "2024-0" in finding.state
    finally:
        current_search_client.indices.open(index=index_of(2), ignore=[404])


@pytest.mark.parametrize("days", [(10, 11, 12, 13, 14), (10,)])
def test_what_is_removed_for_its_age_stays(days):
    before = numbers()
    delete(1, days)
    assert nightly().days == 0
    assert numbers() == before
    assert removed_events() == Finding(
        f"of {len(days)} days up to 2024-01-{days[-1]}; what was counted stays as it is"
    )


def test_some_deleted_events_of_a_month_are_counted_no_more():
    delete(2, (11, 12))
    assert nightly().days == 2
    assert ("A", date(2024, 2, 11)) not in numbers()[0]
    assert removed_events() == Finding("none")


def test_a_late_event_does_not_overwrite_what_is_gone():
    before = numbers()
    current_search_client.indices.close(index=index_of(2))
    file = {"file_key": "a.pdf", "size": 9}
    try:
        at = datetime(2024, 2, 10, 15)
        index_events([Event(at, "download", "r1", "P1", "w", "w", "f", **file)])
        aggregate()
        assert "view events are gone" in failures()[0]["reason"]
        assert numbers() == before
    finally:
        current_search_client.indices.open(index=index_of(2))
    assert nightly().days == 1
    found = numbers()[0]["A", date(2024, 2, 10)]
    assert [found[kind]["total_events"] for kind in ("view", "download")] == [1, 2]
    assert failures() == []


def test_a_backfill_does_not_touch_them_and_a_rebuild_does(run):
    before = numbers()
    drop(2)
    assert "Nothing is missing" in run("backfill", "--workers", "local")[1]
    assert numbers() == before
    asked = ("--since", "2024-02-01", "--until", "2024-02-28", "--workers", "local")
    assert run("rebuild", *asked)[0] == 0
    assert {day.month for _, day in numbers()[0]} == {1, 3}
    assert removed_events() == Finding("none")
