# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Repeated questions, and what others may keep or read."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.ledger.history import day_number
from invenio_usage_stats.operations.backfill import begin, do_all
from invenio_usage_stats.operations.passes import count_again
from invenio_usage_stats.operations.plan import rebuild_job
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.periods import Period, today

from .conftest import API, asking
from .test_matrix import QUESTIONS

ORIGIN = {"Origin": "https://other.example"}


@pytest.fixture
def searches(api, monkeypatch) -> list[str]:
    """Return where the search engine is asked, as it happens."""
    with api.app_context():
        transport = current_search_client.transport
    asked, perform = [], transport.perform_request

    def noted(method, url, *args, **kwargs):
        asked.append(url)
        return perform(method, url, *args, **kwargs)

    monkeypatch.setattr(transport, "perform_request", noted)
    return asked


@pytest.mark.parametrize("form", ["application/json", "text/csv"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_repeated_question_reads_the_bookmark_only(app, house, searches, question, form):
    url = f"{API}/communities/{house.communities['restricted']}/{question}"
    with asking(app, house, "owner") as client:
        first = client.get(url, headers={"Accept": form})
        searches.clear()
        tag = first.headers["ETag"]
        again = client.get(url, headers={"Accept": form, "If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert len(searches) <= 1
    assert "bookmark" in "".join(searches) or not searches
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again.headers[name] == first.headers[name]


def test_the_tag_depends_on_what_is_asked_and_by_whom(app, house):
    public = f"communities/{house.communities['public']}"
    urls = [f"{API}/{scope}/totals" for scope in ("global", public)]
    urls += [f"{urls[0]}?{q}" for q in ("period=30d", "basis=created", "format=csv", "locale=de")]
    tags = set()
    with asking(app, house, "anonymous") as client:
        tags |= {client.get(url).headers["ETag"] for url in urls}
        tags.add(client.get(urls[0], headers={"Accept": "text/csv"}).headers["ETag"])
    assert len(tags) == len(urls) + 1
    with asking(app, house, "owner") as client:
        assert client.get(f"{API}/{public}/totals").headers["ETag"] not in tags


def test_new_numbers_have_a_new_tag(app, house):
    with asking(app, house, "anonymous") as client:
        before = client.get(f"{API}/global/totals").headers["ETag"]
        aggregate()
        after = client.get(f"{API}/global/totals", headers={"If-None-Match": before})
    assert after.status_code == 200
    assert after.headers["ETag"] != before


def test_numbers_of_the_past_that_are_written_anew_have_a_new_tag(app, house):
    """A rebuild moves no bookmark."""
    url = f"{API}/global/totals"
    with asking(app, house, "anonymous") as client:
        before = client.get(url).headers["ETag"]
        bookmark = current_usage_stats.service.bookmark()
        job = rebuild_job(Period(today() - timedelta(days=1), today()))
        begin(job)
        list(do_all(job.name))
        assert current_usage_stats.service.bookmark() == bookmark
        after = client.get(url, headers={"If-None-Match": before})
        count_again([day_number(today())])
        again = client.get(url, headers={"If-None-Match": after.headers["ETag"]})
        same = client.get(url, headers={"If-None-Match": again.headers["ETag"]})
    assert (after.status_code, again.status_code, same.status_code) == (200, 200, 304)


def test_a_repeated_question_reads_little_of_the_database(app, house):
    """Beside who asks: the scope with its permissions, and what was written last."""
    url = f"{API}/global/totals"
    statements: list[str] = []

    def noted(_connection, _cursor, statement, *_args):
        statements.append(statement)

    with asking(app, house, "anonymous") as client:
        tag = client.get(url).headers["ETag"]
        sa.event.listen(sa.engine.Engine, "before_cursor_execute", noted)
        try:
            assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
        finally:
            sa.event.remove(sa.engine.Engine, "before_cursor_execute", noted)
    assert len(statements) == 1
    assert "usage_stats_runs" in statements[0]


def test_open_statistics_may_be_kept_by_everybody(api, app, house, monkeypatch):
    monkeypatch.setitem(api.config, "USAGE_STATS_PUBLIC_CACHE", timedelta(minutes=5))
    public = ("global", f"communities/{house.communities['public']}")
    closed = [f"communities/{house.communities['restricted']}"]
    closed += [f"records/{house.records['restricted']}"]
    with asking(app, house, "anonymous") as client:
        for scope in public:
            response = client.get(f"{API}/{scope}/totals")
            assert response.headers["Cache-Control"] == "public, max-age=300"
            assert "Set-Cookie" not in response.headers
    with asking(app, house, "owner") as client:
        for scope in (*public, *closed):
            response = client.get(f"{API}/{scope}/totals")
            assert response.headers["Cache-Control"] == "private, no-cache"


def test_pages_of_other_sites_may_ask_where_that_is_allowed(api, visitor, monkeypatch):
    url = f"{API}/global/totals"
    assert "Access-Control-Allow-Origin" not in visitor.get(url, headers=ORIGIN).headers
    monkeypatch.setitem(api.config, "USAGE_STATS_CORS_ORIGINS", ["https://other.example"])
    allowed = visitor.get(url, headers=ORIGIN)
    assert allowed.headers["Access-Control-Allow-Origin"] == "https://other.example"
    assert "Access-Control-Allow-Credentials" not in allowed.headers
    assert "ETag" in allowed.headers["Access-Control-Expose-Headers"]
    assert "Origin" in allowed.headers["Vary"]
    other = visitor.get(url, headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in other.headers
    monkeypatch.setitem(api.config, "USAGE_STATS_CORS_ORIGINS", ["*"])
    asked = {**ORIGIN, "Access-Control-Request-Method": "GET"}
    before = visitor.options(url, headers=asked)
    assert before.status_code == 200
    assert before.headers["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in before.headers["Access-Control-Allow-Headers"]
