# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The doctor: each thing that can be wrong is found, and said with advice."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from celery.schedules import crontab
from flask import current_app
from invenio_db import db
from invenio_search import current_search_client
from invenio_stats.proxies import current_stats

from invenio_usage_stats import config
from invenio_usage_stats.aggregations.running.failures import Boundary
from invenio_usage_stats.indices import EVENTS, USAGE_DELTA, full_name
from invenio_usage_stats.operations.doctor import CHECKS, Finding, examine, exit_code
from invenio_usage_stats.readiness import missing_tables

from ..world import put

ROOT = Path(__file__).parents[2]
STRANGE_INDEX = f"{USAGE_DELTA.alias}-1999"


def finding(check: str) -> Finding:
    """Return what the doctor finds about one thing."""
    return {found.check: found for found in examine()}[check]


def test_every_check_has_its_paragraph(healthy):
    page = (ROOT / "docs/operation.md").read_text()
    terms = {name for line in re.findall(r"^(.+)\n: ", page, re.M) for name in line.split(", ")}
    assert {found.check for found in examine()} <= terms


def test_all_is_well(run, healthy):
    code, output = run("doctor")
    assert code == 0, output
    assert "TO DO" not in output


@pytest.fixture
def configured(app):
    """Return a function that changes settings for a test."""
    before = dict(app.config)

    def change(**settings) -> None:
        app.config.update(settings)

    yield change
    for name in set(app.config) - before.keys():
        del app.config[name]
    app.config.update(before)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"USAGE_STATS_COLOUR": "red"}, "USAGE_STATS_COLOUR is not known"),
        ({"USAGE_STATS_EMBED_ENABLED": "no"}, "USAGE_STATS_EMBED_ENABLED must be of type bool"),
        ({"USAGE_STATS_TOP_SIZE": "20"}, "USAGE_STATS_TOP_SIZE must be a whole number, at least 1"),
        ({"USAGE_STATS_TOP_SIZE": True}, "must be a whole number, at least 1"),
        ({"USAGE_STATS_MIN_CELL": -1}, "at least 0"),
        ({"USAGE_STATS_THROTTLE": 0}, "above 0 and up to 1"),
        ({"USAGE_STATS_MAX_MEMORY": 700}, "at least 16777216 bytes"),
        ({"USAGE_STATS_RATE_LIMIT": {"guest": "often"}}, "100 per minute"),
        ({"USAGE_STATS_RATE_LIMIT": {"robots": "1 per day"}}, "guest, user"),
        ({"USAGE_STATS_RESOURCE": "Resource"}, "a class"),
        ({"USAGE_STATS_SNAPSHOT_POLICY": "weekly"}, "one of monthly, daily"),
        ({"USAGE_STATS_RETENTION": {"daily": 5}}, "timedelta or None"),
        ({"USAGE_STATS_RETENTION": {"hourly": None}}, "timedelta or None"),
        ({"USAGE_STATS_SCHEDULE": {"weekly": timedelta(days=7)}}, "refresh, aggregate, reconcile"),
        ({"USAGE_STATS_SCHEDULE": "hourly"}, "refresh, aggregate, reconcile"),
        ({"USAGE_STATS_MATOMO_RATE_LIMIT": "often"}, "100 per minute"),
        ({"USAGE_STATS_MATOMO_PREFIX": "matomo"}, "the beginning of a path"),
        ({"USAGE_STATS_EMBED_SITES": "https://a.example"}, "a list of sites"),
        ({"USAGE_STATS_EMBED_SITES": ["https://a.example/page"]}, "a list of sites"),
        ({"USAGE_STATS_EMBED_SITES": ["a.example; script-src *"]}, "a list of sites"),
        ({"USAGE_STATS_CORS_ORIGINS": ["https://*.example.org"]}, "a list of sites"),
        ({"USAGE_STATS_CORS_ORIGINS": ["https://example.org/"]}, "a list of sites"),
        ({"USAGE_STATS_PUBLIC_CACHE": timedelta(seconds=-1)}, "a timedelta of 0:00:00 or more"),
        (
            {"USAGE_STATS_SHARE_LIFETIME": timedelta(hours=1)},
            "a timedelta of 1 day, 0:00:00 or more",
        ),
        ({"USAGE_STATS_COUNTER_CLOSES_AFTER": -1}, "at least 0"),
        ({"USAGE_STATS_COUNTER_RESOURCE_TYPES": [None]}, "a list of ids"),
        ({"USAGE_STATS_COUNTER_HUB_URL": "api.datacite.org"}, "an address"),
        ({"USAGE_STATS_PER_USER_AUTOMATED_CLIENTS": ["a", 5]}, "a list of ids"),
    ],
)
def test_settings_that_cannot_work(app, configured, settings, text):
    configured(**settings)
    found = finding("settings")
    assert not found.ok
    assert text in found.state


