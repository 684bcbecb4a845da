# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A closed month is counted again: looked at, switched at once, gone back from, and noted."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from invenio_usage_stats.errors import AgentListError, MonthError
from invenio_usage_stats.exchange.counter import monthly, recount
from invenio_usage_stats.exchange.counter.metrics import VIEWS
from invenio_usage_stats.exchange.counter.months import states, usage_in
from invenio_usage_stats.reader.methods import method_changes
from invenio_usage_stats.reader.periods import Period, today

from .conftest import adopt
from .raw import NEW, OLD, said, store

MARCH = "2026-03"
TOTAL = "total-dataset-investigations-regular"
MACHINES = "total-dataset-investigations-machine"

pytestmark = pytest.mark.usefixtures("counting")


@pytest.fixture
def closed(now, newer_list) -> Callable[[], None]:
    """Return after March was closed by the old list, and the new one was adopted.

    By the old list ``r1`` has two investigations, ``r2`` and ``r3`` one each; by the new one ``r1``
    has three. Machines have two by both.
    """
    now("2026-04-20")
    store(
        [
            said("2026-03-10T10:00:00"),
            said("2026-03-10T11:00:00", agent="newbot", recid="r2"),
            said("2026-03-10T12:00:00", agent="oldbot", is_robot=True),
            said("2026-03-10T13:00:00", agent="newget"),
            said("2026-03-10T14:00:00", agent="oldget", is_machine=True),
            said("2026-03-10T15:00:00", agent="crawl", is_robot=True),
            said("2026-03-10T16:00:00", agent="curl", is_machine=True),
            said(
                "2026-03-10T17:00:00", agent="newbot", recid="r3", is_robot=True, list_version=NEW
            ),
        ]
    )
    newer_list()
    adopt(OLD, "old")
    monthly.count_open()
    newer_list()


def totals(id_: str = TOTAL) -> dict[str, int]:
    """Return a number of each dataset that has one."""
    found = {usage.recid: usage.counts[id_] for usage in usage_in(MARCH)}
    return {recid: number for recid, number in found.items() if number}


def notes() -> list[tuple[str, str, str]]:
    """Return what was noted of recounts."""
    found = method_changes(Period(today() - timedelta(days=1), today()))
    return [(change.name, change.before, change.after) for change in found]


def test_a_preview_tells_the_difference_and_changes_nothing(closed):
    before = states(), list(usage_in(MARCH))
    found = recount.preview(MARCH)
    assert (found.before, found.after, found.late, found.datasets) == (OLD, NEW, 0, 3)
    assert found.counts[TOTAL] == (4, 3)
    assert found.counts[MACHINES] == (2, 2)
    assert (states(), list(usage_in(MARCH))) == before
    assert notes() == []


def test_a_verdict_changes_only_where_the_lists_differ(closed):
    """What more than the name of a program told about an event is still known."""
    store([said("2026-03-11T10:00:00", agent="", is_robot=True)], salt="hidden")
    store([said("2026-03-11T11:00:00", agent="other", is_machine=True)], salt="shown")
    recount.apply(MARCH)
    assert totals() == {"r1": 3}
    assert totals(MACHINES) == {"r1": 3}


def test_a_recount_switches_at_once_and_can_be_taken_back(closed):
    first = totals()
    assert first == {"r1": 2, "r2": 1, "r3": 1}
    expected = recount.preview(MARCH)
    done, found = recount.apply(MARCH)
    assert found == expected
    assert totals() == {"r1": 3}
    (state,) = states()
    assert (state.generation, state.list_version, state.closed) == (done.generation, NEW, True)
    assert recount.roll_back(MARCH) == 1
    assert totals() == first
    assert (states()[0].generation, states()[0].list_version) == (1, OLD)
    with pytest.raises(MonthError, match="nothing to go back to"):
        recount.roll_back(MARCH)


def test_one_can_go_back_twice(closed):
    first = list(usage_in(MARCH))
    recount.apply(MARCH)
    second = list(usage_in(MARCH))
    recount.apply(MARCH, OLD)
    assert list(usage_in(MARCH)) == first
    recount.roll_back(MARCH)
    assert list(usage_in(MARCH)) == second
    recount.roll_back(MARCH)
    assert list(usage_in(MARCH)) == first


def test_a_rollback_is_not_the_end(closed):
    recount.apply(MARCH)
    recount.roll_back(MARCH)
    done, _found = recount.apply(MARCH)
    assert done.generation == 3
    assert states()[0].generation == 3
    assert recount.roll_back(MARCH) == 1


def test_readers_never_see_two_counts_at_once(closed, monkeypatch):
    seen = []
    right = recount.show

    def show(*arguments, **options):
        seen.append(totals())
        right(*arguments, **options)
        seen.append(totals())

    before = totals()
    monkeypatch.setattr(recount, "show", show)
    recount.apply(MARCH)
    assert seen == [before, totals()]
    assert before != totals()


def test_a_recount_and_its_rollback_are_noted(closed):
    recount.apply(MARCH)
    change = (f"recount:{MARCH}", f"1 ({OLD})", f"2 ({NEW})")
    assert notes() == [change]
    recount.roll_back(MARCH)
    # Of one day nothing is left to be said.
    assert notes() == []


def test_late_events_are_in_the_recount(closed):
    store([said("2026-03-12T10:00:00", recid="r4")], salt="late")
    assert monthly.waiting() == {MARCH: 1}
    found = recount.preview(MARCH, OLD)
    assert (found.late, found.datasets, found.counts[VIEWS]) == (1, 1, (4, 5))
    recount.apply(MARCH, OLD)
    assert monthly.waiting() == {}
    assert totals()["r4"] == 1
    assert notes() == [(f"recount:{MARCH}", f"1 ({OLD})", f"2 ({OLD})")]
    recount.roll_back(MARCH)
    assert monthly.waiting() == {MARCH: 1}


def test_regular_runs_leave_a_recount_and_a_rollback_alone(closed):
    recount.apply(MARCH)
    monthly.count_open()
    assert states()[0].list_version == NEW
    recount.roll_back(MARCH)
    assert monthly.count_open() == []
    assert states()[0].list_version == OLD


@pytest.mark.parametrize("step", [recount.preview, recount.apply, recount.roll_back])
def test_open_months_are_not_counted_again(now, step):
    now("2026-03-20")
    store([said("2026-03-10T10:00:00")])
    monthly.count_open()
    for month in (MARCH, "2020-01"):
        with pytest.raises(MonthError, match="not closed"):
            step(month)


def test_unknown_lists_are_refused(closed):
    for step in (recount.preview, recount.apply):
        with pytest.raises(AgentListError, match="list-9"):
            step(MARCH, "list-9")
    assert states()[0].generation == 1
