# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A repository that counts by user."""

from collections.abc import Iterator

import pytest

from invenio_usage_stats.exchange.reports.users.switching import set_up
from invenio_usage_stats.ext import USERS_BEAT_ENTRY

from ....content import publish
from ...counter.ear.hearing import repository_has
from .hearing import forget


@pytest.fixture(scope="module")
def record(app, people) -> str:
    """Return a published record with a file."""
    return publish(people["uploader"], {"data.csv": b"abc"})


@pytest.fixture
def by_user(app, api, monkeypatch) -> Iterator[None]:
    """Switch on, with nothing counted yet; afterwards nothing is left."""
    repository_has()
    forget()
    beat = app.config["CELERY_BEAT_SCHEDULE"] | {USERS_BEAT_ENTRY: {}}
    monkeypatch.setitem(app.config, "CELERY_BEAT_SCHEDULE", beat)
    for one in (app, api):
        monkeypatch.setitem(one.config, "USAGE_STATS_PER_USER", True)
    list(set_up())
    yield
    forget()
    repository_has()
