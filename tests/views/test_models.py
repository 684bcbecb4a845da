# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""View models by GET: the page's numbers, for those who may see the page."""

import json
import re
from html import unescape

import pytest
from flask import g, render_template_string
from invenio_access.permissions import system_identity
from invenio_communities.proxies import current_communities

from ..conftest import browsing
from ..content import create_community, refresh_all
from ..trouble import unreachable
from .conftest import SINCE, UNTIL

QUERY = f"?since={SINCE}&until={UNTIL}&metric=downloads&filter=languages:eng"


def slug_of(uuid):
    return current_communities.service.read(system_identity, uuid).data["slug"]


@pytest.fixture
def communities(people):
    """Return the slugs of an open and of a restricted community."""
    made = [create_community(people["owner"], visibility=v) for v in ("public", "restricted")]
    refresh_all()
    return [slug_of(uuid) for uuid in made]


def embedded_in(page):
    """Return the view model that a page carries."""
    (text,) = re.findall(r"data-dashboard='([^']*)'", page)
    return json.loads(unescape(text))


def test_a_view_model_is_that_of_the_page(world, client):
    answer = client.get(f"/stats/view{QUERY}")
    assert answer.status_code == 200
    assert embedded_in(client.get(f"/stats{QUERY}").text) == answer.json
    assert answer.json["query"] == QUERY
    assert answer.json["url"] == "/stats"
    assert answer.json["view_url"] == "/stats/view"
    assert answer.json["api_url"].endswith("/api/usage-stats/global")


def test_a_community_has_one_too(world, client, communities):
    url = f"/communities/{communities[0]}/stats"
    view = client.get(f"{url}/view").json
    assert (view["url"], view["view_url"]) == (url, f"{url}/view")
    assert view["scope"]["kind"] == "community"


def test_nothing_is_sent_again_that_has_not_changed(world, client):
    first = client.get(f"/stats/view{QUERY}")
    assert "private" in first.headers["Cache-Control"]
    headers = {"If-None-Match": first.headers["ETag"]}
    assert client.get(f"/stats/view{QUERY}", headers=headers).status_code == 304
    assert client.get("/stats/view", headers=headers).status_code == 200
    german = {**headers, "Accept-Language": "de"}
    assert client.get(f"/stats/view{QUERY}", headers=german).status_code in (200, 304)


def test_a_malformed_address_is_a_problem(world, client):
    answer = client.get("/stats/view?period=lately")
    assert answer.status_code == 400
    assert answer.json["message"].startswith("period: ")
    assert client.get("/stats/view/forged").status_code == 404


def test_what_is_restricted_and_what_is_not_there_answer_alike(app, world, people, communities):
    for person, status in ((None, 401), ("stranger", 403)):
        with browsing(app, people.get(person)) as client:
            for slug in (communities[1], "there-is-none"):
                answer = client.get(f"/communities/{slug}/stats/view")
                assert (answer.status_code, answer.json["status"]) == (status, status)
    with browsing(app, people["owner"]) as client:
        assert client.get(f"/communities/{communities[1]}/stats/view").status_code == 200


def test_an_embedded_dashboard_carries_its_settings_along(app, world, client):
    source = (
        '{% import "invenio_usage_stats/macros/stats_dashboard_macro.html" as m %}'
        '{{ m.stats_dashboard({"title": "Our use", "tabs": [{"name": "one", "rows": '
        '[{"components": [{"component": "SingleStatViews"}]}]}]}) }}'
    )
    with app.test_request_context("/"):
        g.identity = system_identity
        view = embedded_in(render_template_string(source))
    asked = client.get(f"{view['view_url']}{QUERY}").json
    assert asked["title"] == "Our use"
    assert [panel["name"] for row in asked["rows"] for panel in row["panels"]] == [
        "SingleStatViews"
    ]
    assert asked["view_url"] == view["view_url"]


def test_a_page_without_a_search_engine_says_so_in_its_panels(world, client):
    with unreachable():
        page, model = client.get("/stats"), client.get("/stats/view")
    assert (page.status_code, model.status_code) == (200, 200)
    assert "The numbers cannot be read at the moment" in page.text
    assert model.headers["Cache-Control"] == "no-store"
    assert "ETag" not in model.headers
