# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Months are counted from the real index, shown as a whole, and closed."""

from datetime import datetime, timedelta

import pytest
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.running import leases
from invenio_usage_stats.aggregations.running.journal import last_of
from invenio_usage_stats.errors import LeaseLostError, MonthError, SetupError
from invenio_usage_stats.exchange import tasks
from invenio_usage_stats.exchange.counter import counting, monthly, reading
from invenio_usage_stats.exchange.counter.documents import MONTHS
from invenio_usage_stats.exchange.counter.metrics import DOWNLOADS, VIEWS
from invenio_usage_stats.exchange.counter.months import states, usage_in, usage_of
from invenio_usage_stats.indices import full_name, refresh
from invenio_usage_stats.operations.status import lines, status

from .oracle import counted, random_days
from .raw import NEW, said, store

MARCH = "2026-03"
MARCH_BEGINS = datetime(2026, 3, 1)

pytestmark = pytest.mark.usefixtures("counting")


def views(month: str = MARCH, level: str = "record") -> dict[str, int]:
    """Return the views of each dataset of a month."""
    return {usage.recid: usage.counts[VIEWS] for usage in usage_in(month, level)}


def documents() -> int:
    """Return how many documents there are, of all generations."""
    refresh(full_name(MONTHS))
    return current_search_client.count(index=full_name(MONTHS))["count"]


@pytest.mark.parametrize("seed", range(100, 106))
def test_random_days_in_lots_are_what_the_rules_say(seed, now, monkeypatch):
    now("2026-03-20")
    monkeypatch.setattr(reading, "LOT", 30)
    monkeypatch.setattr("invenio_usage_stats.indices.PAGE", 25)
    heard = random_days(seed, MARCH_BEGINS + timedelta(days=3), 500)
    store(heard)
    assert len(list(reading.lots(MARCH))) > 10
    assert monthly.count(MARCH).events == len(heard)
    for level in ("record", "parent"):
        expected = counted(heard, level)
        found = list(usage_in(MARCH, level))
        assert [usage.recid for usage in found] == sorted(expected)
        for usage in found:
            said_of_it = usage._asdict()
            assert {name: said_of_it[name] for name in expected[usage.recid]} == (
                expected[usage.recid]
            )


def test_a_month_begins_and_ends_with_itself(now):
    now("2026-05-01")
    store(
        [
            said("2026-02-28T23:59:59.999"),
            said("2026-03-01T00:01:00"),
            said("2026-03-31T23:59:50", "bob", recid="r2"),
            said("2026-04-01T00:00:10", "bob", recid="r2"),
            said("2026-04-01T00:00:00", "eve", recid="r3"),
        ]
    )
    monthly.count_open()
    assert views("2026-02") == {"r1": 1}
    assert views("2026-03") == {"r1": 1}
    assert views("2026-04") == {"r2": 1, "r3": 1}


def test_the_reader_tells_months_and_datasets_in_order(now):
    now("2026-05-01")
    store(
        said(f"2026-0{month}-05T10:00:00", recid=recid, size=3, file="a.csv", country="DE")
        for month in (4, 2, 3)
        for recid in ("r2", "r1", "r3")
        if (month, recid) != (3, "r1")
    )
    monthly.count_open()
    assert [state.month for state in states()] == ["2026-02", "2026-03", "2026-04"]
    found = usage_of("record", ["r1", "r2", "r9"])
    assert {recid: [usage.month for usage in some] for recid, some in found.items()} == {
        "r1": ["2026-02", "2026-04"],
        "r2": ["2026-02", "2026-03", "2026-04"],
        "r9": [],
    }
    assert [usage.recid for usage in usage_in("2026-02")] == ["r1", "r2", "r3"]
    (parent,) = usage_in("2026-02", "parent")
    assert (parent.recid, parent.parent_recid) == ("p1", "p1")
    assert parent.counts[DOWNLOADS] == 1
    assert parent.counts["total-dataset-requests-regular"] == 3
    assert parent.volume == {"regular": 9, "machine": 0}
    assert parent.countries[DOWNLOADS] == {"DE": 1}


def test_a_reader_of_nothing():
    assert states() == []
    assert list(usage_in(MARCH)) == []
    assert usage_of("record", ["r1"]) == {"r1": []}
    assert usage_of("record", []) == {}


def test_an_open_month_is_counted_when_anything_is_new(now):
    now("2026-03-20")
    store([said("2026-03-10T10:00:00")])
    assert [one.generation for one in monthly.count_open()] == [1]
    assert monthly.count_open() == []
    store([said("2026-03-10T11:00:00")], salt="b")
    assert [one.generation for one in monthly.count_open()] == [2]
    assert views() == {"r1": 2}
    (state,) = states()
    assert (state.generation, state.closed) == (2, False)


def test_only_the_last_two_generations_of_an_open_month_are_kept(now):
    now("2026-03-20")
    for hour in range(10, 14):
        store([said(f"2026-03-10T{hour}:00:00")], salt=f"{hour}-")
        monthly.count_open()
        assert documents() <= 4
    assert views() == {"r1": 4}


def test_a_month_is_closed_some_days_after_its_end(now, app, monkeypatch):
    monkeypatch.setitem(app.config, "USAGE_STATS_COUNTER_CLOSES_AFTER", 3)
    store([said("2026-03-10T10:00:00")])
    now("2026-04-03T23:59:59")
    monthly.count_open()
    assert not states()[0].closed
    now("2026-04-04")
    assert [one.generation for one in monthly.count_open()] == [2]
    assert states()[0].closed
    assert monthly.count_open() == []


