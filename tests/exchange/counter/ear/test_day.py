# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A day of traffic through the whole application: who it was, and what is kept of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from invenio_rdm_records.resources.stats import event_builders

from invenio_usage_stats.exchange.counter.consumer import process
from invenio_usage_stats.operations.setup import setup

from ....content import Person, publish
from .hearing import CURL, FIREFOX, GOOGLEBOT, documents, forget, repository_has

DAY = (datetime.now(UTC) - timedelta(days=3)).date()
OFFICE, HOME, ABROAD = "131.130.1.1", "131.130.1.2", "8.8.8.8"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36"
)
REQUESTS = "python-requests/2.31.0"
FILES = {"data.csv": b"a,b\n1,2\n", "read me.txt": b"hello"}


class Clock(datetime):
    """Be the time that a test says."""

    moment = datetime(2026, 1, 1, tzinfo=UTC)

    @classmethod
    def now(cls, tz=None) -> datetime:
        return cls.moment.astimezone(tz)


class Traffic:
    """Make requests at times of a day, as somebody from somewhere."""

    def __init__(self, app: Flask, recid: str) -> None:
        self.app = app
        self.recid = recid

    def at(self, time: str, path: str, agent: str | None, address: str = OFFICE, **how) -> Any:
        """Make a request, and return its answer."""
        day = DAY + timedelta(days=how.pop("days", 0))
        Clock.moment = datetime.fromisoformat(f"{day}T{time}+00:00")
        with self.app.app_context():
            client = self._client(how.pop("person", None))
            # An empty one, since werkzeug's client says who it is where none is given.
            asked = {"headers": {"User-Agent": agent or ""}, "buffered": True}
            answer = client.get(path, environ_overrides={"REMOTE_ADDR": address}, **asked)
            assert answer.status_code == how.pop("status", 200), answer.text
            return answer

    def _client(self, person: Person | None) -> FlaskClient:
        """Return a client of its own, of somebody who is signed in or not."""
        client = self.app.test_client()
        if person is not None:
            data = {"email": person.email, "password": person.password}
            assert client.post("/login/", data=data).status_code == 302
        return client

    def look(self, time: str, agent: str | None, address: str = OFFICE, **how) -> None:
        """Look at the landing page."""
        self.at(time, f"/records/{self.recid}", agent, address, **how)

    def fetch(self, time: str, agent: str | None, address: str = OFFICE, **how) -> None:
        """Download a file from the landing page."""
        file = how.pop("file", "data.csv")
        self.at(time, f"/records/{self.recid}/files/{file}?download=1", agent, address, **how)

    def api(self, time: str, agent: str | None, address: str = OFFICE, **how) -> None:
        """Download a file by the API."""
        path = f"/api/records/{self.recid}/files/data.csv/content"
        self.at(time, path, agent, address, **how)


def happen(traffic: Traffic, people: dict) -> None:
    """Let the day happen."""
    traffic.look("08:00:00.000001", FIREFOX)
    traffic.look("08:00:12", CHROME)
    traffic.look("08:00:14", FIREFOX, HOME)
    traffic.fetch("08:00:20", FIREFOX)
    traffic.fetch("08:00:21", FIREFOX, file="read%20me.txt")
    traffic.api("09:10:00", CURL, ABROAD)
    traffic.api("09:10:01", REQUESTS, ABROAD)
    traffic.fetch("09:10:02", None, ABROAD)
    traffic.fetch("09:10:03", None, HOME)
    traffic.at("09:11:00", f"/api/records/{traffic.recid}/files-archive", "Wget/1.21.4", ABROAD)
    traffic.look("09:20:00", REQUESTS, ABROAD)
    traffic.look("09:30:00", GOOGLEBOT, "66.249.66.1")
    traffic.fetch("09:30:01", GOOGLEBOT, "66.249.66.1")
    traffic.at("10:00:00", f"/api/records/{traffic.recid}", CURL)
    traffic.at("10:00:01", "/records/nothing-here", FIREFOX, status=404)
    traffic.at("10:00:02", "/search?q=x", FIREFOX)
    for address, agent in ((OFFICE, FIREFOX), (HOME, CHROME)):
        traffic.look("11:00:00", agent, address, person=people["stranger"])
    traffic.look("12:59:59.999999", FIREFOX)
    traffic.look("13:00:00", FIREFOX)
    traffic.look("23:59:59", FIREFOX)
    traffic.look("00:00:00", FIREFOX, days=1)


