# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Nothing is lost and nothing counted twice, whatever breaks between."""

import os
import time

import pytest
import sqlalchemy as sa
from invenio_db import db

from invenio_usage_stats.aggregations.running.journal import last_of
from invenio_usage_stats.aggregations.running.leases import hold
from invenio_usage_stats.errors import SearchEngineError
from invenio_usage_stats.exchange.matomo import counts, taking
from invenio_usage_stats.exchange.matomo.sending import EAR, NAME
from invenio_usage_stats.exchange.matomo.taking import STEP, process
from invenio_usage_stats.exchange.tasks import reported
from invenio_usage_stats.ext import EXCHANGE_TASKS, MATOMO_BEAT_ENTRY
from invenio_usage_stats.operations.doctor import CHECKS
from invenio_usage_stats.operations.purge import purge
from invenio_usage_stats.operations.setup import setup

from .tracking import (
    bulk,
    client,
    deliver,
    documents,
    forget_documents,
    outcomes,
    report,
    stored,
    until_waiting,
)

PAGE = {"url": "http://a.org/"}
REDIS = 1
"""The database of Redis beside that of the cache."""


def test_what_is_delivered_again_counts_once(door, monkeypatch):
    kept = []
    read = taking._message
    monkeypatch.setattr(taking, "_message", lambda one: kept.append(one) or read(one))
    bulk(door, ["?idsite=1&rec=1&url=http://a.org/", "?idsite=1&rec=1", "?idsite=9"])
    assert len(stored(1)) == 1
    once = outcomes()
    for message in kept:
        deliver(message.body)
    before = documents()
    assert stored(1) == before
    assert outcomes() == once == {"received": 3, "stored": 1, "nonsense": 1, "site": 1}


@pytest.mark.parametrize("name", ["_store", "counts.add"])
def test_what_breaks_is_done_again(door, monkeypatch, name):
    def broken(*_args) -> None:
        raise SearchEngineError("away")

    report(door, **PAGE)
    until_waiting(1)
    with monkeypatch.context() as patch:
        patch.setattr(f"{taking.__name__}.{name}", broken)
        with pytest.raises(SearchEngineError):
            process()
    assert (last_of(STEP)["outcome"], outcomes()) == ("failed", {})
    assert len(stored(1)) == 1
    assert outcomes() == {"received": 1, "stored": 1}


def test_what_cannot_be_read_is_counted(door):
    for body in ("{}", "nothing", '{"id":"1","at":"x"}'):
        deliver(body)
    report(door, **PAGE)
    assert len(stored(4)) == 1
    assert outcomes() == {"received": 4, "stored": 1, "unreadable": 3}
    assert last_of(STEP)["reason"] == "Not stored: unreadable 3."


def test_one_run_at_a_time(door):
    report(door, **PAGE)
    with hold(STEP):
        assert process().received == 0
    reported()
    assert len(documents()) == 1


def test_without_a_queue_nothing_is_confirmed(door):
    EAR.remove()
    answer = report(door, **PAGE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert report(door, **PAGE).status_code == 503
    EAR.declare()
    assert report(door, **PAGE).status_code == 200
    assert len(stored(1)) == 1


def test_a_broker_that_is_away_holds_up_nobody(door, monkeypatch):
    started = time.monotonic()
    with monkeypatch.context() as patch:
        patch.setitem(door.config, "QUEUES_BROKER_URL", "amqp://guest:guest@127.0.0.1:1//")
        assert [report(door, **PAGE).status_code for _ in range(3)] == [503] * 3
    assert time.monotonic() - started < 5


def test_redis_and_memory(door, monkeypatch):
    url, _, number = os.environ["CACHE_REDIS_URL"].rpartition("/")
    for broker in (f"{url}/{int(number) + REDIS}", "memory://reported"):
        with monkeypatch.context() as patch:
            patch.setitem(door.config, "QUEUES_BROKER_URL", broker)
            EAR.declare()
            report(door, **PAGE)
            assert bulk(door, ["?idsite=1&rec=1&url=http://a.org/"] * 3).json["tracked"] == 3
            assert EAR.look()[:2] == (True, 2)
            assert len(stored(2)) == 4
            EAR.remove()
        forget_documents()


def test_switching_off(door, monkeypatch):
    entry = {MATOMO_BEAT_ENTRY: {"task": f"{EXCHANGE_TASKS}.reported"}}
    monkeypatch.setitem(door.config, "CELERY_BEAT_SCHEDULE", entry)
    assert CHECKS["reported use"]().ok
    assert any("queue declared" in line for line in setup())
    report(door, **PAGE)
    until_waiting(1)
    assert f"queue {NAME}: 1 requests" in list(purge(dry_run=True))
    monkeypatch.setitem(door.config, "USAGE_STATS_MATOMO", False)
    assert client(door).get("/matomo.php?idsite=1&rec=1").status_code == 404
    assert not CHECKS["reported use"]().ok
    assert "reported use: off, queue deleted" in list(setup())
    assert not EAR.look().exists and CHECKS["reported use"]().ok
    reported()
    assert documents() == []


def test_what_was_counted_is_forgotten_in_time(door):
    report(door, **PAGE)
    stored(1)
    assert counts.forget_outdated() == 0
    with db.engine.begin() as connection:
        connection.execute(sa.update(counts.MESSAGES).values(day="2020-01-01"))
    assert counts.forget_outdated() == 1
