# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Switching on and off, commands, status and doctor."""

import json
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask
from invenio_db import db
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.running.journal import STEPS, Outcome, note
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.exchange import tasks
from invenio_usage_stats.exchange.counter import agents, quarantine, stream
from invenio_usage_stats.exchange.counter.consumer import STEP, process
from invenio_usage_stats.exchange.counter.models import CounterAgents
from invenio_usage_stats.exchange.ear import State
from invenio_usage_stats.ext import InvenioUsageStats
from invenio_usage_stats.indices import full_name
from invenio_usage_stats.ledger.models import utc_now
from invenio_usage_stats.operations.doctor import CHECKS
from invenio_usage_stats.operations.doctor.base import Finding
from invenio_usage_stats.operations.doctor.settings import settings
from invenio_usage_stats.operations.purge import purge
from invenio_usage_stats.operations.setup import setup
from invenio_usage_stats.operations.status import healthy, lines, status
from invenio_usage_stats.reader.periods import today

from ....world import put, wipe
from .hearing import documents, forget, publish, raw, wait_until_waiting

QUEUE, EVENTS, QUARANTINE, LISTS = (
    "counter queue",
    "counter events",
    "quarantine",
    "lists of robots",
)


def finding(check: str) -> Finding:
    return CHECKS[check]()


@pytest.fixture
def run(run):
    """Return a function that runs a command of counting to the standard."""
    return partial(run, "counter")


class TestSwitching:
    def test_off_by_default(self, app):
        forget()
        assert app.config["USAGE_STATS_COUNTER"] is False
        assert not any(line.startswith("counter") for line in setup())
        assert not stream.EAR.look().exists
        assert not any("counter" in entry for entry in app.config["CELERY_BEAT_SCHEDULE"])
        assert {finding(check).state for check in (QUEUE, EVENTS, LISTS)} == {"switched off"}

    def test_on_and_off(self, app, listening, monkeypatch):
        assert stream.EAR.look() == State(exists=True)
        assert any("queue bound, robots by counter-robots-" in line for line in setup())
        publish([raw()])
        monkeypatch.setitem(app.config, "USAGE_STATS_COUNTER", False)
        assert "still gets events" in finding(QUEUE).state
        assert "counter: off, queue deleted" in list(setup())
        assert not stream.EAR.look().exists
        assert finding(QUEUE).ok

    def test_setup_keeps_the_list_that_is_used(self, listening, tmp_path):
        path = tmp_path / "list"
        path.write_text("bot\nspider")
        agents.adopt_published(str(path), None, "mine")
        list(setup())
        assert agents.current().version == "mine"

    def test_remove_takes_the_queue_too(self, listening):
        publish([raw()])
        wait_until_waiting(1)
        assert f"queue {stream.NAME}: 1 events" in list(purge(dry_run=True))
        assert stream.EAR.look().exists
        list(purge())
        assert not stream.EAR.look().exists
        assert not agents.versions()
        list(setup())

    def test_beat(self):
        app = Flask("some")
        app.config |= {"USAGE_STATS_COUNTER": True}
        InvenioUsageStats(app)
        entry = app.config["CELERY_BEAT_SCHEDULE"]["usage-stats-counter-process"]
        assert entry["task"] == tasks.process.name
        assert entry["schedule"] == timedelta(minutes=5)
        app = Flask("another")
        never = {"USAGE_STATS_COUNTER_SCHEDULE": {"process": None}}
        app.config |= {"USAGE_STATS_COUNTER": True, **never}
        InvenioUsageStats(app)
        assert "usage-stats-counter-process" not in app.config["CELERY_BEAT_SCHEDULE"]


class TestCommands:
    def test_process(self, listening, run):
        publish([raw(), raw()])
        assert run("process") == (0, "2 events received, 2 stored\n")
        publish([raw(size=-1)])
        code, output = run("process")
        assert code == 1
        assert "1 events received, 0 stored" in output
        assert "counter quarantine" in output

    def test_process_while_switched_off(self, app, run):
        code, output = run("process")
        assert code == 1
        assert "USAGE_STATS_COUNTER is off" in output

    def test_quarantine(self, listening, run):
        publish([raw(size=-1), raw(size=-2), raw(recid=7)])
        process()
        code, output = run("quarantine")
        assert code == 0
        assert output.startswith("3 events")
        assert "        2  since 20" in output
        assert run("quarantine", "--again") == (0, "0 events stored, 3 left\n")
        assert run("quarantine", "--again", "--drop")[0] == 2
        assert run("quarantine", "--drop") == (0, "3 events forgotten\n")

    def test_lists(self, listening, run, tmp_path):
        code, output = run("lists")
        assert code == 0
        assert output.startswith("counter-robots-") and output.count("\n") == 1
        path = tmp_path / "list.json"
        path.write_text(json.dumps([{"pattern": "bot", "last_changed": "2026-08-01"}]))
        code, output = run("lists", "--update", str(path))
        assert code == 0
        assert output.splitlines()[0].startswith("2026-08-01")
        code, output = run("lists", "--bundled")
        assert output.splitlines()[0].startswith("counter-robots-")
        path.write_text("firefox")
        code, output = run("lists", "--update", str(path), "--name", "x")
        assert code == 1
        assert "browser" in output
        assert run("lists", "--name", "x")[0] == 2
        assert run("lists", "--bundled", "--update", str(path))[0] == 2


