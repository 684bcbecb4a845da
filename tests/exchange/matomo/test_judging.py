# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Who reported what: programs, visitors, visits and actions; and nothing that names anybody."""

from datetime import UTC, datetime, timedelta

from invenio_stats.processors import anonymize_user

from invenio_usage_stats.aggregations.templates.generator import EXCHANGED
from invenio_usage_stats.exchange.matomo.consumers import checked, new_token, register
from invenio_usage_stats.exchange.matomo.taking import process
from invenio_usage_stats.indices import REPORTED

from ...content import BROWSER
from ..counter.ear.hearing import GOOGLEBOT
from .tracking import bulk, documents, outcomes, report, stored

DOI = "https://doi.org/10.5555/model.1"
CHROME = (
    '{"fullVersionList":[{"brand":"Not)A;Brand","version":"8"},{"brand":"Chromium","version":"126"},'
    '{"brand":"Google Chrome","version":"126.0.1"}]}'
)
PROGRAMS = {
    ("", ""): ("unknown", None),
    ("Fiji/2.14.0", ""): ("fiji", "2.14.0"),
    ("jdll/0.5.9(Linux; Java 17", ""): ("jdll", "0.5.9"),
    ("okhttp/4.12.0", '{"brands":[{"brand":" DeepImageJ ","version":3.1}]}'): ("deepimagej", "3.1"),
    (BROWSER["User-Agent"], ""): ("firefox", "128.0"),
    (BROWSER["User-Agent"], CHROME): ("google chrome", "126.0.1"),
    ("a/1", '{"brands":[{"brand":"unknown"}]}'): ("unknown", None),
    ("a/1", '{"brands":"x"}'): ("a", "1"),
    ("a/1", "broken"): ("a", "1"),
}
PRIVATE = ("131.130.1.1", "someone@example.org", "0123456789abcdef", "Firefox")


def named(documents: list[dict]) -> list[tuple]:
    """Return the programs of documents."""
    return [(one["consumer"], one.get("consumer_version")) for one in documents]


def test_programs(door, downloaded):
    for number, (agent, uadata) in enumerate(PROGRAMS):
        page = f"http://a.org/{number}"
        report(door, url=page, uadata=uadata, headers={"User-Agent": agent})
    found = sorted(stored(len(PROGRAMS)), key=lambda one: one["url"])
    assert named(found) == list(PROGRAMS.values())
    assert [one["is_machine"] for one in found][:2] == [True, False]


def test_registered_programs_are_no_robots(door, downloaded, monkeypatch):
    told = {"id": "Crawler", "user_agents": ["googlebot"], "token": "configured"}
    monkeypatch.setitem(door.config, "USAGE_STATS_MATOMO_CONSUMERS", [told])
    register(checked("Ilastik", "ilastik", "https://ilastik.org", ["^ilastik"]))
    token = new_token("ilastik")
    googlebot = {"User-Agent": GOOGLEBOT}
    report(door, download=DOI, headers=googlebot)
    report(door, download=DOI, headers=googlebot, uadata='{"brands":[{"brand":"ilastik"}]}')
    report(door, download=DOI, headers={"User-Agent": "ILASTIK-1.4"})
    report(door, download=DOI, headers=googlebot, token_auth=token)
    report(door, download=DOI, headers=googlebot, uadata='{"brands":[{"brand":"other"}]}')
    found = stored(5)
    programs = ["crawler", "ilastik", "ilastik", "ilastik"]
    assert [one["consumer"] for one in found] == programs
    assert not any(one["is_robot"] for one in found)
    assert outcomes() == {"received": 5, "stored": 4, "robot": 1}


def test_what_a_token_allows(door, downloaded):
    register(checked("importer", "", "", []))
    token = new_token("importer")
    told = {"idsite": 1, "rec": 1, "download": DOI, "cip": "131.130.1.1", "country": "ch"}
    past = {**told, "cdt": "2026-01-02 03:04:05", "uid": "someone@example.org"}
    assert bulk(door, [told, past], token_auth=token).json["tracked"] == 2
    assert bulk(door, [told, past], {"Authorization": f"Bearer {token}"}).json["tracked"] == 2
    assert bulk(door, [{**told, "token_auth": token}]).json["tracked"] == 1
    assert bulk(door, [told], token_auth="wrong").json == {
        "status": "success",
        "tracked": 0,
        "invalid": 1,
    }
    found = stored(4)
    assert [one["timestamp"] for one in found[:2]] == ["2026-01-02T03:04:05.000"] * 2
    assert {one["country"] for one in found} == {"CH"} and len(found) == 5


