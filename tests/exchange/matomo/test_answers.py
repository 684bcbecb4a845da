# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Trackers are answered as Matomo answers them: codes, bodies and headers."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import product

import pytest

from invenio_usage_stats.exchange.matomo.answers import ABOUT

from ...content import BROWSER
from ..counter.ear.hearing import GOOGLEBOT
from .tracking import IMAGE, bulk, client, outcomes, report, stored, until_waiting

PAGE = {"url": "https://example.org/a?b=1#c", "action_name": "A page"}
PATHS = ("/matomo.php", "/piwik.php")


def ago(**time: int) -> str:
    """Return a time as trackers write it."""
    return f"{datetime.now(UTC) - timedelta(**time):%Y-%m-%d %H:%M:%S}"


def test_a_page_is_answered_by_an_image(door):
    for path, method in product(PATHS, ("GET", "POST")):
        answer = report(door, method, path, **PAGE, headers={"Origin": "https://example.org"})
        assert (answer.status_code, answer.data, answer.mimetype) == (200, IMAGE, "image/gif")
        assert "Set-Cookie" not in answer.headers
        names = ("Cache-Control", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials")
        expected = ["no-store", None, None]
        if method == "POST":
            expected = [None, "https://example.org", "true"]
        assert [answer.headers.get(name) for name in names] == expected
    for document in stored(4):
        assert (document["action"], document["url"]) == ("page", "example.org/a?b=1")
        assert (document["label"], document["site"]) == ("A page", 1)


def test_no_image_where_none_is_wanted(door):
    answer = report(door, "POST", **PAGE, send_image=0)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    answer = bulk(door, ["?idsite=1&rec=1&url=http://a.org/"], send_image=0)
    assert (answer.status_code, answer.data) == (204, b"")
    assert len(stored(2)) == 2


def test_a_query_wins_over_a_form(door):
    sent = {"idsite": 1, "rec": 1, "url": "http://form.org/"}
    client(door).post("/matomo.php?url=http://query.org/", data=sent, headers=BROWSER)
    (document,) = stored(1)
    assert document["url"] == "query.org/"


REFUSED = [
    ({"idsite": 0}, "site"),
    ({"idsite": -1}, "site"),
    ({"idsite": 2}, "site"),
    ({"idsite": "1x"}, "site"),
    ({"idsite": None}, "site"),
    ({"idsite": "9" * 40}, "site"),
    ({"cid": "abc"}, "visitor"),
    ({"cip": "10.0.0.1"}, "address"),
    ({"cip": "10.0.0.1", "token_auth": "wrong"}, "address"),
    ({"cip": "nowhere"}, "address"),
    ({"cdt": ago(days=2)}, "time"),
    ({"cdt": "1500000000"}, "time"),
    ({"cdo": 90_000}, "time"),
    ({"idgoal": 3}, "goal"),
]
LEFT_OUT = [
    ({"rec": None}, "unwanted"),
    ({"rec": 0}, "unwanted"),
    ({"ping": 1}, "ping"),
    ({"idgoal": 0, "revenue": 10}, "unsupported"),
    ({"ca": 1}, "unsupported"),
    ({"c_n": "Banner", "c_i": "click"}, "unsupported"),
    ({"url": None}, "nonsense"),
    ({"url": "nowhere"}, "nonsense"),
    ({"url": "javascript:alert(1)"}, "nonsense"),
    ({"url": "http://[/"}, "nonsense"),
    ({"url": "http://user:secret@/"}, "nonsense"),
    ({"download": "file:///etc/passwd"}, "nonsense"),
    ({"headers": {"Sec-Purpose": "prefetch"}}, "prefetch"),
    ({"headers": {"X-Purpose": "preview"}}, "prefetch"),
    ({"headers": {"User-Agent": GOOGLEBOT}}, "robot"),
]


@pytest.mark.parametrize("cases, status", [(REFUSED, 400), (LEFT_OUT, 200)])
def test_what_is_not_stored_is_counted_by_reason(door, cases, status):
    for told, _ in cases:
        answer = report(door, **{**PAGE, **told})
        assert (answer.status_code, answer.data) == (status, IMAGE), told
    assert stored(len(cases)) == []
    assert outcomes() == Counter(reason for _, reason in cases) + Counter(received=len(cases))


def test_times_that_anybody_may_name(door):
    """Times that cannot be are the present, as for Matomo."""
    past = ago(hours=23)
    for cdt in (past, "", "yesterday", ago(days=-3), "1900-01-01", "1e9", "0001-01-01", "9" * 30):
        assert report(door, **PAGE, cdt=cdt).status_code == 200
    report(door, **PAGE, cdo=7_200)
    documents = stored(9)
    now = datetime.now(UTC).replace(tzinfo=None)
    ages = [now - datetime.fromisoformat(one["timestamp"]) for one in documents]
    assert documents[0]["timestamp"] == f"{past.replace(' ', 'T')}.000"
    assert timedelta(hours=2) < ages[1] < timedelta(hours=2, minutes=1)
    assert all(age < timedelta(minutes=1) for age in ages[2:])


def test_what_says_nothing(door):
    assert (client(door).get("/matomo.php").status_code, ABOUT) == (200, ABOUT)
    assert client(door).get("/matomo.php").text == ABOUT
    assert client(door).post("/matomo.php").status_code == 400
    for body in (
        '{"requests":[]}',
        '{"requests":1}',
        '{"requests"',
        '[{"requests":[]}]',
        "x'requests'",
    ):
        answer = client(door).post("/matomo.php", data=body)
        assert answer.status_code == 400, body
    assert client(door).get("/matomo.php?foo=bar").status_code == 400
    until_waiting(1)
    assert stored() == []


def test_other_methods(door):
    origin = {"Origin": "https://a.org", "Access-Control-Request-Headers": "content-type"}
    answer = client(door).options("/matomo.php", headers=origin)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "https://a.org"
    assert answer.headers["Access-Control-Allow-Headers"] == "content-type"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert client(door).put("/matomo.php").status_code == 405
    assert report(door, "HEAD", **PAGE).data == b""
    assert len(stored(1)) == 1


def test_what_is_too_large(door, monkeypatch):
    monkeypatch.setitem(door.config, "USAGE_STATS_MATOMO_MAX_BYTES", 2_000)
    assert bulk(door, ["?idsite=1&rec=1&url=http://a.org/"] * 200).status_code == 413
    assert report(door, "POST", **PAGE, search="x" * 3_000).status_code == 413
    in_parts = {"input_stream": BytesIO(b"a" * 9_000), "method": "POST"}
    in_parts["environ_overrides"] = {"wsgi.input_terminated": True}
    assert client(door).open("/matomo.php", **in_parts).status_code == 413
    monkeypatch.setitem(door.config, "USAGE_STATS_MATOMO_MAX_BYTES", 1_000_000)
    assert bulk(door, ["?idsite=1"] * 2_001).status_code == 413
    assert bulk(door, ["?idsite=1&rec=1&url=http://a.org/"] * 2_000).json["tracked"] == 2_000
    assert len(stored(1)) == 2_000
