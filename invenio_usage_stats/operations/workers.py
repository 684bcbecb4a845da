# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Who does the parts of a backfill: this process, processes made for it, or Celery's workers."""

import os
import signal
import time
from collections.abc import Callable, Iterator

from celery import current_app as celery
from flask import current_app
from invenio_db import db
from invenio_search.proxies import current_search

from ..errors import UsageStatsError
from ..indices import CLIENT
from .backfill import Progress, do_all, is_at_work, open_parts, progress

POLL = 1.0
"""Seconds between two looks at a job that others do."""
STALLED = 600.0
"""Seconds in which Celery's workers must have begun something."""


def here(job: str, processes: int = 1) -> Iterator[Progress]:
    """Do a job on this machine; yield how far it is.

    Raises ``UsageStatsError`` when a process fails.
    """
    if processes == 1:
        yield from do_all(job)
        return
    while open_parts(job):
        yield from _with_processes(job, min(processes, len(open_parts(job))))


def _with_processes(job: str, count: int) -> Iterator[Progress]:
    """Let processes do the parts that can be done now."""
    before = progress(job).done
    db.session.remove()
    db.engine.dispose()
    running = {_start(job) for _ in range(count)}
    failed = 0
    try:
        while running:
            time.sleep(POLL)
            for process in list(running):
                ended, status = os.waitpid(process, os.WNOHANG)
                if ended:
                    running.remove(process)
                    failed += status != 0
            yield progress(job)
    finally:
        for process in running:
            os.kill(process, signal.SIGTERM)
            os.waitpid(process, 0)
    if failed:
        raise UsageStatsError("A process of the backfill failed; give the command again to go on.")
    if progress(job).done == before:
        raise UsageStatsError("Others hold what is left of this job; try again in two minutes.")


def _start(job: str) -> int:
    """Start a process that does a job's parts, and return its id.

    It ends without any cleaning up: that would close connections which are not its own.
    """
    process = os.fork()
    if process == 0:
        try:
            work(job)
            os._exit(0)
        except BaseException:
            current_app.logger.exception("Usage statistics: a process of %s failed.", job)
            os._exit(1)
    return process


def work(job: str) -> None:
    """Do a job's parts in a forked process, which needs connections of its own."""
    db.engine.dispose(close=False)
    current_search._client = None
    current_app.extensions.pop(CLIENT, None)
    for _ in do_all(job):
        pass


def with_celery(job: str, send: Callable[[int], object]) -> Iterator[Progress]:
    """Send a job's parts to Celery's workers, wait, and yield how far they are.

    Raises ``UsageStatsError`` when no worker answers, or none does anything for some time.
    """
    eager = current_app.config.get("CELERY_TASK_ALWAYS_EAGER")
    if not eager and not celery.control.inspect(timeout=3).ping():
        raise UsageStatsError("No Celery worker answers: start one, or use --workers local.")
    for part in open_parts(job):
        send(part)
    active, before = time.monotonic(), -1
    while not (state := progress(job)).is_done:
        yield state
        if state.done > before or is_at_work():
            active, before = time.monotonic(), state.done
        if time.monotonic() - active > STALLED:
            raise UsageStatsError(
                "Celery's workers have not begun any part for some time: see their log, and give "
                "the command again."
            )
        time.sleep(POLL)
    yield state
