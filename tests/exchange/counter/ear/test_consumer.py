# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Taking events from the queue: what is stored, what is kept aside, and what is left waiting."""

import json
from datetime import timedelta

import pytest
from invenio_search import current_search_client
from invenio_stats.proxies import current_stats
from kombu import Producer

from invenio_usage_stats.aggregations.running.journal import last_of
from invenio_usage_stats.bulk import Bulk
from invenio_usage_stats.errors import SearchEngineError, SetupError
from invenio_usage_stats.exchange import tasks
from invenio_usage_stats.exchange.counter import agents, consumer, quarantine, stream
from invenio_usage_stats.exchange.counter.consumer import STEP, process
from invenio_usage_stats.exchange.counter.fields import EVENTS
from invenio_usage_stats.indices import full_name

from ....trouble import blocked, unreachable
from .hearing import (
    CURL,
    GOOGLEBOT,
    documents,
    held,
    publish,
    raw,
    repository_has,
    verdicts,
    wait_until_waiting,
)

pytestmark = pytest.mark.usefixtures("listening")
INDEX = "stats-counter-events-2026-02"


def test_every_event_is_stored_and_the_repository_has_it_too():
    publish([raw(), raw(user_agent=CURL), raw(user_agent=GOOGLEBOT)])
    publish([raw("request"), raw("request", user_agent="")], "request")
    taken = process()
    assert (taken.received, taken.stored, taken.quarantined) == (5, 5, 0)
    assert verdicts() == {"regular": 2, "machine": 2, "robot": 1}
    assert [one["kind"] for one in documents()] == ["investigation"] * 3 + ["request"] * 2
    wait_until_waiting(0)
    assert repository_has() == 5
    row = last_of(STEP)
    assert (row["outcome"], row["events"], row["documents"]) == ("ok", 5, 5)


def test_nothing_waits():
    taken = process()
    assert (taken.received, taken.stored) == (0, 0)


def test_a_redelivered_event_is_the_same_document():
    again = raw()
    publish([again, again, raw()])
    process()
    before = documents()
    publish([again])
    assert process().stored == 0
    assert documents() == before
    assert len(before) == 2


def test_many_batches(monkeypatch):
    monkeypatch.setattr(consumer, "BATCH", 10)
    publish([raw() for _ in range(57)])
    assert process().stored == 57
    assert len(documents()) == 57


def test_a_task_ends_when_its_time_is_over(monkeypatch):
    monkeypatch.setattr(consumer, "BATCH", 10)
    publish([raw() for _ in range(57)])
    assert process(timedelta(microseconds=1)).received == 10
    wait_until_waiting(47)
    assert process().received == 47


def test_events_that_cannot_be_read_are_kept_without_who_it_was():
    publish([raw(), raw(recid=None), "nonsense"])
    publish([raw("request", file_key=None)], "request")
    taken = process()
    assert (taken.received, taken.stored, taken.quarantined) == (4, 1, 3)
    rows = held()
    assert all(row["index"] == "" for row in rows)
    text = json.dumps([row["body"] + row["reason"] for row in rows])
    assert "131.130.1.1" not in text and "Firefox" not in text
    assert "fghij-67890" in text
    assert last_of(STEP)["outcome"] == "partial"
    assert quarantine.try_again() == (0, 3)
    assert quarantine.drop() == 3
    assert not held()


def test_messages_of_other_kinds():
    with stream.EAR.connected() as channel:
        producer = Producer(channel, current_stats.exchange, "stats-record-view")
        producer.publish(b"\x80", content_type="application/x-pickle", content_encoding="binary")
    assert process().quarantined == 1
    assert "application/x-pickle" in held()[0]["reason"]


def test_events_that_the_index_refuses_are_tried_again():
    early = [raw(timestamp=f"2026-02-03T04:05:0{n}") for n in range(3)]
    current_search_client.indices.create(index=full_name(INDEX))
    current_search_client.indices.close(index=full_name(INDEX))
    publish([*early, raw()])
    taken = process()
    assert (taken.received, taken.stored, taken.quarantined) == (4, 1, 3)
    assert "closed" in held()[0]["reason"]
    publish(early)
    assert process().quarantined == 3
    assert len(held()) == 3
    assert quarantine.try_again() == (0, 3)
    current_search_client.indices.open(index=full_name(INDEX))
    assert quarantine.try_again() == (3, 0)
    assert len(documents()) == 4


def test_events_wait_while_nothing_can_be_stored():
    publish([raw()])
    process()
    publish([raw() for _ in range(5)])
    with blocked(f"{full_name(EVENTS)}-*"), pytest.raises(SearchEngineError):
        process()
    row = last_of(STEP)
    assert row["outcome"] == "failed" and "read-only" in row["reason"]
    wait_until_waiting(5)
    assert not held()
    assert process().stored == 5
    assert last_of(STEP)["outcome"] == "ok"


def test_events_wait_while_the_search_engine_is_away():
    publish([raw() for _ in range(5)])
    judge = agents.current()
    with unreachable(), pytest.raises(SearchEngineError):
        for messages in stream.EAR.batches(None, consumer.BATCH):
            consumer._settle(messages, judge, consumer.Taken(Bulk()))
    wait_until_waiting(5)
    assert process().stored == 5


def test_without_a_queue():
    stream.EAR.remove()
    with pytest.raises(SetupError, match="queue is missing"):
        process()


def test_the_task_does_nothing_when_it_is_switched_off(app, monkeypatch):
    publish([raw()])
    monkeypatch.setitem(app.config, "USAGE_STATS_COUNTER", False)
    tasks.process()
    wait_until_waiting(1)
    monkeypatch.setitem(app.config, "USAGE_STATS_COUNTER", True)
    tasks.process()
    assert len(documents()) == 1
