# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Panels for other sites: what they hold, who may frame them, and who may read them."""

import re
from datetime import timedelta

import pytest
from flask import g, render_template_string
from invenio_access.permissions import system_identity
from invenio_db import db

from invenio_usage_stats.ledger.models import utc_now
from invenio_usage_stats.services import shares
from invenio_usage_stats.services.models import Share
from invenio_usage_stats.services.scopes import anonymous
from invenio_usage_stats.views.sharing.embed import embed

from ..resources.conftest import SECRET, asking, house  # noqa: F401

SITE = "https://partner.example"


@pytest.fixture
def enabled(app, monkeypatch):
    """Let a site show panels."""
    monkeypatch.setitem(app.config, "USAGE_STATS_EMBED_ENABLED", True)
    monkeypatch.setitem(app.config, "USAGE_STATS_EMBED_SITES", [SITE])


@pytest.fixture
def hidden(house):  # noqa: F811
    """Return the scope of a community that not everybody may read."""
    return f"communities/{house.communities['restricted']}"


def ask(app, house, where="/stats", who="anonymous", **args):  # noqa: F811
    """Return what somebody gets to see in a frame."""
    with asking(app, house, who) as client:
        return client.get(f"{where}/embed", query_string=args)


def made(scope, *parameters, question=shares.VIEW):
    """Return a share and its token."""
    link = shares.create(system_identity, scope, question, list(parameters), timedelta(days=2))
    return link, shares.token(link)


def test_there_are_no_embeds_unless_the_operator_wants_them(app, house):  # noqa: F811
    page = ask(app, house)
    assert page.status_code == 404
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_listed_sites_may_frame_a_panel_and_no_page(app, house, enabled, monkeypatch):  # noqa: F811
    talisman = app.extensions["invenio-app"].talisman
    policy = {"default-src": "'self'", "img-src": ["'self'", "data:"]}
    for configured in (policy, "default-src 'self'; img-src 'self' data:"):
        monkeypatch.setattr(talisman, "content_security_policy", configured)
        page = ask(app, house)
        assert page.status_code == 200
        assert "X-Frame-Options" not in page.headers
        assert sorted(page.headers["Content-Security-Policy"].split("; ")) == [
            "default-src 'self'",
            f"frame-ancestors 'self' {SITE}",
            "img-src 'self' data:",
        ]
        with asking(app, house, "anonymous") as client:
            for url in ("/stats", "/stats/report", "/stats/share"):
                other = client.get(url)
                assert other.headers["X-Frame-Options"] == "SAMEORIGIN"
                assert "frame-ancestors" not in other.headers["Content-Security-Policy"]


def test_the_list_holds_where_the_instance_sets_no_headers(app, house, enabled):  # noqa: F811
    policy = f"frame-ancestors 'self' {SITE}"
    assert ask(app, house).headers["Content-Security-Policy"] == policy
    with app.test_request_context("/stats/embed"):
        _, _, headers = embed()
    assert headers["Content-Security-Policy"] == policy


def test_a_panel_stands_alone_and_needs_no_scripts(app, house, enabled):  # noqa: F811
    page = ask(app, house, panel="SingleStatViews", period="30d", metric="downloads").text
    assert 'data-metric="views"' in page
    assert page.count("data-metric") == 1
    for part in ("<script", "<header", "<nav", "<form", "style=", 'href="?'):
        assert part not in page
    assert 'data-theme="light"' in page


def test_panels_go_by_name_or_by_kind(app, house, enabled):  # noqa: F811
    chart = ask(app, house).text
    assert "usage-stats-chart" in chart
    assert re.search("Views per (day|week|month)", chart)
    assert "Downloads per day" in ask(app, house, metric="downloads", period="30d").text
    assert re.search("Downloads per (day|week|month)", ask(app, house, tab="usage").text)
    assert "usage-stats-table" in ask(app, house, panel="ResourceTypesTable").text
    unknown = ask(app, house, panel="<b>Likes")
    assert unknown.status_code == 400
    assert "ResourceTypesTable" in unknown.text
    assert "<b>" not in unknown.text


def test_themes_and_sources(app, house, enabled):  # noqa: F811
    page = ask(app, house, theme="dark", source="true").text
    assert 'data-theme="dark"' in page
    assert '<a href="http://localhost/stats">' in page
    assert 'class="note source"' not in ask(app, house).text
    assert ask(app, house, theme="pink").status_code == 400
    assert ask(app, house, source="yes").status_code == 400
    assert ask(app, house, period="lately").status_code == 400


def test_whoever_looks_is_nobody(app, house, enabled, hidden):  # noqa: F811
    page = f"/communities/{house.communities['public']}/stats"
    for who in ("anonymous", "owner", "administrator"):
        assert ask(app, house, page, who).status_code == 200
        assert SECRET not in ask(app, house, page, who, panel="RecordsTable").text
        answers = [
            ask(app, house, f"/communities/{id_}/stats", who)
            for id_ in (hidden.partition("/")[2], "no-such-place")
        ]
        assert [answer.status_code for answer in answers] == [403, 403]
        assert answers[0].data == answers[1].data


def test_a_share_link_shows_what_is_not_public(app, house, enabled, hidden):  # noqa: F811
    link, token = made(hidden, ("period", "30d"))
    page = ask(app, house, f"/{hidden}/stats", panel="SingleStatViews", share=token)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert 'data-metric="views"' in page.text
    lists = ask(app, house, f"/{hidden}/stats", "owner", panel="RecordsTable", share=token)
    assert "An open paper" in lists.text
    assert f"A {SECRET} paper" not in lists.text
    more = ask(app, house, f"/{hidden}/stats", share=token, period="all")
    assert more.status_code == 400
    assert "the link says the rest" in more.text
    shares.revoke(system_identity, link.id)
    assert ask(app, house, f"/{hidden}/stats", share=token).status_code == 403


def test_bad_share_links_answer_alike(app, house, enabled, hidden):  # noqa: F811
    _, token = made(hidden)
    public = f"communities/{house.communities['public']}"
    _, other = made(public)
    _, question = made(hidden, ("metric", "views"), question="totals")
    late, expired = made(hidden)
    db.session.get(Share, late.id).expires = utc_now() - timedelta(seconds=1)
    db.session.commit()
    bad = [other, question, expired, f"{token}x", "x", ""]
    answers = [ask(app, house, f"/{hidden}/stats", share=text) for text in bad]
    answers.append(ask(app, house, f"/{public}/stats", share=token))
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.data for answer in answers}) == 1
    assert ask(app, house, f"/{hidden}/stats", share=token).status_code == 200


def drawn(app, identity, source, **context):
    with app.test_request_context("/"):
        g.identity = identity
        return render_template_string(source, **context)


def test_templates_show_a_panel_to_who_may_read_it(app, house, hidden):  # noqa: F811
    one = "{{ usage_stats_panel('SingleStatViews', community=c, parameters={'period': '30d'}) }}"
    public, closed = house.communities["public"], hidden.partition("/")[2]
    assert 'data-metric="views"' in drawn(app, anonymous(), one, c=public)
    assert 'data-metric="views"' in drawn(app, system_identity, one, c=closed)
    assert drawn(app, anonymous(), one, c=closed) == ""
    titled = "{{ usage_stats_panel('StatsChart', title='Our use', level=4) }}"
    assert re.search(r"<h4[^>]*>Our use</h4>", drawn(app, anonymous(), titled))
