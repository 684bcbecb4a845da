# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Switched off, as it is by default: nothing anywhere knows who used what."""

import logging

import pytest
import sqlalchemy as sa
from invenio_db import db

from invenio_usage_stats.exchange import tasks
from invenio_usage_stats.exchange.reports.users.consumer import process
from invenio_usage_stats.exchange.reports.users.store import USES
from invenio_usage_stats.exchange.reports.users.stream import EAR
from invenio_usage_stats.ext import USERS_BEAT_ENTRY
from invenio_usage_stats.indices import full_name, scroll
from invenio_usage_stats.operations.setup import setup
from invenio_usage_stats.readiness import TABLES

from ....conftest import browsing
from ....content import BROWSER, create_user
from ...counter.ear.hearing import repository_has
from .hearing import forget, send, view
from .stories import stored

FAR = 77_000_777
"""An id that stands nowhere by chance."""


@pytest.fixture(scope="module")
def reader(app):
    """Return a user with an id that can be searched for."""
    forget()
    repository_has()
    with db.engine.begin() as connection:
        sequence = "accounts_user_id_seq"
        before = connection.execute(sa.text(f"SELECT last_value FROM {sequence}")).scalar()
        connection.execute(sa.text(f"SELECT setval('{sequence}', {FAR - 1})"))
    user = create_user(app, "far-away")
    with db.engine.begin() as connection:
        connection.execute(sa.text(f"SELECT setval('{sequence}', {before})"))
    assert int(user.id) == FAR
    return user


def use(app, record: str, reader) -> None:
    """View a page and download a file."""
    with browsing(app, reader) as client:
        assert client.get(f"/records/{record}", headers=BROWSER).status_code == 200
        file = f"/records/{record}/files/data.csv"
        assert client.get(file, headers=BROWSER).status_code == 200


def test_nothing_knows_a_user(app, record, reader, caplog):
    caplog.set_level(logging.DEBUG)
    list(setup())
    use(app, record, reader)
    tasks.users()
    stored()
    for name in ("stats-*", "events-stats-*"):
        for hit in scroll(full_name(name), {"match_all": {}}):
            assert str(FAR) not in str(hit)
    with db.engine.connect() as connection:
        for table in TABLES:
            assert str(FAR) not in repr(connection.execute(sa.select(table)).all()), table.name
    ours = [one for one in caplog.records if "invenio_usage_stats" in one.pathname]
    assert str(FAR) not in repr([(one.getMessage(), vars(one)) for one in ours])


def test_no_queue_is_there_and_events_are_not_marked(app, record, reader):
    list(setup())
    assert not EAR.look().exists
    assert USERS_BEAT_ENTRY not in app.config["CELERY_BEAT_SCHEDULE"]
    assert "automated" not in repr(app.config["STATS_EVENTS"])


def test_the_scan_finds_a_user_where_it_is_on(by_user, record, reader):
    send(view(FAR, record))
    process()
    with db.engine.connect() as connection:
        assert str(FAR) in repr(connection.execute(sa.select(USES)).all())
