# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A backfill on a real worker of Celery: one that is killed, and one that meets a full disk."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import Celery
from flask import current_app

from invenio_usage_stats import tasks
from invenio_usage_stats.aggregations.running.leases import holders
from invenio_usage_stats.indices import USAGE_DELTA
from invenio_usage_stats.operations import backfill
from invenio_usage_stats.operations.plan import backfill_job

from ..trouble import blocked
from .celery_worker import PREFIX
from .test_filling import everything, expected  # noqa: F401

ROOT = Path(__file__).parents[2]
PATIENCE = 120


def wait_for(condition: Callable[[], object]) -> object:
    """Wait until something is the case, and return it."""
    end = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return found


@pytest.fixture
def celery(app, monkeypatch) -> Celery:
    """Return Celery, which sends tasks to workers; none waits."""
    monkeypatch.setitem(app.config, "CELERY_TASK_ALWAYS_EAGER", False)
    found = app.extensions["flask-celeryext"].celery
    monkeypatch.setattr(found.conf, "task_always_eager", False)
    found.control.purge()
    return found


@pytest.fixture
def worker(celery, tmp_path) -> Iterator[Path]:
    """Let a worker work, and return where its log is."""
    prefix = {PREFIX: current_app.config["SEARCH_INDEX_PREFIX"]}
    path = tmp_path / "log"
    with path.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.celery_worker"],
            cwd=ROOT,
            env=os.environ | prefix,
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(lambda: celery.control.inspect(timeout=0.5).ping())
        yield path
    finally:
        process.terminate()
        process.wait(30)


def pid_of_a_part() -> int | None:
    """Return the process that does a part."""
    found = [row["holder"] for row in holders() if row["name"].startswith(backfill.PART)]
    return int(found[0].rpartition(":")[2]) if found else None


def test_a_killed_worker_leaves_nothing_for_ever(expected, worker):  # noqa: F811
    job = backfill_job()
    backfill.begin(job)
    tasks.go_on(job.name)
    wait_for(lambda: backfill.progress(job.name).done)
    os.kill(wait_for(pid_of_a_part), signal.SIGKILL)
    (lost,) = wait_for(lambda: len(left := backfill.open_parts(job.name)) == 1 and left)
    wait_for(lambda: not backfill.is_at_work())
    assert backfill.open_parts(job.name) == [lost]
    tasks.aggregate.delay()
    wait_for(lambda: backfill.progress(job.name).is_done)
    assert everything() == expected


def test_a_part_is_tried_again_when_indices_take_documents(expected, worker):  # noqa: F811
    job = backfill_job()
    backfill.begin(job)
    with blocked(f"{USAGE_DELTA.target}-*"):
        tasks.go_on(job.name)
        wait_for(lambda: "Retry in 3s: SearchEngineError" in worker.read_text())
    wait_for(lambda: backfill.progress(job.name).is_done)
    assert everything() == expected
