# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Whatever comes, nothing fails, and nothing is stored of nonsense."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invenio_usage_stats.exchange.matomo.parameters import KNOWN

from .tracking import client, outcomes, stored

EXAMPLES = 60
ODD = (
    "",
    "0",
    "-1",
    "\x00",
    "\ud800",
    "%",
    "&",
    "=",
    "#",
    "'",
    '"',
    "\\",
    "💥",
    "[]",
    "{}",
    "9" * 5_000,
)
ODD += (
    "javascript:1",
    "http://",
    "http://[::1",
    "//a",
    "doi:10.1/",
    "10.5555/\x00",
    "1e999",
    "NaN",
)
TEXTS = st.one_of(st.sampled_from(ODD), st.text(max_size=20))
NAMES = st.one_of(st.sampled_from(sorted(KNOWN)), st.text(max_size=5))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda some: st.one_of(st.lists(some, max_size=3), st.dictionaries(NAMES, some, max_size=4)),
    max_leaves=10,
)
SENT = st.one_of(
    st.dictionaries(NAMES, TEXTS, max_size=8).map(lambda told: {"idsite": "1", "rec": "1", **told}),
    st.dictionaries(NAMES, TEXTS, max_size=8),
)
CALM = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(autouse=True)
def accounted(door) -> Iterator[None]:
    """See that everything that came is stored or rejected for a reason."""
    yield
    found = stored()
    numbers = outcomes()
    assert numbers["received"] == numbers.total() - numbers["received"]
    assert numbers["stored"] == len(found)
    for one in found:
        assert one["url"] or one["action"] in ("event", "search")
        host = one["url"].partition("/")[0]
        assert not one["url"] or (host and " " not in host)


@CALM
@given(SENT, st.sampled_from(["GET", "POST"]))
def test_any_parameters(door, sent, method):
    texts = {name: value.encode("utf-8", "replace").decode() for name, value in sent.items()}
    names = {name.encode("utf-8", "replace").decode(): value for name, value in texts.items()}
    part = "query_string" if method == "GET" else "data"
    assert client(door).open("/matomo.php", method=method, **{part: names}).status_code < 500


@CALM
@given(
    st.binary(max_size=60),
    st.sampled_from([b"", b' "requests"', b'{"requests":', b'x{"requests":[']),
)
def test_any_bytes(door, tail, head):
    for request in ({"data": head + tail}, {"query_string": tail.decode("latin-1")}):
        types = (
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=a",
            "text/plain",
        )
        for kind in types:
            answer = client(door).post("/matomo.php", content_type=kind, **request)
            assert answer.status_code < 500, (request, kind)


@CALM
@given(
    st.dictionaries(st.sampled_from(["requests", "token_auth", "send_image"]), JSON), st.lists(JSON)
)
def test_any_json(door, whole, hits):
    for sent in (
        whole,
        {**whole, "requests": hits},
        {"requests": [{"idsite": 1, "rec": 1, **whole}]},
    ):
        answer = client(door).post("/matomo.php", data=json.dumps(sent))
        assert answer.status_code < 500, sent


@pytest.mark.parametrize("part", ["[", '{"a":', "9"])
def test_deep_and_long(door, part):
    deep = part * 50_000
    answer = client(door).post("/matomo.php", data=f'{{"requests":[{deep}')
    assert answer.status_code == 400
    told = {"uadata": deep, "idsite": 1, "rec": 1, "url": "http://a.org/"}
    assert client(door).post("/matomo.php", data=told).status_code == 200