@pytest.mark.parametrize(
    "settings",
    [
        {"USAGE_STATS_SCHEDULE": timedelta(hours=2)},
        {"USAGE_STATS_SCHEDULE": {"refresh": None, "reconcile": crontab(hour=1)}},
        {"USAGE_STATS_THROTTLE": 1},
        {"USAGE_STATS_RATE_LIMIT": {"guest": "60 per minute;500 per hour", "user": ""}},
        {"USAGE_STATS_RETENTION": {"daily": timedelta(days=800)}},
        {"USAGE_STATS_EMBED_SITES": ["*"]},
        {"USAGE_STATS_CORS_ORIGINS": ["https://example.org", "http://localhost:8080"]},
        {"USAGE_STATS_SHARE_LIFETIME": timedelta(days=1)},
        {"USAGE_STATS_COUNTER_RESOURCE_TYPES": []},
        {"USAGE_STATS_EMBED_SITES": ["https://*.example.org", "http://localhost:8080"]},
    ],
)
def test_settings_that_work(app, configured, settings):
    configured(**settings)
    assert finding("settings").ok


def classes() -> list[str]:
    """Return the settings that are classes."""
    named = re.compile(r"invenio_usage_stats[\w.]+:\w+")
    return [name for name in dir(config) if named.fullmatch(str(getattr(config, name)))]


def test_classes(app, configured):
    assert len(classes()) == 13
    for name in classes():
        configured(**{name: "Mine"})
        assert f"{name} must be a class" in finding("settings").state
        configured(**{name: dict})
        assert finding("settings").ok


def test_a_search_engine_that_does_not_answer(app, run):
    search = app.extensions["invenio-search"]
    client, hosts = search.client, app.config["SEARCH_HOSTS"]
    app.config["SEARCH_HOSTS"] = [{"host": "127.0.0.1", "port": 1}]
    search._client = None
    try:
        code, output = run("doctor")
        assert code == 2
        assert "?     search engine: cannot be examined" in output
        code, output = run("status")
        assert code == 1
        assert "The search engine does not answer" in output
    finally:
        app.config["SEARCH_HOSTS"], search._client = hosts, client


@pytest.mark.parametrize(
    ("error", "advice"),
    [(OSError("no route"), "Start the server"), (KeyError("took"), "an error to report")],
)
def test_a_check_that_cannot_be_examined_goes_by_its_name(run, healthy, monkeypatch, error, advice):
    def broken() -> Finding:
        raise error

    monkeypatch.setitem(CHECKS, "dates of events", broken)
    found = finding("dates of events")
    assert f"cannot be examined: {type(error).__name__}" in found.state
    assert advice in found.advice
    code, output = run("doctor")
    assert code == 2
    assert "?     dates of events: cannot be examined" in output
    assert "Traceback" not in output
    assert "dates of entries" in output