def test_status_counts_what_is_in_quarantine(listening):
    assert status()["counter"] == {"quarantined": 0, "reasons": []}
    publish([raw(size=-1), raw(size=-2)])
    process()
    state = json.loads(json.dumps(status()))
    assert state["counter"]["quarantined"] == 2
    assert not healthy(state)
    text = "\n".join(lines(state))
    assert "counter: 2 events in quarantine" in text
    assert "2 since 20" in text
    quarantine.drop()
    assert "counter: " not in "\n".join(lines(status()))


def test_no_aggregation_makes_up_for_events_that_could_not_be_stored(listening):
    failed = Outcome(STEP, 0, 0.1, utc_now() - timedelta(hours=1), outcome="failed", reason="full")
    note(failed)
    aggregate()
    assert not healthy(status())
    process()
    assert healthy(status())


class TestDoctor:
    def test_all_is_well(self, listening):
        process()
        publish([raw()])
        wait_until_waiting(1)
        assert finding(QUEUE) == Finding("1 events wait")
        process()
        assert finding(QUEUE) == Finding("0 events wait")
        assert finding(QUARANTINE) == Finding("empty")

    def test_events_that_nobody_takes(self, listening):
        publish([raw()])
        wait_until_waiting(1)
        with db.engine.begin() as connection:
            connection.execute(sa.delete(STEPS).where(STEPS.c.name == STEP))
        assert "worker and beat" in finding(QUEUE).advice
        process()
        publish([raw()])
        wait_until_waiting(1)
        assert finding(QUEUE).ok
        with db.engine.begin() as connection:
            ago = utc_now() - timedelta(hours=7)
            connection.execute(sa.update(STEPS).where(STEPS.c.name == STEP).values(started=ago))
        assert "worker and beat" in finding(QUEUE).advice

    def test_a_beat_entry_that_is_missing(self, app, listening, monkeypatch):
        monkeypatch.setitem(app.config, "CELERY_BEAT_SCHEDULE", {})
        assert "Add usage-stats-counter-process" in finding(QUEUE).advice

    def test_a_missing_queue(self, listening):
        stream.EAR.remove()
        found = finding(QUEUE)
        assert "missing; events are not heard" in found.state
        assert "setup" in found.advice

    def test_quarantine(self, listening):
        publish([raw(size=-1)])
        process()
        found = finding(QUARANTINE)
        assert "1 events, mostly" in found.state
        assert "--again" in found.advice

    def test_events_of_yesterday(self, listening):
        wipe()
        assert "no whole day" in finding(EVENTS).state
        with db.engine.begin() as connection:
            ago = CounterAgents.since - timedelta(days=3)
            connection.execute(sa.update(CounterAgents.__table__).values(since=ago))
        at = f"{today() - timedelta(days=1)}T10:00:00"
        index = full_name(f"events-stats-record-view-{at[:7]}")
        event = {"timestamp": at, "recid": "abcde-12345", "unique_id": "ui_abcde-12345"}
        put([{"_index": index, "_id": "1", "_source": event}])
        current_search_client.indices.refresh(index=index)
        try:
            found = finding(EVENTS)
            assert found.state == "of yesterday the repository has 1, we have 0"
            assert not found.ok
            publish([raw(timestamp=at)])
            process()
            assert len(documents()) == 1
            assert finding(EVENTS).ok
        finally:
            current_search_client.delete(index=index, id="1", refresh=True)

    def test_an_old_list(self, listening):
        with db.engine.begin() as connection:
            old = today() - timedelta(days=600)
            connection.execute(sa.update(CounterAgents.__table__).values(dated=old))
        assert "lists --update" in finding(LISTS).advice

    def test_a_newer_list_is_installed(self, listening):
        with db.engine.begin() as connection:
            old = today() - timedelta(days=600)
            values = {"version": "mine", "dated": old}
            connection.execute(sa.update(CounterAgents.__table__).values(**values))
        found = finding(LISTS)
        assert "is installed" in found.state
        assert "--bundled" in found.advice

    @pytest.mark.parametrize(
        ("value", "ok"),
        [
            ({"process": timedelta(hours=1)}, True),
            ({"process": None}, True),
            ({}, True),
            ({"nothing": None}, False),
            (timedelta(hours=1), False),
            ({"process": "often"}, False),
        ],
    )
    def test_settings(self, app, monkeypatch, value, ok):
        monkeypatch.setitem(app.config, "USAGE_STATS_COUNTER_SCHEDULE", value)
        assert settings().ok is ok
