# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Pages of the whole application."""

import re
from html.parser import HTMLParser

import pytest
from flask import g, render_template, render_template_string
from invenio_access.permissions import any_user, system_identity
from invenio_communities.proxies import current_communities

from ..conftest import browsing
from ..content import create_community, update_community
from .conftest import SINCE, UNTIL

SNIPPET = """
{%- extends "invenio_theme/page.html" %}
{%- import "invenio_usage_stats/stats_dashboard.html" as stats_dashboard %}
{%- block page_body %}
{{ stats_dashboard.stats_dashboard() }}
{%- endblock %}
"""
"""How a page embeds a dashboard."""

LAYOUT = {
    "global": {
        "tabs": [
            {
                "name": "content",
                "label": "Content",
                "rows": [
                    {
                        "name": "date-range-selector",
                        "components": [{"component": "DateRangeSelector", "width": 16}],
                    },
                    {
                        "name": "single-stats",
                        "components": [
                            {"component": "SingleStatRecordCount", "width": 3},
                            {"component": "SingleStatUploaders", "width": 3},
                            {"component": "SingleStatDataVolume", "width": 3},
                        ],
                    },
                    {"name": "charts", "components": [{"component": "StatsChart", "width": 8}]},
                    {
                        "name": "tables",
                        "components": [
                            {"component": "ResourceTypesTable", "width": 8},
                            {"component": "AccessRightsTable", "width": 8},
                            {"component": "LicensesTable", "width": 8},
                            {"component": "AffiliationsTable", "width": 8},
                        ],
                    },
                ],
            },
        ],
    },
}
ROUTES = {"global": "/stats", "community": "/communities/<community_id>/stats"}
TEMPLATES = {
    "macro": "invenio_usage_stats/macros/stats_dashboard_macro.html",
    "global": "invenio_usage_stats/stats_dashboard.html",
    "community": "invenio_usage_stats/community_stats_dashboard.html",
}
UI_CONFIG = {
    "global": {
        "title": "Statistics Dashboard",
        "description": "This is the global stats dashboard.",
        "maxHistoryYears": 15,
        "show_title": True,
        "show_description": False,
    },
    "community": {
        "title": "Community Statistics Dashboard",
        "description": "This is the community stats dashboard.",
        "maxHistoryYears": 15,
        "show_title": True,
        "show_description": False,
    },
}
"""Configuration as sites write it, word for word."""


@pytest.fixture
def community(people):
    """Return the slug of a public community."""
    return slug_of(create_community(people["owner"]))


def slug_of(uuid):
    return current_communities.service.read(system_identity, uuid).data["slug"]


