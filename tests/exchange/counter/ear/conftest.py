# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A repository that counts by the Code of Practice."""

from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from invenio_usage_stats.ext import COUNTER_BEAT_ENTRIES
from invenio_usage_stats.operations.setup import setup

from .hearing import forget, repository_has


@pytest.fixture
def listening(app, monkeypatch) -> Iterator[None]:
    """Switch on, with nothing heard yet; afterwards nothing is left."""
    repository_has()
    forget()
    beat = app.config["CELERY_BEAT_SCHEDULE"] | {key: {} for key in COUNTER_BEAT_ENTRIES.values()}
    monkeypatch.setitem(app.config, "USAGE_STATS_COUNTER", True)
    monkeypatch.setitem(app.config, "CELERY_BEAT_SCHEDULE", beat)
    list(setup())
    yield
    forget()
    repository_has()


@pytest.fixture
def web_server() -> Iterator[Callable[[Path], str]]:
    """Return a function that offers a folder on a port of this machine, and returns its address."""
    servers = []

    def offer(folder: Path) -> str:
        handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield offer
    for server in servers:
        server.shutdown()
        server.server_close()
