# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The page of a user's settings, and the commands: what is stored, deleting it, and refusing."""

from functools import partial

import pytest

from invenio_usage_stats.exchange.reports.users import store
from invenio_usage_stats.exchange.reports.users.consumer import process
from invenio_usage_stats.exchange.reports.users.page import ROUTE

from ....conftest import browsing
from ....content import create_user
from .hearing import counted, send, view


@pytest.fixture(scope="module")
def reader(app):
    return create_user(app, "settings-reader")


@pytest.fixture
def read(by_user, record, reader) -> None:
    send(view(reader.id, record))
    process()


@pytest.fixture
def settings(app, reader):
    with browsing(app, reader) as client:
        yield client


def test_it_says_what_is_stored(read, settings, record):
    page = settings.get(ROUTE)
    assert page.status_code == 200
    assert "It stores the day, what it was, and how often" in page.text
    assert "730 days at most" in page.text
    assert f"record {record}" in page.text
    assert 'href="/account/settings/usage-statistics"' in page.text
    entry = page.text.partition('href="/account/settings/usage-statistics"')[2].partition("</a>")[0]
    assert entry.count("<i ") == 1 and "Usage statistics" in entry


def test_deleting(read, settings, record):
    answer = settings.post(ROUTE, data={"decision": "erase"})
    assert (answer.status_code, answer.location) == (303, ROUTE)
    assert not counted()
    assert record not in settings.get(ROUTE).text


def test_refusing_and_agreeing(read, settings, reader):
    settings.post(ROUTE, data={"decision": "refuse"})
    assert not counted() and store.has_refused(int(reader.id))
    assert "You have refused to be counted by name." in settings.get(ROUTE).text
    settings.post(ROUTE, data={"decision": "agree"})
    assert not store.has_refused(int(reader.id))


def test_decisions_that_nobody_can_take(read, settings):
    assert settings.post(ROUTE, data={"decision": "sell"}).status_code == 400
    assert counted()


def test_only_for_who_is_signed_in(by_user, client):
    assert client.get(ROUTE).status_code == 302


def test_nothing_is_said_while_nothing_is_counted(settings):
    assert settings.get(ROUTE).status_code == 404
    assert "usage-statistics" not in settings.get("/account/settings/applications/").text


class TestCommands:
    @pytest.fixture
    def run(self, run):
        return partial(run, "users")

    def test_counting(self, by_user, run, reader, record):
        send(view(reader.id, record))
        assert run("process") == (0, "1 events received, 1 rows counted\n")

    def test_counting_while_it_is_off(self, run):
        code, output = run("process")
        assert code == 1 and "USAGE_STATS_PER_USER is off." in output

    def test_erasing(self, read, run, reader):
        assert run("erase", reader.email) == (0, "1 rows deleted\n")
        assert not counted()
        assert run("erase", str(reader.id), "--refuse") == (0, "0 rows deleted\n")
        assert store.has_refused(int(reader.id))
        code, output = run("erase", "nobody@example.org")
        assert code == 2 and "there is no user" in output
