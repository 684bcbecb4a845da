# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The job types, as InvenioRDM's page of jobs makes, configures and runs them."""

import pytest
from invenio_access.permissions import system_identity
from invenio_db import db
from invenio_jobs.models import Run, RunStatusEnum
from invenio_jobs.proxies import current_jobs, current_jobs_service, current_runs_service
from marshmallow import ValidationError

from invenio_usage_stats.aggregations.running import bookmarks
from invenio_usage_stats.indices import PRODUCTS
from invenio_usage_stats.jobs import JOBS
from invenio_usage_stats.operations import backfill

SCHEMA = "UsageStatsRebuildSchema"


def run_job(task: str, args: dict | None = None) -> Run:
    """Make a job, run it at once, and return the run."""
    job = current_jobs_service.create(system_identity, {"title": task, "task": task})
    wish = {"title": "now", "args": args or {}}
    made = current_runs_service.create(system_identity, job.id, wish)
    return db.session.get(Run, made.id)


def test_all_are_registered(app):
    assert {job.id for job in JOBS} <= set(current_jobs.jobs)
    assert current_jobs.registry.schemas[SCHEMA]


@pytest.mark.parametrize("name", ["refresh", "aggregate", "reconcile", "counter", "counter_send"])
def test_those_without_arguments_run(healthy, name):
    assert run_job(f"usage_stats_{name}").status == RunStatusEnum.SUCCESS


def test_a_backfill(past):
    assert run_job("usage_stats_backfill").status == RunStatusEnum.SUCCESS
    assert backfill.jobs()[0].progress.is_done
    assert len(bookmarks.read(product.name for product in PRODUCTS)) == len(PRODUCTS)


def test_a_rebuild_takes_days_and_a_scope(healthy):
    args = {"job_arg_schema": SCHEMA, "first_day": "2000-01-01", "last_day": "", "scope": "global"}
    run = run_job("usage_stats_rebuild", args)
    assert run.status == RunStatusEnum.SUCCESS, run.message
    assert run.args == {"since": "2000-01-01", "until": None, "scope": "global"}
    job = backfill.jobs()[0]
    assert job.name == "rebuild 2000-01-01 9999-12-30 global"
    assert job.progress.is_done


@pytest.mark.parametrize("wrong", [{}, {"first_day": "lately"}, {"first_day": ""}])
def test_a_rebuild_without_days_is_refused(healthy, wrong):
    with pytest.raises(ValidationError):
        run_job("usage_stats_rebuild", {"job_arg_schema": SCHEMA, **wrong})
    assert not backfill.jobs()


def test_a_rebuild_that_nobody_configured_says_what_is_missing(healthy):
    run = run_job("usage_stats_rebuild")
    assert run.status == RunStatusEnum.FAILED
    assert "is not a day" in run.message
