# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What the tests of counting by COUNTER's rules share."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial

import pytest
import sqlalchemy as sa
from invenio_db import db
from invenio_search import current_search_client

from invenio_usage_stats.exchange.counter import agents, monthly
from invenio_usage_stats.exchange.counter.agent_lists import Patterns
from invenio_usage_stats.exchange.counter.months_models import CounterGeneration, CounterMonth
from invenio_usage_stats.indices import full_name
from invenio_usage_stats.reader.methods import METHODS

from .raw import NEW, OLD


def adopt(version: str, age: str) -> None:
    """Judge events by a list from now on."""
    patterns = Patterns((f"{age}bot", "crawl"), (f"{age}get", "curl"), date(2026, 1, 1))
    agents.adopt(version, patterns, "tests")


@pytest.fixture
def newer_list() -> Callable[[], None]:
    """Return a function that has events judged by the new list from now on."""
    return lambda: adopt(NEW, "new")


@pytest.fixture
def counting(app, monkeypatch) -> Iterator[None]:
    """Start with counting switched on, and with nothing counted, heard or noted yet."""
    monkeypatch.setitem(app.config, "USAGE_STATS_COUNTER", True)
    current_search_client.indices.delete(index=full_name("stats-counter-*"))
    with db.engine.begin() as connection:
        for table in (CounterMonth.__table__, CounterGeneration.__table__, METHODS):
            connection.execute(sa.delete(table))
    adopt(OLD, "old")
    yield
    with db.engine.begin() as connection:
        ours = agents.LISTS.c.version.in_((OLD, NEW))
        connection.execute(sa.delete(agents.LISTS).where(ours))


@pytest.fixture
def now(monkeypatch) -> Callable[[str], None]:
    """Return a function that sets the time by which months are closed."""

    def set_to(moment: str) -> None:
        monkeypatch.setattr(monthly, "utc_now", lambda: datetime.fromisoformat(moment))

    return set_to


@pytest.fixture
def run(run):
    """Return a function that runs a command of counting to the standard."""
    return partial(run, "counter")
