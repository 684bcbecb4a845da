# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Above the panels stands what a reader must know before reading any number."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from invenio_db import db
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.running import bookmarks
from invenio_usage_stats.indices import full_name
from invenio_usage_stats.ledger.models import LedgerEntry
from invenio_usage_stats.reader.freshness import NAMES, estimated_before


@pytest.fixture
def late(world):
    """Let the last run be three days ago."""
    before = min(bookmarks.read(NAMES).values())
    ours = {"query": {"terms": {"aggregation_type": NAMES}}}
    index = full_name(bookmarks.INDEX)
    current_search_client.delete_by_query(index=index, body=ours, refresh=True)
    bookmarks.write(NAMES, datetime.now(UTC) - timedelta(days=3))
    yield
    bookmarks.write(NAMES, before)


@pytest.fixture
def guessed(world):
    """Let the ledger have an entry whose time it did not see."""
    entry = sa.select(sa.func.min(LedgerEntry.id)).scalar_subquery()
    change = sa.update(LedgerEntry).where(LedgerEntry.id == entry)

    def source(value: str) -> None:
        with db.engine.begin() as connection:
            connection.execute(change.values(date_source=value))
        estimated_before.forget()

    source("created")
    yield
    source("seen")


def sentences(view):
    """Return what is said, by kind."""
    return [(notice["kind"], notice["text"]) for notice in view["notices"]]


def test_fresh_numbers_need_no_notice(build):
    assert sentences(build()) == []


def test_late_numbers_say_so(build, late):
    ((kind, text),) = sentences(build())
    assert kind == "warning"
    assert "late: nothing is counted after" in text


def test_what_was_not_seen_is_said_to_be_estimated(build, guessed):
    ((kind, text),) = sentences(build())
    assert kind == "info"
    assert "memberships and properties of records are those of that day" in text
