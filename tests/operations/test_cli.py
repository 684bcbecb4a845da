# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The commands, as an operator runs them."""

import json
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
from celery import Celery
from invenio_app.cli import cli
from invenio_db import db
from invenio_search import current_search_client
from invenio_search.engine import search

from invenio_usage_stats.aggregations import runs
from invenio_usage_stats.aggregations.aggregators import EVENTS_AGGREGATION
from invenio_usage_stats.aggregations.running import bookmarks
from invenio_usage_stats.aggregations.running.leases import hold
from invenio_usage_stats.indices import PRODUCTS, full_name
from invenio_usage_stats.ledger.models import LedgerEntry
from invenio_usage_stats.operations import workers
from invenio_usage_stats.readiness import missing_templates

from .. import content


def test_from_setup_to_status(run, people):
    content.publish(people["uploader"])
    code, output = run("setup")
    assert code == 0
    assert "tables: present" in output
    code, output = run("aggregate")
    assert code == 0
    assert "records delta" in output
    code, output = run("status", "--json")
    state = json.loads(output)
    assert code == 0
    assert {row["name"] for row in state["aggregations"]} == {p.name for p in PRODUCTS}
    assert all(row["lag_seconds"] < 600 for row in state["aggregations"])
    assert state["ledger"]["waiting"] == 0
    code, output = run("doctor")
    assert code == 0, output


def test_setup_can_be_repeated(run):
    assert run("setup")[0] == 0
    code, output = run("setup")
    assert code == 0
    assert "ledger: 0 entries added" in output


def test_a_run_refuses_to_write_without_templates(run):
    name = missing_template()
    code, output = run("aggregate")
    assert code == 1
    assert name in output
    assert "usage-stats setup" in output
    code, output = run("doctor")
    assert code == 1
    assert "TO DO templates" in output
    run("setup")
    assert not missing_templates()


def missing_template() -> str:
    """Delete one of our templates and return its name."""
    name = "usage-stats-community-usage-delta-v1.0.0"
    current_search_client.indices.delete_template(name=full_name(name))
    return name


def test_given_days_leave_the_bookmarks_alone(run, people):
    content.publish(people["uploader"])
    run("setup")
    code, _ = run("aggregate", "--since", "2024-01-01", "--until", "2024-12-31")
    assert code == 0
    assert not bookmarks.read(product.name for product in PRODUCTS)


def test_days_in_the_wrong_order(run):
    code, output = run("aggregate", "--since", "2024-02-01", "--until", "2024-01-01")
    assert code == 2
    assert "--since" in output


def test_reconcile_says_what_is_missing_and_adds_it(run, people):
    run("setup")
    content.publish(people["uploader"])
    with db.engine.begin() as connection:
        connection.execute(sa.delete(LedgerEntry))
    code, output = run("reconcile", "--dry-run")
    assert code == 1
    assert "entries missing" in output
    assert "0 entries missing" not in output
    assert run("reconcile")[0] == 0
    code, output = run("reconcile", "--dry-run")
    assert code == 0
    assert "0 entries missing" in output


def test_the_doctor_as_json(run):
    run("setup")
    run("aggregate")
    code, output = run("doctor", "--json")
    findings = json.loads(output)
    assert code == 0
    assert all(finding["ok"] for finding in findings)
    assert {"check", "outcome", "state", "advice", "ok"} == set(findings[0])


def test_invenio_stats_runs_our_aggregations(app, run, people):
    content.publish(people["uploader"])
    run("setup")
    names = [EVENTS_AGGREGATION, *(product.name for product in PRODUCTS)]
    command = ["stats", "aggregations", "process", *names, "--eager", "--update-bookmark"]
    result = app.test_cli_runner().invoke(cli, command)
    assert result.exit_code == 0, result.output
    assert set(bookmarks.read(names)) == {product.name for product in PRODUCTS}
    listed = app.test_cli_runner().invoke(
        cli, ["stats", "aggregations", "list-bookmarks", PRODUCTS[0].name]
    )
    assert listed.exit_code == 0
    assert PRODUCTS[0].name in listed.output


def test_invenio_stats_moves_no_bookmark_over_days_it_was_not_asked_for(app, run):
    run("setup")
    name = PRODUCTS[0].name
    days = ["--start-date", "2024-01-01", "--end-date", "2024-01-31"]
    command = ["stats", "aggregations", "process", name, *days, "--eager", "--update-bookmark"]
    result = app.test_cli_runner().invoke(cli, command)
    assert result.exit_code == 0, result.output
    assert not bookmarks.read([name])


@pytest.mark.parametrize("days", [(), ("--since", "2024-01-01", "--until", "2024-01-31")])
def test_nothing_done_is_no_success(run, monkeypatch, days):
    monkeypatch.setattr(runs, "PATIENCE", timedelta(seconds=2))
    run("setup")
    began = time.monotonic()
    with hold(runs.LEASE):
        code, output = run("aggregate", *days)
    assert code == 1
    assert "Another run is at work" in output
    assert time.monotonic() - began > 2


def test_a_broker_that_does_not_answer(app, run, past, monkeypatch):
    monkeypatch.setenv("CELERY_BROKER_URL", "amqp://guest@127.0.0.1:9//")
    monkeypatch.setattr(workers, "celery", Celery(set_as_current=False))
    monkeypatch.setitem(app.config, "CELERY_TASK_ALWAYS_EAGER", False)
    code, output = run("backfill")
    assert code == 1
    assert "The message broker does not answer" in output


@pytest.mark.parametrize("status", [400, 403, 429])
def test_a_search_engine_that_refuses(run, healthy, monkeypatch, status):
    def refuse(*_: object, **__: object) -> None:
        raise search.TransportError(status, "refused", {})

    monkeypatch.setattr(current_search_client.transport, "perform_request", refuse)
    code, output = run("status")
    assert code == 1
    assert "The search engine refused a request" in output


@pytest.mark.parametrize(
    ("name", "text"),
    [("rebuild", "needed, except with"), ("aggregate", "what changed"), ("verify", "the first")],
)
def test_help_says_what_no_first_day_means(run, name, text):
    assert text in " ".join(run(name, "--help")[1].split())
