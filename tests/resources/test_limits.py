# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""How often may be asked, by whom."""

import pytest
from invenio_app.ext import limiter

from ..conftest import browsing

URL = "/api/usage-stats/openapi.json"


@pytest.fixture(autouse=True)
def limited(api, monkeypatch):
    """Let visitors ask three times a minute, and users five times."""
    monkeypatch.setitem(
        api.config, "USAGE_STATS_RATE_LIMIT", {"guest": "3 per minute", "user": "5 per minute"}
    )
    limiter.reset()
    yield
    limiter.reset()


def ask(client, **headers):
    return client.get(URL, headers=headers)


def test_visitors_are_counted_by_address_whatever_their_browser(client):
    statuses = [ask(client, **{"User-Agent": f"browser {n}"}).status_code for n in range(5)]
    assert statuses == [200, 200, 200, 429, 429]


def test_users_are_counted_by_id(app, people):
    for name in ("uploader", "stranger"):
        with browsing(app, people[name]) as client:
            assert [ask(client).status_code for _ in range(6)] == [200] * 5 + [429]


def test_headers_tell_what_is_left(client):
    first = ask(client)
    assert first.headers["X-RateLimit-Limit"] == "3"
    assert first.headers["X-RateLimit-Remaining"] == "2"
    for _ in range(3):
        last = ask(client)
    assert last.status_code == 429
    assert 0 < int(last.headers["Retry-After"]) <= 60
    assert last.json["status"] == 429
    assert "3 per 1 minute" in last.json["message"]


def test_questions_by_post_are_counted_together_with_those_by_get(client):
    body = {"q": {"stat": "community-usage-delta"}}
    assert ask(client).status_code == 200
    statuses = [client.post("/api/stats", json=body).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert ask(client).status_code == 429


def test_each_query_of_a_post_is_a_question(client):
    body = {str(n): {"stat": "community-usage-delta"} for n in range(3)}
    assert client.post("/api/stats", json=body).status_code == 200
    assert ask(client).status_code == 429


def test_queries_of_a_post_must_not_cost_too_much_together(api, client, monkeypatch):
    query = {"stat": "community-usage-delta", "params": {"start_date": "2024-01-01"}}
    query["params"]["end_date"] = "2024-12-31"
    monkeypatch.setitem(api.config, "USAGE_STATS_RATE_LIMIT", {})
    monkeypatch.setitem(api.config, "USAGE_STATS_MAX_COST", 366 * 500)
    assert client.post("/api/stats", json={"a": query}).status_code == 200
    response = client.post("/api/stats", json={"a": query, "b": query, "c": query})
    assert response.status_code == 422
    assert "183000" in response.json["message"]


def test_the_limits_of_the_site_do_not_count_questions(api, client, monkeypatch):
    monkeypatch.setitem(api.config, "RATELIMIT_GUEST_USER", "1 per minute")
    assert [ask(client).status_code for _ in range(4)] == [200] * 3 + [429]
    assert client.get("/api/communities").status_code == 200
    assert client.get("/api/communities").status_code == 429


def test_other_requests_are_not_counted(client):
    for _ in range(4):
        ask(client)
    assert client.get("/api/communities").status_code == 200


def test_without_a_limit_nothing_is_counted(api, client, monkeypatch):
    monkeypatch.setitem(api.config, "USAGE_STATS_RATE_LIMIT", {"guest": "", "user": ""})
    assert {ask(client).status_code for _ in range(6)} == {200}
