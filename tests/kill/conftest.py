# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A worker for all tests here, and a world to aggregate."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from invenio_usage_stats.aggregations.running import bookmarks

from ..world import forget_world, wipe
from .workers import Worker


@pytest.fixture(scope="module")
def worker(app, tmp_path_factory) -> Iterator[Worker]:
    """Return a worker."""
    running = Worker(tmp_path_factory.mktemp("worker") / "log")
    yield running
    running.close()


@pytest.fixture
def here(app):
    """Return the application whose context is pushed."""
    return app


@pytest.fixture(autouse=True)
def empty(worker, here, monkeypatch) -> Iterator[None]:
    """Start without documents, with runs that look back no further than they must."""
    monkeypatch.setattr(bookmarks, "OVERLAP", timedelta(0))
    wipe()
    yield
    forget_world()
