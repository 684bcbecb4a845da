# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The task that sends what the hub does not have."""

from flask import Flask

from invenio_usage_stats import config
from invenio_usage_stats.exchange import tasks
from invenio_usage_stats.ext import InvenioUsageStats

from . import loopback
from .counted import usage, write_months
from .delivering import BOTH, FEBRUARY, JANUARY, LOOKING, deliver, dois, writes


def test_sends_closed_months_once(counted, hub):
    tasks.send()
    assert [loopback.month_of(one.header) for one in hub.reports] == [JANUARY]
    asked = len(hub.requests)
    tasks.send()
    assert len(hub.requests) == asked


def test_sends_a_month_again_when_it_was_recounted(counted, hub):
    tasks.send()
    row = usage(JANUARY, counted.records["first"], (1, 1, 0, 0))
    write_months([("record", row)], [JANUARY], generation=2)
    tasks.send()
    assert dois(hub.stored(JANUARY)) == BOTH[:1]
    assert writes(hub)[-1][0] == "PUT"
    # the recount is taken back
    write_months([("record", row)], [JANUARY], generation=1)
    tasks.send()
    assert len(writes(hub)) == 3


def test_what_was_sent_before_its_month_was_closed_is_sent_again(counted, hub):
    deliver(FEBRUARY)
    write_months([], [FEBRUARY], empty=[FEBRUARY])
    tasks.send()
    assert hub.stored(FEBRUARY).header["exceptions"] == []


def test_a_month_that_fails_holds_up_no_other(counted, hub, caplog):
    row = usage("2025-12", counted.records["first"], (1, 1, 0, 0))
    write_months([("record", row)], ["2025-12"])
    hub.faults = [*LOOKING, 400]
    tasks.send()
    assert [loopback.month_of(one.header) for one in hub.reports] == [JANUARY]
    assert "2025-12 was not sent" in caplog.text
    tasks.send()
    assert len(hub.reports) == 2


def test_is_off_by_default(app, counted, hub, monkeypatch):
    monkeypatch.setitem(app.config, "USAGE_STATS_COUNTER_SEND", config.USAGE_STATS_COUNTER_SEND)
    tasks.send()
    assert hub.requests == []
    assert "usage-stats-counter-send" not in app.config["CELERY_BEAT_SCHEDULE"]


def test_is_scheduled_where_counting_is_on():
    other = Flask("other")
    other.config["USAGE_STATS_COUNTER"] = True
    extension = InvenioUsageStats()
    extension.init_config(other)
    extension._add_schedule(other)
    entry = other.config["CELERY_BEAT_SCHEDULE"]["usage-stats-counter-send"]
    assert entry["task"] == tasks.send.name
