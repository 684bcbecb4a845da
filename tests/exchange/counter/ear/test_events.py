# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""From raw events to documents: what is kept, what is not, and what cannot be read."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from invenio_usage_stats.errors import UnreadableEventError
from invenio_usage_stats.exchange.counter.agent_lists import AgentList, bundled
from invenio_usage_stats.exchange.counter.events import KEYS, prepared, what_is_safe
from invenio_usage_stats.exchange.counter.fields import PROPERTIES

from .hearing import CURL, FIREFOX, GOOGLEBOT, raw

VIEW, DOWNLOAD = "stats-record-view", "stats-file-download"
VIENNA = "131.130.1.1"


@pytest.fixture(scope="module")
def judge() -> AgentList:
    version, patterns = bundled()
    return AgentList(version, patterns.robots, patterns.machines)


@pytest.fixture
def heard(app, judge):
    """Return a function that returns what is to be stored of an event."""

    def of(kind: str = "investigation", **changes: Any):
        key = VIEW if kind == "investigation" else DOWNLOAD
        return prepared(json.dumps(raw(kind, **changes)).encode(), key, judge)

    return of


def test_the_keys_are_those_of_the_repository():
    assert KEYS == {VIEW: "investigation", DOWNLOAD: "request"}


def test_a_view(heard, judge):
    at = "2026-03-04T05:06:07.123456"
    index, _, document = heard(timestamp=at, ip_address=VIENNA)
    assert index.endswith("stats-counter-events-2026-03")
    assert document.pop("visitor") and document.pop("session")
    assert document == {
        "timestamp": at,
        "kind": "investigation",
        "recid": "abcde-12345",
        "parent_recid": "fghij-67890",
        "url": "abcde-12345",
        "size": 0,
        "country": "AT",
        "is_machine": False,
        "is_robot": False,
        "agent": "",
        "list_version": judge.version,
    }


def test_a_download(heard):
    one, again = heard("request", user_agent=CURL), heard("request")
    other = heard("request", file_key="other.csv")
    assert (one.document["kind"], one.document["size"]) == ("request", 2_000)
    assert (one.document["is_machine"], one.document["agent"]) == (True, "curl")
    assert one.document["url"] == again.document["url"] != other.document["url"]
    assert "data.csv" not in json.dumps(one.document)


def test_nothing_tells_who_it_was(heard):
    secrets = {
        "user_id": "4711",
        "session_id": "s3cr3t",
        "user_agent": f"{FIREFOX} x99",
        "ip_address": VIENNA,
    }
    index, id_, document = heard(referrer="https://mail.example/inbox", **secrets)
    assert set(document) <= set(PROPERTIES)
    text = json.dumps([index, id_, document])
    for secret in (*secrets.values(), "Firefox", "mail.example"):
        assert secret not in text


def test_ids_are_of_the_event_alone(heard):
    at = START = "2026-03-04T05:06:07.000001"
    first = heard(timestamp=at)
    assert heard(timestamp=START).id == first.id
    different = [
        heard(timestamp="2026-03-04T05:06:07.000002"),
        heard(timestamp=at, recid="other"),
        heard("request", timestamp=at),
        heard("request", timestamp=at, file_key="other"),
        heard(timestamp=at, ip_address="8.8.8.8"),
        heard(timestamp=at, user_agent=CURL),
    ]
    assert len({first.id, *(one.id for one in different)}) == 7


def who(prepared_event) -> tuple[str, str]:
    return prepared_event.document["visitor"], prepared_event.document["session"]


def test_visitors_and_sessions(heard):
    at, later, next_hour = (f"2026-03-04T{time}" for time in ("10:00:00", "10:59:59", "11:00:00"))
    first = heard(timestamp=at)
    assert who(heard(timestamp=later)) == who(first)
    assert who(heard(timestamp=next_hour)) != who(first)
    for change in ({"ip_address": "8.8.8.8"}, {"user_agent": CURL}):
        assert not set(who(heard(timestamp=at, **change))) & set(who(first))
    user = heard(timestamp=at, user_id="7")
    again = heard(timestamp=next_hour, user_id="7", ip_address="8.8.8.8", user_agent=CURL)
    assert who(user)[0] == who(again)[0]
    assert who(user)[1] != who(again)[1]


@pytest.mark.parametrize("user_agent", [None, ""])
def test_people_without_a_user_agent_are_not_all_the_same(heard, user_agent):
    at, later = "2026-03-04T10:00:00", "2026-03-04T12:00:00"
    here = heard(timestamp=at, user_agent=user_agent)
    there = heard(timestamp=at, user_agent=user_agent, ip_address="8.8.8.8")
    assert not set(who(here)) & set(who(there))
    assert who(heard(timestamp=later, user_agent=user_agent))[1] != who(here)[1]
    assert here.document["is_machine"]


def test_robots_are_flagged_and_kept(heard):
    document = heard(user_agent=GOOGLEBOT).document
    assert (document["is_robot"], document["agent"]) == (True, "Googlebot")


@pytest.mark.parametrize("address", ["10.0.0.1", "::1", "no address", "fe80::1%eth0", None])
def test_addresses_of_no_country(heard, address):
    assert "country" not in heard(ip_address=address).document


def test_times_of_other_zones(heard):
    found = heard(timestamp="2026-03-01T00:30:00.5+02:00")
    assert found.document["timestamp"] == "2026-02-28T22:30:00.500000"
    assert found.index.endswith("2026-02")


def test_what_is_not_needed_may_be_anything(heard):
    assert heard(referrer=["x"], via_api="?", more={"a": 1}).document["recid"] == "abcde-12345"
    assert heard(user_id=7).document["visitor"] == heard(user_id="7").document["visitor"]


@pytest.mark.parametrize(
    ("kind", "changes", "reason"),
    [
        ("investigation", {"recid": None}, "recid"),
        ("investigation", {"timestamp": "yesterday"}, "timestamp"),
        ("investigation", {"timestamp": "1999-12-31T00:00:00"}, "before 2000"),
        ("investigation", {"timestamp": "9999-12-31T00:00:00"}, "after tomorrow"),
        ("investigation", {"ip_address": 7}, "ip_address"),
        ("request", {"file_key": None}, "which file"),
        ("request", {"bucket_id": ""}, "which file"),
        ("request", {"size": -1}, "bytes"),
    ],
)
def test_events_that_cannot_be_read(heard, kind, changes, reason):
    with pytest.raises(UnreadableEventError, match=reason) as found:
        heard(kind, **changes)
    assert VIENNA not in str(found.value)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"\xff", b"{", b'{"timestamp": "2026-01-01T00:00:00"}']
)
def test_messages_that_are_no_events(app, judge, body):
    with pytest.raises(UnreadableEventError):
        prepared(body, VIEW, judge)
    assert what_is_safe(body) in ({}, {"timestamp": "2026-01-01T00:00:00"})


def test_keys_that_nobody_knows(app, judge):
    with pytest.raises(UnreadableEventError, match="stats-other"):
        prepared(json.dumps(raw()), "stats-other", judge)


def test_a_clock_that_is_a_little_ahead(heard):
    ahead = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=1)
    assert heard(timestamp=ahead.isoformat()).document
