# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What readers get when there is no answer."""

import pytest
from invenio_search import current_search_client
from opensearchpy.exceptions import ConnectionError as EngineError
from sqlalchemy.exc import OperationalError

URL = "/api/usage-stats/global/totals"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("metric=likes", ("metric", "likes", "views", "downloads")),
        ("period=fortnight", ("period", "30d", "ytd")),
        ("since=2025-13-01", ("since", "2026-01-31")),
        ("since=2025-02-01&until=2025-01-01", ("since", "after")),
        ("since=2999-01-01", ("since", "2999-01-01", "after")),
        ("period=12m&since=2025-01-01", ("period", "since")),
        ("interval=hour", ("interval", "day", "week", "quarter")),
        ("cumulative=1", ("cumulative", "true", "false")),
        ("basis=born", ("basis", "added", "created", "published")),
        ("level=page", ("level", "record", "parent")),
        ("compare=best", ("compare", "previous", "year")),
        ("dimension=colours", ("dimension", "colours", "subjects")),
        ("filter=subjects", ("filter", "subjects")),
        ("filter=colours:red", ("filter", "colours:red", "languages")),
        ("size=0", ("size", "1", "100")),
        ("size=101", ("size", "1", "100")),
        ("size=many", ("size",)),
        ("page=0", ("page", "1")),
        ("locale=%3Cb%3E", ("locale",)),
        ("format=pdf", ("format", "pdf", "json", "csv", "xlsx")),
        ("format=csv&format=json", ("format", "more than once")),
        ("colour=red", ("colour", "metric", "period", "interval")),
    ],
)
def test_a_bad_parameter_is_named_with_what_is_allowed(client, question, words):
    response = client.get(f"{URL}?{question}")
    assert response.status_code == 400
    body = response.json
    assert body["status"] == 400
    assert body["errors"][0]["field"] == words[0]
    for word in words:
        assert word in body["message"]
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["global/likes", "global", "everything/totals", "communities/totals", "records/a/b/top"]
)
def test_unknown_routes_are_not_found(client, path):
    response = client.get(f"/api/usage-stats/{path}")
    assert response.status_code == 404
    assert response.json["status"] == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_questions_are_only_read(client, method):
    assert getattr(client, method)(URL).status_code == 405


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("image/png", None),
        ("text/html", None),
        ("application/json;q=0", None),
        ("text/csv", "text/csv"),
        ("text/*", "text/csv"),
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("text/csv;q=0.5, application/json;q=0.4", "text/csv"),
        ("", "application/json"),
    ],
)
def test_accept_is_heeded(visitor, accept, expected):
    response = visitor.get(URL, headers={"Accept": accept})
    assert response.status_code == (200 if expected else 406)
    assert response.mimetype == (expected or "application/json")


def test_format_goes_before_accept(client):
    response = client.get(f"{URL}?format=json", headers={"Accept": "image/png"})
    assert (response.status_code, response.mimetype) == (200, "application/json")


@pytest.fixture
def no_search_engine(api, monkeypatch):
    """Let the search engine be away."""

    def refuse(*_args, **_kwargs):
        raise EngineError("N/A", "secret-host refused", OSError())

    with api.app_context():
        transport = current_search_client.transport
    monkeypatch.setattr(transport, "perform_request", refuse)


@pytest.mark.parametrize("question", ["totals", "series", "top?dimension=countries", "snapshot"])
@pytest.mark.parametrize("form", ["", "text/csv"])
def test_a_search_engine_that_is_away(no_search_engine, visitor, caplog, question, form):
    response = visitor.get(f"/api/usage-stats/global/{question}", headers={"Accept": form})
    is_refused(response, caplog)


@pytest.mark.parametrize("stat", ["community-usage-delta", "global-stats"])
def test_a_search_engine_that_is_away_from_posts(no_search_engine, visitor, caplog, stat):
    is_refused(visitor.post("/api/stats", json={"q": {"stat": stat}}), caplog)


def is_refused(response, caplog) -> None:
    """Compare an answer with what readers and operators need when the search engine is away."""
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "secret-host" not in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert "search engine" in caplog.text
    assert "doctor" in caplog.text


def test_a_database_that_is_away(client, monkeypatch, caplog):
    def refuse(*_args, **_kwargs):
        raise OperationalError("SELECT secret", {}, OSError("secret-host"))

    monkeypatch.setattr("sqlalchemy.engine.Engine.connect", refuse)
    monkeypatch.setattr("sqlalchemy.orm.Session.execute", refuse)
    response = client.get("/api/usage-stats/communities/physics/totals")
    assert response.status_code == 503
    assert "Retry-After" in response.headers
    assert "secret" not in response.text
    assert "the database" in caplog.text
