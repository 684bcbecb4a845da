# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Programs: what they fetch is nobody's use, and they are counted as ever in the totals."""

import pytest
from invenio_accounts.proxies import current_datastore
from invenio_db import db
from invenio_oauth2server.models import Client, Token
from invenio_stats.processors import anonymize_user
from invenio_stats.proxies import current_stats

from invenio_usage_stats.exchange.reports.users.automated import AUTOMATED, BUILDER, marking
from invenio_usage_stats.exchange.reports.users.consumer import process

from ....conftest import browsing
from ....content import BROWSER, create_user
from ...counter.ear.hearing import repository_has
from .hearing import counted

DOWNLOAD = "/records/{}/files/data.csv/content"


@pytest.fixture(scope="module")
def reader(app):
    return create_user(app, "reader")


@pytest.fixture
def marked(app, api, by_user, monkeypatch) -> None:
    """Have events marked, as an application does that begins with the setting."""
    for one in (app, api):
        monkeypatch.setitem(one.config, "STATS_EVENTS", marking(one.config["STATS_EVENTS"]))
        monkeypatch.setattr(one.extensions["invenio-stats"], "_event_emitters", {})


@pytest.fixture
def token(app, reader) -> str:
    made = Token.create_personal("tests", int(reader.id), scopes=[])
    db.session.commit()
    return made.access_token


def fetch(app, record: str, query: str = "", person=None, **headers: str) -> None:
    """Download a file through the interface, or with a token."""
    with browsing(app, person) as client:
        answer = client.get(f"/api{DOWNLOAD.format(record)}{query}", headers={**BROWSER, **headers})
        assert answer.status_code == 200, answer.text


def downloads(record: str) -> int:
    """Return how many downloads are counted by user."""
    process()
    return sum(use[1] for (_, type_, item), use in counted().items() if item == record)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.usefixtures("marked")
class TestDownloads:
    @pytest.mark.parametrize("by_token", [False, True], ids=["interface", "token"])
    def test_interface_and_token_count(self, app, record, reader, token, by_token):
        who = bearer(token) if by_token else {"person": reader}
        fetch(app, record, **who)
        assert downloads(record) == 1
        assert repository_has() == 1

    @pytest.mark.parametrize(
        ("query", "headers"),
        [("?tracking=false", {}), ("", {"X-Usage-Tracking": "off"})],
        ids=["parameter", "header"],
    )
    def test_who_says_so_does_not(self, app, record, reader, token, query, headers):
        fetch(app, record, query, **bearer(token), **headers)
        fetch(app, record, query, person=reader, **headers)
        assert downloads(record) == 0
        assert repository_has() == 2

    def test_nobody_can_say_so_without_an_account(self, app, record):
        fetch(app, record, "?tracking=false")
        assert "s1" not in str(list(current_stats.consume("file-download")))

    def test_clients_that_are_programs_do_not(self, app, api, record, token, monkeypatch):
        client = Token.query.filter_by(access_token=token).one().client_id
        monkeypatch.setitem(api.config, "USAGE_STATS_PER_USER_AUTOMATED_CLIENTS", [client])
        fetch(app, record, **bearer(token))
        assert downloads(record) == 0
        assert Client.query.get(client)

    def test_service_accounts_do_not(self, app, record):
        robot = create_user(app, "service-account")
        user = current_datastore.get_user_by_id(int(robot.id))
        role = current_datastore.find_or_create_role("automated")
        current_datastore.add_role_to_user(user, role)
        current_datastore.commit()
        fetch(app, record, person=robot)
        assert downloads(record) == 0
        assert repository_has() == 1


def test_a_marked_event_is_the_same_to_the_repository():
    plain = {"timestamp": "2026-03-04T05:06:07", "user_id": "5", "session_id": "s1"}
    marked = plain | {"session_id": AUTOMATED}
    assert anonymize_user(dict(plain)) == anonymize_user(dict(marked))


def test_events_are_marked_once_and_at_the_end(app):
    once = marking(app.config["STATS_EVENTS"])
    assert marking(once) == once
    assert all(event["event_builders"][-1] == BUILDER for event in once.values())
    assert BUILDER not in str(app.config["STATS_EVENTS"])
