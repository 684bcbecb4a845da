# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Backfills rest in each of their steps; regular runs never do."""

import pytest

from invenio_usage_stats.aggregations import base
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.operations import backfill

LOCAL = ("--workers", "local")


@pytest.fixture
def pauses(monkeypatch) -> list[float]:
    """Collect how long work rests."""
    found: list[float] = []
    monkeypatch.setattr(base, "sleep", found.append)
    return found


@pytest.mark.parametrize("step", ["write_records", "write_usage", "write_snapshots"])
def test_each_step_of_a_backfill_rests(app, run, past, pauses, monkeypatch, step):
    rested: list[int] = []
    action = getattr(backfill, step)

    def measured(*arguments) -> int:
        before = len(pauses)
        count = action(*arguments)
        rested.append(len(pauses) - before)
        return count

    monkeypatch.setattr(backfill, step, measured)
    monkeypatch.setitem(app.config, "USAGE_STATS_THROTTLE", 0.5)
    assert run("backfill", *LOCAL)[0] == 0
    assert rested
    assert all(rested)
    assert min(pauses) > 0


def test_a_regular_run_never_rests(past, pauses):
    aggregate()
    assert not pauses
