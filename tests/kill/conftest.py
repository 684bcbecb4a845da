# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A worker for all tests here, and a world to aggregate.

A module that names a ``SERVER`` has one of its own, and a worker and an application with it.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from invenio_usage_stats.aggregations.running import bookmarks

from ..world import forget_world, wipe
from .servers import Server, application_with
from .workers import Worker

VOCABULARIES = ["vocabularies", "affiliations", "funders", "awards", "names", "subjects"]


@pytest.fixture(scope="module")
def server(request, tmp_path_factory) -> Iterator[Server | None]:
    """Return the module's own server, if it has one."""
    kind = getattr(request.module, "SERVER", None)
    if kind is None:
        yield None
        return
    running = kind(tmp_path_factory.mktemp(kind.name))
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def elsewhere(app, server):
    """Return an application with the module's own server, or that of all tests."""
    return app if server is None else application_with(server, SEARCH_MAPPINGS=VOCABULARIES)


@pytest.fixture(scope="module")
def worker(elsewhere, server, tmp_path_factory) -> Iterator[Worker]:
    """Return a worker with the same servers."""
    own = {} if server is None else {name: str(value) for name, value in server.settings.items()}
    running = Worker(tmp_path_factory.mktemp("worker") / "log", **own)
    yield running
    running.close()


@pytest.fixture
def here(elsewhere) -> Iterator:
    """Push the context of the application."""
    with elsewhere.app_context():
        yield elsewhere


@pytest.fixture(autouse=True)
def empty(worker, here, monkeypatch) -> Iterator[None]:
    """Start without documents, with runs that look back no further than they must."""
    monkeypatch.setattr(bookmarks, "OVERLAP", timedelta(0))
    wipe()
    yield
    forget_world()