class _Tags(HTMLParser):
    """Collect the attributes of a page's elements."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_the_page_of_the_repository_is_complete_without_scripts(world, client):
    response = client.get(f"/stats?since={SINCE}&until={UNTIL}")
    page = response.text
    assert response.status_code == 200
    assert '<h1 class="ui header">Statistics</h1>' in page
    assert re.search(r'data-metric="views">\s*[1-9]\d*\s*<', page)
    assert re.search(r'<path class="line" d="M[\d.,LM]+"', page)
    assert "Data as of" in page
    assert 'name="since"' in page


def test_pages_have_no_inline_scripts_or_styles(world, client, community):
    for path in ("/stats", f"/communities/{community}/stats"):
        body = client.get(path).text.split('<main id="main">')[1].split("</main>")[0]
        tags = _Tags(body).found
        assert not [attrs for _, attrs in tags if "style" in attrs]
        assert not [tag for tag, attrs in tags if tag == "style" or tag == "script" not in attrs]
        assert not [name for _, attrs in tags for name in attrs if name.startswith("on")]


def test_the_page_of_a_community_is_one_of_its_tabs(world, client, community):
    page = client.get(f"/communities/{community}/stats").text
    tabs = [a for tag, a in _Tags(page).found if tag == "a" and "item" in a.get("class", "")]
    active = [a["href"] for a in tabs if "active" in a["class"].split() and "?" not in a["href"]]
    assert active == [f"/communities/{community}/stats"]
    assert f"/communities/{community}/records" in [a["href"] for a in tabs]
    records = client.get(f"/communities/{community}/records").text
    assert f'href="/communities/{community}/stats"' in records


def test_the_main_menu_leads_to_the_page(client):
    page = client.get("/communities").text
    assert '<a href="/stats">Statistics</a>' in page


def test_a_community_that_does_not_exist_answers_as_a_restricted_one(app, people):
    hidden = create_community(people["owner"])
    update_community(hidden, access={"visibility": "restricted"})
    slug = slug_of(hidden)
    for person, expected in ((None, 302), ("stranger", 403)):
        with browsing(app, people.get(person)) as client:
            answers = [client.get(f"/communities/{name}/stats") for name in (slug, "there-is-none")]
            assert [answer.status_code for answer in answers] == [expected] * 2
            assert answers[0].status_code == client.get(f"/communities/{slug}/records").status_code


def test_pages_follow_the_policy(app, world, people, monkeypatch):
    public = slug_of(create_community(people["owner"]))
    monkeypatch.setitem(app.config, "USAGE_STATS_COMMUNITY_READERS", "members")
    for person, expected in ((None, 302), ("stranger", 403), ("owner", 200)):
        with browsing(app, people.get(person)) as client:
            assert client.get(f"/communities/{public}/stats").status_code == expected
            page = client.get(f"/communities/{public}/records").text
            assert (f'href="/communities/{public}/stats"' in page) == (expected == 200)


def test_a_wrong_address_is_explained(world, client):
    response = client.get("/stats?period=lately")
    assert response.status_code == 400
    assert "30d, 12m, 5y" in response.text
    assert 'href="?"' in response.text


def test_real_numbers_of_an_empty_repository_make_a_page(client):
    assert client.get("/stats").status_code == 200


def embedded(app, source, **context):
    with app.test_request_context("/"):
        g.identity = system_identity
        return render_template_string(source, **context)


def test_the_snippet_embeds_a_dashboard(app, world):
    page = embedded(app, SNIPPET)
    assert page.count("<html") == 1
    assert '<h2 class="ui header">Statistics</h2>' in page
    assert "usage-stats-dashboard" in page


def test_the_macros_own_template_embeds_a_community(app, world, community):
    macro = "invenio_usage_stats/macros/stats_dashboard_macro.html"
    source = (
        '{% import "' + macro + '" as m %}{{ m.stats_dashboard({"title": t}, c, "community") }}'
    )
    assert "Our use" in embedded(app, source, c=community, t="Our use")
    assert "not available" in embedded(app, source, c="there-is-none", t="")


def test_an_embedded_dashboard_shows_nothing_of_what_its_reader_may_not_see(app, world, people):
    hidden = create_community(people["owner"], visibility="restricted")
    with app.test_request_context("/"):
        g.identity = type(people["stranger"].identity)(None)
        g.identity.provides.add(any_user)
        macro = app.jinja_env.get_template(TEMPLATES["macro"]).module
        page = macro.stats_dashboard(community=hidden)
    assert "not available" in page
    assert "data-metric" not in page


def test_configuration_of_sites_works_word_for_word(app, world, client, community, monkeypatch):
    for name, value in {
        "LAYOUT": LAYOUT,
        "ROUTES": ROUTES,
        "TEMPLATES": TEMPLATES,
        "UI_CONFIG": UI_CONFIG,
    }.items():
        monkeypatch.setitem(app.config, f"STATS_DASHBOARD_{name}", value)
    page = client.get("/stats").text
    assert "Statistics Dashboard</h1>" in page
    assert "This is the global stats dashboard." not in page.split("<body")[1]
    assert re.findall(r'data-metric="(\w+)"', page) == ["records", "uploaders", "data_volume"]
    assert page.count(' usage-stats-table"') == 4
    assert (
        "Community Statistics Dashboard</h1>" in client.get(f"/communities/{community}/stats").text
    )


def test_pages_can_be_imported_only_for_their_macro(app):
    with app.test_request_context("/"):
        module = app.jinja_env.get_template(TEMPLATES["global"]).module
        assert callable(module.stats_dashboard)
        assert str(module).strip() == ""
        assert render_template("invenio_usage_stats/empty.html").strip() == ""