@pytest.fixture(scope="module")
def day(app, people) -> Iterator[list[dict[str, Any]]]:
    """Return the documents of a day, and leave nothing."""
    repository_has()
    forget()
    recid = publish(people["uploader"], FILES, title="Things that were measured")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.config, "USAGE_STATS_COUNTER", True)
        list(setup())
        patch.setattr(event_builders, "datetime", Clock)
        happen(Traffic(app, recid), people)
    process()
    yield documents()
    forget()
    repository_has()


def test_everything_is_heard(day):
    """API views are no events: what scripts look at is seen on landing pages only."""
    assert [(one["timestamp"][11:19], one["kind"][:3]) for one in day] == [
        ("08:00:00", "inv"),
        ("08:00:12", "inv"),
        ("08:00:14", "inv"),
        ("08:00:20", "req"),
        ("08:00:21", "req"),
        ("09:10:00", "req"),
        ("09:10:01", "req"),
        ("09:10:02", "req"),
        ("09:10:03", "req"),
        ("09:11:00", "req"),
        ("09:11:00", "req"),
        ("09:20:00", "inv"),
        ("09:30:00", "inv"),
        ("09:30:01", "req"),
        ("11:00:00", "inv"),
        ("11:00:00", "inv"),
        ("12:59:59", "inv"),
        ("13:00:00", "inv"),
        ("23:59:59", "inv"),
        ("00:00:00", "inv"),
    ]
    assert day[0]["timestamp"] == f"{DAY}T08:00:00.000001"
    assert day[-1]["timestamp"] == f"{DAY + timedelta(days=1)}T00:00:00"


def at(day: list[dict[str, Any]], time: str) -> dict[str, Any]:
    """Return the first document of a second."""
    return next(one for one in day if one["timestamp"][11:19] == time)


def test_who_is_a_robot_and_who_a_machine(day):
    robots = {one["timestamp"][11:19] for one in day if one["is_robot"]}
    machines = {one["timestamp"][11:19]: one["agent"] for one in day if one["is_machine"]}
    assert robots == {"09:30:00", "09:30:01"}
    assert machines == {
        "09:10:00": "curl",
        "09:10:01": "python-requests",
        "09:10:02": "no_user_agent",
        "09:10:03": "no_user_agent",
        "09:11:00": "Wget",
        "09:20:00": "python-requests",
    }
    assert {one["agent"] for one in day if not (one["is_robot"] or one["is_machine"])} == {""}


def visitor(day: list[dict[str, Any]], time: str) -> str:
    return at(day, time)["visitor"]


def session(day: list[dict[str, Any]], time: str) -> str:
    return at(day, time)["session"]


def test_people_behind_one_address_are_told_apart_by_their_browsers(day):
    browsers = [visitor(day, time) for time in ("08:00:00", "08:00:12", "08:00:14")]
    assert len(set(browsers)) == 3
    assert visitor(day, "08:00:20") == visitor(day, "08:00:00")
    assert visitor(day, "09:10:02") != visitor(day, "09:10:03")


def test_a_user_is_the_same_on_two_machines(day):
    signed_in = [one for one in day if one["timestamp"][11:19] == "11:00:00"]
    assert len({one["visitor"] for one in signed_in}) == 1
    assert len({one["session"] for one in signed_in}) == 1
    assert visitor(day, "11:00:00") not in {visitor(day, "08:00:00"), visitor(day, "08:00:12")}


def test_sessions_end_with_the_hour_and_visitors_of_a_session_with_them(day):
    assert session(day, "08:00:20") == session(day, "08:00:21") == session(day, "08:00:00")
    assert session(day, "12:59:59") != session(day, "13:00:00")
    assert session(day, "23:59:59") != session(day, "00:00:00")
    assert visitor(day, "23:59:59") != visitor(day, "00:00:00")


def test_files_and_their_sizes(day):
    small, large = at(day, "08:00:21"), at(day, "08:00:20")
    assert (small["size"], large["size"]) == (5, 8)
    assert small["url"] != large["url"]
    assert at(day, "09:10:00")["url"] == large["url"]
    archive = [one for one in day if one["timestamp"][11:19] == "09:11:00"]
    assert {one["url"] for one in archive} == {small["url"], large["url"]}


def test_countries(day):
    assert at(day, "08:00:00")["country"] == "AT"
    assert at(day, "09:10:00")["country"] == "US"
