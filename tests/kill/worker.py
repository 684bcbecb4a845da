# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A worker in a process of its own: it makes the application once and forks for every run.

It reads commands from its standard input: ``start N`` forks a run that kills itself with SIGKILL
at its N-th moment (0: never) and answers its process id; ``wait PID`` answers how it ended.
A moment is before or after a request to the search engine, or before a commit. A run aggregates,
unless another module gives it other work.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from invenio_app.factory import create_app
from invenio_db import db
from invenio_search.engine import search

from invenio_usage_stats.aggregations.running import bookmarks, leases
from invenio_usage_stats.aggregations.runs import aggregate

from ..conftest import settings

PREFIX = "USAGE_STATS_TEST_PREFIX"
NAME = "usage-stats-tests-worker"
"""What the database knows a worker's connections by."""
TTL = timedelta(seconds=1.2)
DONE = "done"


class Fuse:
    """Kill the process at its n-th moment."""

    def __init__(self, moments: int) -> None:
        self.left = moments
        self.lock = threading.Lock()

    def burn(self, *_: object) -> None:
        """Come one moment closer."""
        with self.lock:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def lay(self) -> None:
        """Count requests and commits from here on."""
        perform = search.Transport.perform_request

        def request(*arguments, **options):
            self.burn()
            answer = perform(*arguments, **options)
            self.burn()
            return answer

        search.Transport.perform_request = request
        sa.event.listen(sa.engine.Engine, "commit", self.burn)


Work = Callable[[Fuse], str]
"""What a run does: it returns how that ended."""


def aggregated(_fuse: Fuse) -> str:
    """Aggregate, and return what failed."""
    failed = [f"{one.name}: {one.reason}" for one in aggregate() if one.outcome != "ok"]
    return "; ".join(failed) or DONE


def run(app, moments: int, work: Work) -> str:
    """Do some work, and return how that ended."""
    fuse = Fuse(moments)
    fuse.lay()
    with app.app_context():
        try:
            return work(fuse)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test wants to know
            return type(error).__name__


def start(app, moments: int, work: Work) -> tuple[int, int]:
    """Fork a run; return its process id and where it will say how it ended."""
    reader, writer = os.pipe()
    process = os.fork()
    if process:
        os.close(writer)
        return process, reader
    os.close(reader)
    try:
        os.write(writer, run(app, moments, work).encode())
    finally:
        os._exit(0)


def main(work: Work = aggregated) -> None:
    """Carry out commands."""
    leases.TTL, leases.BEAT, leases.POLL = TTL, TTL / 5, 0.2
    bookmarks.OVERLAP = timedelta(0)
    config = settings()
    database = sa.engine.make_url(config["SQLALCHEMY_DATABASE_URI"])
    named = database.update_query_dict({"application_name": NAME})
    config["SQLALCHEMY_DATABASE_URI"] = named.render_as_string(hide_password=False)
    app = create_app(**config | {"SEARCH_INDEX_PREFIX": os.environ[PREFIX]})
    with app.app_context():
        db.engine.dispose()
    runs: dict[int, int] = {}
    print("ready", flush=True)
    for line in sys.stdin:
        command, number = line.split()
        if command == "start":
            process, reader = start(app, int(number), work)
            runs[process] = reader
            print(process, flush=True)
        else:
            with os.fdopen(runs.pop(int(number))) as answer:
                print(answer.read() or "killed", flush=True)
            os.waitpid(int(number), 0)


if __name__ == "__main__":
    main()
