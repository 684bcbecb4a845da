# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The method of counting is noted by those who work, and its changes are found by readers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import counter_robots
import pytest
import sqlalchemy as sa
from geolite2 import geolite2
from invenio_db import db
from invenio_stats.processors import EventsIndexer, anonymize_user, flag_robots
from invenio_stats.proxies import current_stats

from invenio_usage_stats.operations import methods
from invenio_usage_stats.operations.methods import note_method, present_method
from invenio_usage_stats.operations.nightly import nightly
from invenio_usage_stats.reader.methods import (
    DOUBLE_CLICKS,
    LOCATIONS,
    METHODS,
    PREPARATION,
    ROBOTS,
    SESSIONS,
    MethodChange,
    method_changes,
)
from invenio_usage_stats.reader.periods import Period, today

WINDOW = "double_click_window"


@pytest.fixture(autouse=True)
def nothing_noted(app) -> None:
    """Start where nothing was noted yet."""
    with db.engine.begin() as connection:
        connection.execute(sa.delete(METHODS))


@pytest.fixture
def views() -> dict:
    """Return the settings of what indexes views."""
    return current_stats.events["record-view"].params


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect what the database is asked for."""
    found: list[str] = []

    def heard(connection, cursor, statement, *_):
        found.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", heard)
    try:
        yield found
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", heard)


def changes() -> tuple[MethodChange, ...]:
    """Return what changed in the last days."""
    return method_changes(Period(today() - timedelta(days=9), today()))


def days_pass(days: int) -> None:
    """Let what was noted have been noted some days earlier."""
    with db.engine.begin() as connection:
        connection.execute(sa.update(METHODS).values(day=METHODS.c.day - days))


def test_the_method_of_the_repository_is_known(app):
    known = present_method()
    assert known[ROBOTS, ""] == counter_robots.__version__
    assert known[LOCATIONS, ""].startswith("GeoLite2")
    for kind in ("view", "download"):
        assert known[DOUBLE_CLICKS, kind] == "10"
        assert known[SESSIONS, kind] == "60"
        assert "flag_robots(exclude=True), flag_machines, anony" in known[PREPARATION, kind]


def test_the_first_note_is_no_change_and_the_second_asks_once(app):
    assert set(note_method()) == set(present_method())
    with statements() as asked:
        assert note_method() == []
    assert len(asked) == 1
    assert changes() == ()


def test_a_change_is_noted_once(app, views, monkeypatch):
    note_method()
    days_pass(3)
    monkeypatch.setitem(views, WINDOW, 30)
    assert note_method() == [(DOUBLE_CLICKS, "view")]
    assert note_method() == []
    assert changes() == ((today(), DOUBLE_CLICKS, "view", "10", "30"),)
    assert method_changes(Period(today() - timedelta(days=9), today() - timedelta(days=1))) == ()


def test_several_changes_are_told_in_their_order(app, views, monkeypatch):
    note_method()
    days_pass(3)
    monkeypatch.setitem(views, WINDOW, 30)
    note_method()
    days_pass(2)
    monkeypatch.setitem(views, WINDOW, 2.5)
    monkeypatch.setattr(methods, "robots_version", "2099.1")
    note_method()
    told = [
        (today() - change.day, change.name, change.before, change.after) for change in changes()
    ]
    assert told == [
        (timedelta(days=2), DOUBLE_CLICKS, "10", "30"),
        (timedelta(0), DOUBLE_CLICKS, "30", "2.5"),
        (timedelta(0), ROBOTS, counter_robots.__version__, "2099.1"),
    ]


def test_a_day_has_one_change(app, views, monkeypatch):
    note_method()
    for window in (20, 30):
        monkeypatch.setitem(views, WINDOW, window)
        note_method()
    assert changes() == ((today(), DOUBLE_CLICKS, "view", "10", "30"),)
    monkeypatch.setitem(views, WINDOW, 10)
    assert note_method() == [(DOUBLE_CLICKS, "view")]
    assert changes() == ()


def test_who_note_it_at_the_same_time_note_it_once(app, views, monkeypatch):
    def noted(_) -> None:
        with app.app_context():
            note_method()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(noted, range(4)))
        assert changes() == ()
        monkeypatch.setitem(views, WINDOW, 30)
        list(pool.map(noted, range(4)))
    assert changes() == ((today(), DOUBLE_CLICKS, "view", "10", "30"),)


def test_a_database_that_is_not_there_is_not_known(app, tmp_path, monkeypatch):
    note_method()
    usual = geolite2.filename
    for content in (None, b"nothing"):
        geolite2.close()
        monkeypatch.setattr(geolite2, "filename", str(tmp_path / "countries.mmdb"))
        if content:
            (tmp_path / "countries.mmdb").write_bytes(content)
        assert (LOCATIONS, "") not in present_method()
        assert note_method() == []
    geolite2.close()
    monkeypatch.setattr(geolite2, "filename", usual)
    assert (LOCATIONS, "") in present_method()


def test_functions_of_an_instance_are_named_and_may_say_their_sessions(app, views, monkeypatch):
    def anonymize(doc, daily=False):
        return doc

    note_method()
    days_pass(1)
    monkeypatch.setitem(views, "preprocessors", [partial(anonymize, daily=True)])
    assert note_method() == [(PREPARATION, "view")]
    assert changes()[0].after == "anonymize(daily=True)"
    assert (SESSIONS, "view") not in present_method()
    anonymize.session_minutes = 30
    assert note_method() == [(SESSIONS, "view")]
    assert changes()[1][1:] == (SESSIONS, "view", "60", "30")


def test_what_an_indexer_of_ones_own_does_not_tell_is_not_known(app, monkeypatch):
    class Indexer:
        def __init__(self, queue, **params):
            pass

    event = current_stats.events["record-view"]._replace(cls=Indexer)
    monkeypatch.setitem(current_stats.events, "record-view", event)
    assert {kind for _, kind in present_method()} == {"", "download"}
    monkeypatch.delitem(current_stats.events, "file-download")
    assert present_method() == {}


def test_the_stock_functions_are_what_they_are_taken_for():
    assert EventsIndexer.default_preprocessors == [flag_robots, anonymize_user]
    doc = {"session_id": "s", "timestamp": "2026-03-03T10:00:00"}
    ids = {
        minute: anonymize_user(
            {**doc, "timestamp": f"2026-03-03T{10 + minute // 60}:{minute % 60:02}"}
        )["unique_session_id"]
        for minute in (0, 59, 60)
    }
    assert ids[0] == ids[59] != ids[60]


def test_setup_and_the_night_note_it(run, views, monkeypatch):
    output = run("setup")[1]
    assert f"method of counting: {len(present_method())} parts noted" in output
    assert "method of counting: 0 parts noted" in run("setup")[1]
    monkeypatch.setitem(views, WINDOW, 30)
    nightly()
    assert [change.name for change in changes()] == [DOUBLE_CLICKS]


def test_readers_do_without_the_table(app):
    rename = "ALTER TABLE {} RENAME TO {}"
    names = (METHODS.name, "elsewhere")
    with db.engine.begin() as connection:
        connection.execute(sa.text(rename.format(*names)))
    try:
        assert changes() == ()
    finally:
        with db.engine.begin() as connection:
            connection.execute(sa.text(rename.format(*reversed(names))))
