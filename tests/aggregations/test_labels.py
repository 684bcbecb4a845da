# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Labels leave the database session of their caller alone, and outlive a lost connection."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from babel import Locale
from invenio_db import db

from invenio_usage_stats.aggregations.running import bookmarks
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.catalog import labels as labels_module
from invenio_usage_stats.catalog.labels import Labels
from invenio_usage_stats.indices import USAGE_DELTA
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.periods import Period
from invenio_usage_stats.services.scopes import Scope

from ..oracle.world import Event, World, make_facts, publish
from ..world import forget_world, index_events, load

pytestmark = pytest.mark.usefixtures("lost_connections")


def labelled(key: str = "eng") -> object:
    """Return a label, freshly looked up."""
    labels, dimension = Labels(), current_usage_stats.catalog.dimensions["languages"]
    labels.prefetch(dimension, [key])
    return labels(dimension, key)


@pytest.fixture
def session(app):
    """Return the session of the application's context, at rest before and after."""
    db.session.rollback()
    yield db.session
    db.session().invalidate()


def lose_connections() -> None:
    """Have the server end all connections to the database of the tests."""
    engine = sa.create_engine(db.engine.url, isolation_level="AUTOCOMMIT")
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with engine.connect() as connection:
        query = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
        connection.execute(sa.text(query)).all()
    engine.dispose()


def test_a_lookup_opens_no_transaction(session):
    assert labelled() == {"en": "English"}
    assert not session().in_transaction()


def test_documents_are_in_english_and_readers_have_their_language(session):
    labels, dimension = Labels(), current_usage_stats.catalog.dimensions["languages"]
    labels.prefetch(dimension, ["eng", "xyz"])
    assert labels(dimension, "eng") == {"en": "English"}
    texts = {code: labels.text(dimension, "eng", Locale(code)) for code in ("en", "de", "sv")}
    assert texts == {"en": "English", "de": "Englisch", "sv": "English"}
    assert labels(dimension, "xyz") == labels.text(dimension, "xyz", Locale("de")) == "xyz"


def test_the_transaction_of_the_caller_goes_on(session):
    name = "SELECT current_setting('application_name')"
    session.execute(sa.text("SET LOCAL application_name = 'mine'"))
    assert labelled() == {"en": "English"}
    assert session.execute(sa.text(name)).scalar_one() == "mine"


def test_a_session_that_lost_its_connection(session):
    """The first use of a dead connection fails, and is not taken for a value without label."""
    session.execute(sa.text("SELECT 1"))
    lose_connections()
    with pytest.raises(sa.exc.OperationalError):
        session.execute(sa.text("SELECT 1"))
    labels, dimension = Labels(), current_usage_stats.catalog.dimensions["languages"]
    for _ in range(2):
        try:
            labels.prefetch(dimension, ["eng"])
        except sa.exc.OperationalError:
            continue
    assert labels(dimension, "eng") == {"en": "English"}
    with pytest.raises(sa.exc.PendingRollbackError):
        session.execute(sa.text("SELECT 1"))


def test_connections_that_are_lost_between_two_runs(session, monkeypatch):
    """The run that meets a dead connection fails; the next one does its work."""
    monkeypatch.setattr(bookmarks, "OVERLAP", timedelta(seconds=1))
    monkeypatch.setattr(labels_module, "KEPT_SECONDS", -1)
    world, at = World(), datetime(2024, 1, 10, 9)
    publish(world, "r1", "P1", at, make_facts(languages="eng"), "A")
    world.events = [Event(at, "view", "r1", "P1", "v", "s", "ui_r1")]
    load(world)
    forget_world()
    later = at + timedelta(days=1)
    index_events([Event(later, "view", "r1", "P1", "v", "s", "ui_r1")])
    session.execute(sa.text("SELECT 1"))
    lose_connections()
    with pytest.raises(sa.exc.OperationalError):
        aggregate()
    assert {outcome.outcome for outcome in aggregate()} == {"ok"}
    documents = current_usage_stats.service.daily_documents
    (document,) = documents(Scope("A"), USAGE_DELTA, Period(later.date(), later.date()))
    assert document["subcounts"]["by_languages"][0]["label"] == {"en": "English"}
