# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Measure how many hits programs can report to a repository; see docs/benchmarks.md.

The environment says which servers, as for ``engine.py``. A real web server answers on loopback
while a page is asked for beside it; what came must be stored or rejected for its reason.
"""

import argparse
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from uuid import uuid4

import matomo_app
from engine_app import own_name, repository
from matomo_load import DOI, Load, Reader, Senders

BAR = 5_000
"""Hits in a second that bulk requests of 200 must bring at least."""
PAGE = "/api/records?size=1"
HEADER = "{:<10}{:>10}{:>10}{:>10}{:>10}{:>12}{:>12}{:>12}"


def _arguments() -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--records", type=int, default=1_000)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--port", type=int, default=5099)
    parser.add_argument("--sizes", type=int, nargs="+", default=[200, 1])
    return parser.parse_args()


def _publish(records: int) -> None:
    """Let there be records with DOIs, as far as the resolution of these looks."""
    import sqlalchemy as sa
    from invenio_db import db
    from invenio_pidstore.models import PersistentIdentifier

    from invenio_usage_stats.ledger.models import LedgerRecord, utc_now

    ids = [uuid4() for _ in range(records)]
    now = utc_now()
    of = {"parent_uuid": uuid4(), "parent_recid": "parent", "created": now, "drafted": now}
    pid = {"pid_type": "doi", "object_type": "rec", "status": "R", "created": now, "updated": now}
    pids = [
        {**pid, "pid_value": DOI.format(number=n), "object_uuid": id_} for n, id_ in enumerate(ids)
    ]
    with db.engine.begin() as connection:
        rows = [{**of, "uuid": id_, "recid": f"r{n}"} for n, id_ in enumerate(ids)]
        connection.execute(sa.insert(LedgerRecord.__table__), rows)
        connection.execute(sa.insert(PersistentIdentifier.__table__), pids)


@contextmanager
def _web_server(name: str, arguments: argparse.Namespace) -> Iterator[None]:
    """Run a web server for the time."""
    command = [sys.executable, "-m", "gunicorn", "matomo_app:application", "--threads", "4"]
    command += ["-w", str(arguments.workers), "-b", f"127.0.0.1:{arguments.port}"]
    environment = {**os.environ, matomo_app.NAME: name}
    folder = Path(__file__).parent
    server = subprocess.Popen([*command, "--log-level", "error"], cwd=folder, env=environment)
    try:
        _wait_for(arguments.port)
        yield
    finally:
        server.terminate()
        server.wait(60)


def _wait_for(port: int) -> None:
    """Wait until the web server answers."""
    for _ in range(120):
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", PAGE)
            connection.getresponse()
            return
        except OSError:
            time.sleep(1)
    raise SystemExit("The web server does not answer.")


def _measure(size: int, arguments: argparse.Namespace) -> bool:
    """Report for some time, and print and tell whether all is as it must be."""
    from invenio_usage_stats.exchange.matomo.taking import process

    load = Load(arguments.records, random.Random(1))
    requests = [load.request(size) for _ in range(4_000 // size)]
    senders, reader = (
        Senders(arguments.port, requests, arguments.seconds),
        Reader(arguments.port, PAGE),
    )
    reader.start()
    seconds = senders.run(arguments.connections)
    reader.stopped.set()
    hits, sent = senders.expected.total(), senders.answers.total()
    started = time.monotonic()
    taken = process()
    storing = time.monotonic() - started
    good = Counter(taken.outcomes) == senders.expected + Counter(received=hits)
    good &= set(senders.answers) <= {200, 400}
    slow = quantiles(reader.times, n=20)[-1]
    figures = [size, sent / seconds, hits / seconds, hits, taken.stored / storing]
    figures += [1000 * median(reader.times), 1000 * slow]
    print(
        HEADER.format(*(f"{one:,.0f}" for one in figures), "all" if good else "WRONG"), flush=True
    )
    if not good:
        print(dict(senders.answers), dict(senders.expected), dict(taken.outcomes))
    return good and (size == 1 or hits / seconds >= BAR)


def main() -> None:
    """Measure, and exit with 1 when something is lost, or a bar is not met."""
    arguments, name = _arguments(), own_name()
    with repository(name, **matomo_app.SETTINGS):
        _publish(arguments.records)
        with _web_server(name, arguments):
            names = (
                "bulk of",
                "req/s",
                "hits/s",
                "hits",
                "stored/s",
                "page ms",
                "page p95",
                "kept",
            )
            print(HEADER.format(*names))
            good = [_measure(size, arguments) for size in arguments.sizes]
    sys.exit(not all(good))


if __name__ == "__main__":
    main()