def test_late_events_of_a_closed_month_wait(now):
    store([said("2026-03-10T10:00:00")])
    now("2026-04-06")
    monthly.count_open()
    store([said("2026-03-10T11:00:00"), said("2026-04-02T11:00:00")], salt="late")
    assert [one.month for one in monthly.count_open()] == ["2026-04"]
    assert views() == {"r1": 1}
    assert monthly.waiting() == status()["late"] == {MARCH: 1}
    assert "counter: 2026-03 is closed, 1 late events wait" in list(lines(status()))
    with pytest.raises(MonthError, match="closed"):
        monthly.count(MARCH)


def test_a_month_that_has_lost_events_keeps_its_count(now):
    now("2026-03-20")
    store([said("2026-03-10T10:00:00"), said("2026-03-10T11:00:00")])
    monthly.count_open()
    current_search_client.delete(
        index=full_name(f"{reading.EVENTS}-{MARCH}"), id="0", params={"refresh": "true"}
    )
    with pytest.raises(MonthError, match="2 events, of which 1"):
        monthly.count(MARCH)
    assert monthly.count_open() == []
    now("2026-04-20")
    assert monthly.count_open() == []
    assert states()[0].closed
    assert views() == {"r1": 2}


def test_a_month_without_events_is_not_counted(now):
    with pytest.raises(MonthError, match="no events"):
        monthly.count(MARCH)
    assert states() == []


def test_what_a_dead_run_has_left_is_never_shown(now, monkeypatch):
    now("2026-03-20")
    store([said("2026-03-10T10:00:00")])
    monthly.count_open()
    store([said("2026-03-10T11:00:00", recid="r2")], salt="b")
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(monthly, "show", _killed)
        monthly.count_open()
    assert documents() == 5
    assert views() == {"r1": 1}
    assert [one.generation for one in monthly.count_open()] == [3]
    assert views() == {"r1": 1, "r2": 1}


def _killed(*_arguments, **_options):
    raise KeyboardInterrupt


def test_who_has_lost_the_lease_shows_nothing(now, monkeypatch):
    now("2026-03-20")
    store([said("2026-03-10T10:00:00")])
    with monkeypatch.context() as patch, pytest.raises(LeaseLostError):
        patch.setattr(leases.Lease, "check", _lost)
        monthly.count(MARCH)
    assert states() == []
    assert list(usage_in(MARCH)) == []


def _lost(lease):
    raise LeaseLostError(lease.name)


def test_one_counts_at_a_time(now, monkeypatch):
    monkeypatch.setattr(monthly, "PATIENCE", timedelta(0))
    with leases.hold(monthly.LEASE), pytest.raises(MonthError, match="Another run"):
        monthly.count_open()


def test_a_rejected_document_lets_nothing_of_the_month_be_shown(now, monkeypatch):
    now("2026-04-20")
    store([said("2026-03-10T10:00:00"), said("2026-04-10T10:00:00")])
    right = counting.source_of

    def wrong(usage, *others):
        strange = {"strange": 1} if usage.month == MARCH else {}
        return {**right(usage, *others), **strange}

    with monkeypatch.context() as patch:
        patch.setattr(counting, "source_of", wrong)
        assert [one.month for one in monthly.count_open()] == ["2026-04"]
        with pytest.raises(MonthError, match="strange"):
            monthly.count(MARCH)
    assert [state.month for state in states()] == ["2026-04"]
    row = last_of(monthly.STEP)
    assert row["outcome"] == "failed"
    assert "2026-03: MonthError" in row["reason"]
    assert [one.month for one in monthly.count_open()] == [MARCH]


def test_what_ends_a_run_is_shown(now, monkeypatch):
    now("2026-03-20")
    store([said("2026-03-10T10:00:00")])
    with monkeypatch.context() as patch, pytest.raises(LeaseLostError):
        patch.setattr(leases.Lease, "check", _lost)
        monthly.count_open()
    row = last_of(monthly.STEP)
    assert (row["outcome"], row["documents"]) == ("failed", 0)
    assert row["reason"].startswith("LeaseLostError")
    monthly.count_open()
    assert last_of(monthly.STEP)["outcome"] == "ok"


def test_an_open_month_follows_the_present_list(now, newer_list):
    now("2026-03-20")
    store(
        [
            said("2026-03-10T10:00:00", agent="newbot"),
            said("2026-03-10T11:00:00", agent="oldbot", recid="r2", is_robot=True),
        ]
    )
    monthly.count_open()
    assert views() == {"r1": 1}
    newer_list()
    monthly.count_open()
    assert views() == {"r2": 1}
    assert states()[0].list_version == NEW


def test_the_task_counts_and_the_journal_knows(now):
    now("2026-03-20")
    store([said("2026-03-10T10:00:00")])
    tasks.count()
    assert views() == {"r1": 1}
    row = last_of(monthly.STEP)
    assert (row["outcome"], row["documents"], row["events"]) == ("ok", 2, 1)


def test_nothing_is_counted_where_counting_is_off(app, monkeypatch):
    monkeypatch.setitem(app.config, "USAGE_STATS_COUNTER", False)
    store([said("2026-03-10T10:00:00")])
    with pytest.raises(SetupError, match="is off"):
        monthly.count_open()
    assert states() == []