def test_nothing_names_anybody(door, downloaded):
    told = {"uid": "someone@example.org", "_id": "0123456789abcdef", "urlref": "http://from.org/"}
    report(
        door,
        download=DOI,
        **told,
        res="1x1",
        bw_bytes=12,
        headers={"X-Forwarded-For": "131.130.1.1"},
    )
    report(door, url="http://a.org/", _id="0123456789abcdef", action_name="x" * 300)
    found = stored(2)
    assert not [one for one in found for private in PRIVATE if private in str(one)]
    for one in found:
        assert one.keys() <= EXCHANGED[REPORTED].keys()
        assert datetime.fromisoformat(one["updated_timestamp"])
    download, page = sorted(found, key=lambda one: one["action"])
    assert (download["bytes"], len(page["label"])) == (12, 256)


def test_visits_end_after_half_an_hour(door, downloaded):
    """Whatever the order, and in how many runs they are stored."""
    start = datetime.now(UTC).replace(hour=0, minute=20) - timedelta(days=1)
    minutes = {0: 1, 29: 1, 58: 1, 88: 2, 117: 2, 200: 3}
    register(checked("importer", "", "", []))
    token = new_token("importer")
    for run in ((58, 200), (29, 88, 117), (0,)):
        hits = [
            {
                "idsite": 1,
                "rec": 1,
                "url": f"http://a.org/{m}",
                "_id": "a" * 16,
                "cdt": f"{start + timedelta(minutes=m):%Y-%m-%d %H:%M:%S}",
            }
            for m in run
        ]
        bulk(door, hits, token_auth=token)
        process()
    report(door, url="http://a.org/today", _id="a" * 16)
    report(door, url="http://a.org/today", _id="b" * 16)
    found = stored(2)
    before, today = found[:-2], found[-2:]
    visits = list(dict.fromkeys(one["visit_id"] for one in before))
    assert [visits.index(one["visit_id"]) + 1 for one in before] == list(minutes.values())
    assert len({one["visitor_id"] for one in before}) == 1
    assert len({one["visit_id"] for one in found}) == 5
    assert len({one["visitor_id"] for one in today} | {before[0]["visitor_id"]}) == 3


def test_without_a_name_visitors_are_told_apart_by_what_they_send(door):
    for agent in ("a/1", "b/1"):
        for page in ("1", "2"):
            report(door, url=f"http://a.org/{page}", headers={"User-Agent": agent})
    found = stored(4)
    assert len({one["visitor_id"] for one in found}) == len({one["visit_id"] for one in found}) == 2


def test_kinds_of_actions(door):
    report(door, url="http://localhost/search?q=cells&p=1")
    report(door, url="http://elsewhere.org/search?q=cells")
    report(door, url="http://a.org/", search="neurons")
    report(door, url="http://a.org/", e_c="Videos", e_a="Play", e_n="One")
    report(door, url="http://a.org/", link="https://B.org/x#y")
    report(door, headers={"Referer": "http://a.org/page"})
    found = {(one["action"], one["url"], one.get("label")) for one in stored(6)}
    assert found == {
        ("search", "localhost/search?q=cells&p=1", "cells"),
        ("page", "elsewhere.org/search?q=cells", None),
        ("search", "a.org/", "neurons"),
        ("event", "a.org/", "Videos/Play/One"),
        ("outlink", "b.org/x", None),
        ("page", "a.org/page", None),
    }
    assert not any("resolved" in one for one in documents())


def test_visitors_are_made_anonymous_as_the_repository_does(door):
    report(door, url="http://a.org/", uid="somebody")
    (document,) = stored(1)
    told = {"timestamp": document["timestamp"], "session_id": "user somebody"}
    expected = anonymize_user(told)
    for name in ("visitor_id", "unique_session_id"):
        assert document[name] == expected[name]


def test_many_months_at_once(door, downloaded):
    register(checked("importer", "", "", []))
    token = new_token("importer")
    at = [f"{year}-{month:02}-03 04:05:06" for year in (2024, 2025) for month in range(1, 8)]
    hits = [{"idsite": 1, "rec": 1, "url": "http://a.org/", "uid": "x", "cdt": one} for one in at]
    for _ in range(2):
        bulk(door, hits, token_auth=token)
        found = stored(1)
    assert len(found) == 28 and len({one["visit_id"] for one in found}) == 14
