# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Counting by user: what counts for whom, each event once, and for as long as is wanted."""

from datetime import timedelta
from threading import Thread

import pytest
import sqlalchemy as sa
from invenio_accounts.models import User
from invenio_db import db

from invenio_usage_stats.aggregations.running.journal import last_of
from invenio_usage_stats.exchange import tasks
from invenio_usage_stats.exchange.reports.users import store
from invenio_usage_stats.exchange.reports.users.automated import AUTOMATED
from invenio_usage_stats.exchange.reports.users.consumer import STEP, process
from invenio_usage_stats.exchange.reports.users.stream import EAR
from invenio_usage_stats.operations.setup import setup

from ....content import create_community, create_user, publish, request_inclusion
from ...counter.ear.hearing import CURL, GOOGLEBOT, repository_has
from .hearing import NOON, counted, download, forget, send, view

pytestmark = pytest.mark.usefixtures("by_user")


@pytest.fixture(scope="module")
def ada(app):
    return create_user(app, "ada")


def times(count: int, seconds: int = 30):
    return [NOON + timedelta(seconds=seconds * n) for n in range(count)]


def test_views_and_downloads_of_who_is_signed_in(record, ada):
    send(*(view(ada.id, record, at) for at in times(3)), view(None, record))
    send(*(download(ada.id, record, at) for at in times(2)), download(None, record))
    taken = process()
    assert taken.received == 7
    mine = int(ada.id)
    assert counted() == {
        (mine, "record", record): (3, 2, 4_000),
        (mine, "file", f"{record}/data.csv"): (0, 2, 4_000),
    }
    assert repository_has() == 7
    assert last_of(STEP)["outcome"] == "ok"


def test_an_event_counts_once_however_often_it_comes(record, ada):
    one, soon = view(ada.id, record), view(ada.id, record, NOON + timedelta(seconds=3))
    send(one, one, soon)
    process()
    send(one, view(ada.id, record, NOON + timedelta(seconds=12)))
    process()
    assert counted() == {(int(ada.id), "record", record): (2, 0, 0)}


def test_what_does_not_count(record, ada, people):
    send(
        view(ada.id, record, user_agent=GOOGLEBOT),
        view(ada.id, record, user_agent=CURL),
        view(ada.id, record, via_api=True),
        view(ada.id, "nobody-knows"),
        view(999_999, record),
        view("nobody", record),
        view(ada.id, record) | {"session_id": AUTOMATED},
    )
    process()
    assert not counted()


def test_communities_at_the_second_of_the_use(ada, people):
    community = create_community(people["owner"])
    record = publish(people["owner"], {"data.csv": b"abc"})
    send(download(ada.id, record, NOON - timedelta(days=1)))
    request_inclusion(people["owner"], record, community, require_review=False)
    send(download(ada.id, record, NOON + timedelta(days=1)))
    process()
    found = {item: use for (_, type_, item), use in counted().items() if type_ == "community"}
    assert found == {community: (0, 1, 2_000)}


def test_who_refuses_is_not_counted(record, ada):
    send(view(ada.id, record))
    process()
    assert store.refuse(int(ada.id)) == 1
    send(view(ada.id, record, NOON + timedelta(minutes=1)))
    process()
    assert not counted()
    store.agree(int(ada.id))
    send(view(ada.id, record, NOON + timedelta(minutes=2)))
    process()
    assert len(counted()) == 1


def test_who_refuses_meanwhile_is_not_counted(app, record, ada, monkeypatch):
    look, refusing = store.histories_of, Thread(target=_refuse, args=(app, int(ada.id)))

    def slowly(*looked_for):
        refusing.start()
        refusing.join(timeout=1)
        return look(*looked_for)

    monkeypatch.setattr(store, "histories_of", slowly)
    send(view(ada.id, record))
    process()
    refusing.join()
    assert store.has_refused(int(ada.id))
    assert not counted()
    store.agree(int(ada.id))


def _refuse(app, user: int) -> None:
    with app.app_context():
        store.refuse(user)


def test_rows_go_with_the_user(app, record):
    user = create_user(app, "soon-gone")
    send(view(user.id, record))
    process()
    store.refuse(int(user.id))
    store.agree(int(user.id))
    send(view(user.id, record, NOON + timedelta(minutes=1)))
    process()
    assert counted()
    db.session.delete(db.session.get(User, int(user.id)))
    db.session.commit()
    assert not counted()


def test_days_are_kept_as_long_as_is_wanted(app, record, ada, monkeypatch):
    send(view(ada.id, record), view(ada.id, record, NOON - timedelta(days=3)))
    process()
    monkeypatch.setitem(app.config, "USAGE_STATS_PER_USER_RETENTION", timedelta(days=2))
    send(view(ada.id, record, NOON + timedelta(minutes=1)))
    tasks.users()
    assert counted() == {(int(ada.id), "record", record): (2, 0, 0)}
    with db.engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(store.HEARD)).scalar() == 2


def test_nothing_tells_a_time_an_address_or_a_browser(record, ada):
    send(view(ada.id, record), "nonsense", view(ada.id, None))
    taken = process()
    assert taken.unreadable == 2
    row = last_of(STEP)
    assert row["outcome"] == "partial" and row["reason"] == "2 events could not be read."
    text = ""
    with db.engine.connect() as connection:
        for table in store.TABLES:
            text += repr(connection.execute(sa.select(table)).all())
    assert record in text
    for told in ("131.130.1.1", "Firefox", "12:00", "12, 0", "s1"):
        assert told not in text
    with db.engine.connect() as connection:
        marks = repr(connection.execute(sa.select(store.HEARD.c.id)).all())
    assert record not in marks


def test_setup_deletes_what_was_counted_when_it_is_switched_off(app, record, ada, monkeypatch):
    send(view(ada.id, record))
    process()
    monkeypatch.setitem(app.config, "USAGE_STATS_PER_USER", False)
    assert "use by user: off, queue deleted, 1 rows deleted" in list(setup())
    assert not EAR.look().exists
    assert not counted()
    forget()
    assert not [line for line in setup() if "use by user" in line]
