# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A search engine or a database that is really away: readers learn when to ask again."""

from collections.abc import Iterator

import pytest

from invenio_usage_stats.aggregations.runs import aggregate

from ..kill.servers import Database, Node, Server, application_with, can_run
from .conftest import API

pytestmark = pytest.mark.skipif(not can_run(), reason="the servers run in containers")

GETS = [
    "global/totals",
    "global/series?metric=views,records",
    "global/series?metric=views&format=csv",
    "global/top?dimension=records&format=xlsx",
    "global/snapshot",
    "global/explain?metric=views",
    "communities/nobody/totals",
    "records/abcde-12345/totals",
]
POSTS = [
    {"stat": "global-stats"},
    {"stat": "community-usage-delta"},
    {"stat": "community-usage-delta", "params": {"community_id": "nobody"}},
]


@pytest.fixture(scope="module")
def servers(app, tmp_path_factory) -> Iterator[dict[str, Server]]:
    """Return servers of our own."""
    running = {
        "the database": Database(tmp_path_factory.mktemp("database")),
        "the search engine": Node(tmp_path_factory.mktemp("node")),
    }
    try:
        for server in running.values():
            server.start()
        yield running
    finally:
        for server in running.values():
            server.stop()


@pytest.fixture(scope="module")
def elsewhere(servers):
    """Return an application that has these servers, and has aggregated."""
    other = application_with(*servers.values())
    with other.app_context():
        aggregate()
    return other


def everything(app) -> dict:
    """Return the answers to all questions."""
    with app.app_context(), app.test_client() as client:
        found = {path: client.get(f"{API}/{path}", buffered=True) for path in GETS}
        for number, body in enumerate(POSTS):
            found[number] = client.post("/api/stats", json={"q": body})
    return found


@pytest.mark.parametrize("away", ["the search engine", "the database"])
def test_a_server_that_is_away(elsewhere, servers, caplog, away):
    before = everything(elsewhere)
    assert before["global/totals"].status_code == 200
    servers[away].stop()
    try:
        caplog.clear()
        for what, response in everything(elsewhere).items():
            if response.status_code == before[what].status_code:
                # what is kept in memory may be enough without a database
                assert response.status_code == 401 or away == "the database", what
                continue
            check(response, what)
        told = [r for r in caplog.records if r.message.startswith("Statistics could not be read")]
        assert told
        for record in told:
            assert f"{away} failed" in record.message
            assert "doctor" in record.message
            assert record.exc_info is None
    finally:
        servers[away].start()
    after = everything(elsewhere)
    assert {k: r.status_code for k, r in after.items()} == {
        k: r.status_code for k, r in before.items()
    }


def check(response, what: object) -> None:
    """Compare an answer with what readers need when a server is away."""
    assert response.status_code == 503, (what, response.text)
    assert int(response.headers["Retry-After"]) > 0
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json["status"] == 503
    for word in ("Traceback", "127.0.0.1", "psycopg", "Error", "SELECT"):
        assert word not in response.text
