# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The status: what an operator and a monitor see of the runs."""

import json
from datetime import datetime

import pytest
import sqlalchemy as sa
from invenio_db import db

from invenio_usage_stats.aggregations.running.failures import Boundary
from invenio_usage_stats.aggregations.running.journal import STEPS, Outcome, note
from invenio_usage_stats.aggregations.running.leases import hold
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.aggregations.snapshots.dense import daily_name
from invenio_usage_stats.indices import PRODUCTS, USAGE_DELTA, USAGE_SNAPSHOT
from invenio_usage_stats.ledger.models import utc_now
from invenio_usage_stats.operations.doctor.running import steps
from invenio_usage_stats.operations.status import healthy, lines, status

from ..oracle.world import Event, World, make_facts, publish
from ..world import forget_failures, forget_world, load


@pytest.fixture(autouse=True)
def empty(clean):
    """Start without documents, failures and journal, and leave no failures."""
    forget_world()
    forget_failures()
    with db.engine.begin() as connection:
        connection.execute(sa.delete(STEPS))
    yield
    forget_failures()


def text() -> str:
    return "\n".join(lines(status()))


def test_before_the_first_run():
    state = status()
    assert [row["name"] for row in state["aggregations"]] == [p.name for p in PRODUCTS]
    assert not any(row["bookmark"] for row in state["aggregations"])
    assert not healthy(state)
    assert text().count("never run") == len(PRODUCTS)


def test_after_a_run():
    world, moment = World(), datetime(2024, 1, 10, 9)
    publish(world, "r1", "P1", moment, make_facts(), "A")
    world.events = [Event(moment, "view", "r1", "P1", "v", "s", "ui_r1")]
    load(world)
    state = json.loads(json.dumps(status()))
    assert healthy(state)
    steps = {step["name"]: step for step in state["steps"]}
    assert set(steps) == {"projection", "records delta", "usage delta", "snapshots"}
    assert steps["usage delta"]["documents"] >= 2
    assert steps["usage delta"]["bytes"] > 0
    assert steps["usage delta"]["requests"] > 0
    assert steps["usage delta"]["outcome"] == "ok"
    assert state["ledger"]["waiting"] == 0
    assert "usage delta                 ok" in text()


def test_what_is_behind_and_why():
    aggregate()
    assert healthy(status())
    for day in range(7):
        Boundary().report(USAGE_DELTA.name, "cannot be read", day=day, scope="A" * day)
    state = status()
    assert not healthy(state)
    (behind,) = (row["behind"] for row in state["aggregations"] if row["behind"])
    assert (behind[0]["scope"], behind[0]["day"]) == ("", "1970-01-01")
    assert "1970-01-01 of all scopes: cannot be read (1 attempts since 20" in text()
    assert "1970-01-02 of A: cannot be read" in text()
    assert "and 2 more" in text()


def test_a_failed_step_is_shown_until_it_succeeds():
    aggregate()
    step = Outcome("usage delta", 0, 0.1, utc_now(), outcome="failed", reason="disk full")
    note(step)
    assert not healthy(status())
    assert "disk full" in text()
    note(step._replace(outcome="ok", reason=""))
    assert healthy(status())


def failed(name: str) -> Outcome:
    return Outcome(name, 0, 0.1, utc_now(), outcome="failed", reason="disk full")


@pytest.mark.parametrize("name", ["usage snapshot", "records delta added", "dense"])
def test_a_later_run_over_everything_makes_up_for_what_failed(name):
    aggregate()
    note(failed(name))
    assert not healthy(status())
    aggregate()
    assert healthy(status())
    assert steps().ok
    note(failed("snapshots"))
    assert not healthy(status())
    assert not steps().ok


def test_failures_of_a_policy_that_is_switched_off(app, monkeypatch):
    aggregate()
    name = daily_name(USAGE_SNAPSHOT)
    Boundary().report(name, "cannot be read", day=1, scope="A")
    monkeypatch.setitem(app.config, "USAGE_STATS_SNAPSHOT_POLICY", "daily")
    assert "never run" in text()
    assert not healthy(status())
    monkeypatch.undo()
    aggregate()
    assert healthy(status())
    assert name not in text()


def test_several_runs_of_each_step():
    for number in range(3):
        note(failed("usage delta")._replace(reason=f"disk full {number}"))
    note(failed("usage delta")._replace(outcome="ok", reason=""))
    aggregate()
    assert "disk full" not in text()
    rows = [row for row in status(3)["steps"] if row["name"] == "usage delta"]
    assert [row["reason"] for row in rows] == ["", "disk full 2", "disk full 1"]
    assert healthy(status(3))


def test_who_is_at_work():
    with hold("aggregate"):
        assert "at work: aggregate by " in text()
    assert "at work" not in text()