def test_a_layout_that_cannot_be_shown(app, configured):
    row = {"components": [{"component": "StatChart"}]}
    configured(STATS_DASHBOARD_LAYOUT={"global": {"tabs": [{"name": "t", "rows": [row]}]}})
    found = finding("dashboards")
    assert "no component is named 'StatChart' (did you mean 'StatsChart'?)" in found.state
    assert "invenio.cfg" in found.advice


def test_missing_tables(run, healthy):
    with db.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE usage_stats_gaps"))
    code, output = run("doctor")
    assert code == 1
    assert "TO DO tables: missing: usage_stats_gaps" in output
    assert "countries" not in output
    assert run("setup")[0] == 0
    assert not missing_tables()


def test_an_index_that_was_made_without_our_template(run, healthy):
    name = full_name(STRANGE_INDEX)
    current_search_client.indices.create(index=name)
    body = {"mappings": {"dynamic": "true"}}
    current_search_client.indices.delete(index=name)
    template = full_name("usage-stats-community-usage-delta-v1.0.0")
    current_search_client.indices.delete_template(name=template)
    current_search_client.indices.create(index=name, body=body)
    run("setup")
    try:
        found = finding("indices")
        assert name in found.state
        assert "rebuild" in found.advice
    finally:
        current_search_client.indices.delete(index=name)


def test_an_alias_that_points_elsewhere(run, healthy):
    current_search_client.indices.put_alias(index=full_name(EVENTS), name=USAGE_DELTA.target)
    try:
        assert full_name(EVENTS) in finding("aliases").state
    finally:
        current_search_client.indices.delete_alias(index=full_name(EVENTS), name=USAGE_DELTA.target)


def test_a_read_only_index(run, healthy):
    block = {"index.blocks.read_only_allow_delete": True}
    current_search_client.indices.put_settings(index=full_name(EVENTS), body=block)
    try:
        found = finding("blocks")
        assert full_name(EVENTS) in found.state
        assert "disk" in found.advice
    finally:
        block["index.blocks.read_only_allow_delete"] = None
        current_search_client.indices.put_settings(index=full_name(EVENTS), body=block)


def test_events_with_absurd_dates(run, healthy):
    index = full_name("events-stats-record-view-2199-01")
    put([{"_index": index, "_source": {"timestamp": "2199-01-01T00:00:00"}}])
    current_search_client.indices.refresh(index=index)
    try:
        assert "1 in the future" in finding("dates of events").state
    finally:
        current_search_client.indices.delete(index=index)


def test_a_queue_that_is_missing(run, healthy):
    queue = current_stats.events["record-view"].queue
    queue.queue.delete()
    try:
        assert "record-view" in finding("queues").state
    finally:
        queue.queue.declare()


def test_a_run_that_is_long_ago(run, healthy, configured):
    beat = current_app.config["CELERY_BEAT_SCHEDULE"]
    often = {**beat["usage-stats-aggregate"], "schedule": timedelta(microseconds=1)}
    configured(CELERY_BEAT_SCHEDULE={**beat, "usage-stats-aggregate": often})
    assert "worker and beat" in finding("schedule").advice


def test_a_beat_entry_that_is_missing(run, healthy, configured):
    beat = dict(current_app.config["CELERY_BEAT_SCHEDULE"])
    del beat["usage-stats-refresh"]
    configured(CELERY_BEAT_SCHEDULE=beat)
    assert "usage-stats-refresh" in finding("schedule").advice


def test_failures_are_reported(run, healthy):
    Boundary().report(USAGE_DELTA.name, "a poisoned event", day=19_000)
    found = finding("failures")
    assert "a poisoned event" in found.state
    assert not found.ok


def test_exit_codes_and_json(run, healthy):
    fine, todo = Finding("a"), Finding("a", "b")
    unknown = Finding("a", "b", examined=False)
    assert exit_code([fine]) == 0
    assert exit_code([fine, todo]) == 1
    assert exit_code([todo, unknown, fine]) == 2
    findings = json.loads(run("doctor", "--json")[1])
    assert {row["outcome"] for row in findings} == {"ok"}
