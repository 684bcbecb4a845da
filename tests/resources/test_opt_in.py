# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Opting in: a community that has not decided is hidden everywhere, and decides on a page."""

import re

import pytest
from invenio_access.permissions import system_identity
from invenio_communities.proxies import current_communities
from invenio_db import db

from invenio_usage_stats.services.models import OptedIn

from .conftest import API, WHO, asking

TOKEN = re.compile(r'name="csrf_token" type="hidden" value="([^"]+)"')


@pytest.fixture
def needed(app, api, house, monkeypatch):
    """Let communities be hidden until they opt in; none has."""
    for application in (app, api):
        monkeypatch.setitem(application.config, "STATS_DASHBOARD_COMMUNITY_OPT_IN", True)
    yield
    db.session.execute(db.delete(OptedIn))
    db.session.commit()


@pytest.fixture
def page(house) -> str:
    """Return the address of the dashboard of an open community."""
    read = current_communities.service.read
    return f"/communities/{read(system_identity, house.communities['public']).data['slug']}/stats"


def codes(app, house, path: str, **kwargs) -> dict[str, int]:
    """Return how somebody of each kind is answered."""
    found = {}
    for who in WHO:
        with asking(app, house, who) as client:
            found[who] = client.open(path, **kwargs).status_code
    return found


def decide(app, house, page: str, decision: str, who: str = "owner"):
    """Return the answer to a decision."""
    with asking(app, house, who) as client:
        return client.post(f"{page}/settings", data={"decision": decision})


OUTSIDERS = {
    **dict.fromkeys(("stranger", "author", "member", "manager"), 403),
    "anonymous": 302,
}
"""How those are answered who may not decide: as by a community that there is not."""


def test_without_the_setting_nothing_is_hidden_and_nothing_to_be_decided(app, house, page):
    assert set(codes(app, house, page).values()) == {200}
    assert set(codes(app, house, f"{page}/settings").values()) == {404}
    assert decide(app, house, page, "show").status_code == 404


def test_who_sees_what_before_the_decision(app, house, page, needed):
    assert codes(app, house, page) == OUTSIDERS | {"owner": 302, "administrator": 200}
    assert codes(app, house, "/communities/no-such-place/stats") == OUTSIDERS | {
        "owner": 403,
        "administrator": 403,
    }
    with asking(app, house, "owner") as client:
        assert client.get(page).location == f"{page}/settings"


def test_who_may_decide(app, house, page, needed):
    settings = f"{page}/settings"
    expected = OUTSIDERS | {"owner": 200, "administrator": 200}
    assert codes(app, house, settings) == expected
    sent = codes(app, house, settings, method="POST", data={"decision": "show"})
    assert sent == expected | {"owner": 303, "administrator": 303}


def test_a_decision_shows_and_hides_the_page(app, house, page, needed):
    assert decide(app, house, page, "show").location == f"{page}/settings"
    assert set(codes(app, house, page).values()) == {200}
    with asking(app, house, "owner") as client:
        assert "are shown" in client.get(f"{page}/settings").text
        assert f'href="{page}/settings"' in client.get(page).text
    with asking(app, house, "stranger") as client:
        assert f'href="{page}/settings"' not in client.get(page).text
    assert decide(app, house, page, "show").status_code == 303
    assert decide(app, house, page, "hide").status_code == 303
    assert codes(app, house, page)["anonymous"] == 302


def test_the_tab_is_there_for_those_who_may_follow_it(app, house, page, needed):
    for who in WHO:
        with asking(app, house, who) as client:
            home = client.get(page.replace("/stats", "/records")).text
            assert (f'href="{page}"' in home) == (who in ("owner", "administrator")), who


def test_a_decision_needs_the_token_of_our_page(app, house, page, needed, monkeypatch):
    with asking(app, house, "owner") as client:
        monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
        forged = client.post(f"{page}/settings", data={"decision": "show"})
        assert forged.status_code == 400
        assert "Nothing was changed" in forged.text
        assert client.get(page).status_code == 302
        token = TOKEN.search(client.get(f"{page}/settings").text).group(1)
        data = {"decision": "show", "csrf_token": token}
        assert client.post(f"{page}/settings", data=data).status_code == 303
        assert client.get(page).status_code == 200


def test_a_decision_that_is_none(app, house, page, needed):
    assert decide(app, house, page, "perhaps").status_code == 400


def test_answers_follow_the_decision(app, house, page, needed):
    path = f"{API}/communities/{house.communities['public']}/totals"
    query = {"q": {"stat": "community-usage-delta", "params": {"community_id": None}}}
    query["q"]["params"]["community_id"] = house.communities["public"]
    unknown = codes(app, house, f"{API}/communities/no-such-place/totals")
    assert codes(app, house, path) == unknown | {"administrator": 200}
    assert codes(app, house, "/api/stats", method="POST", json=query)["stranger"] == 403
    decide(app, house, page, "show")
    assert set(codes(app, house, path).values()) == {200}
    assert codes(app, house, "/api/stats", method="POST", json=query)["stranger"] == 200


def test_rankings_name_only_who_shows_itself(app, house, page, needed):
    path = f"{API}/global/top?dimension=communities&period=all"

    def listed(who: str) -> list[str]:
        with asking(app, house, who) as client:
            return [row["id"] for row in client.get(path).json["rows"]]

    assert listed("stranger") == []
    assert house.communities["public"] in listed("administrator")
    decide(app, house, page, "show")
    assert listed("stranger") == [house.communities["public"]]


def test_a_decision_changes_the_tag_of_rankings(app, house, page, needed):
    path, tags = f"{API}/global/top?dimension=communities&period=all", []
    for decision in ("show", "hide", "show"):
        decide(app, house, page, decision)
        with asking(app, house, "stranger") as client:
            kept = {"If-None-Match": tags[-1]} if tags else {}
            response = client.get(path, headers=kept)
            assert response.status_code == 200
            tags.append(response.headers["ETag"])
            kept = {"If-None-Match": tags[-1]}
            assert client.get(path, headers=kept).status_code == 304


def test_a_share_link_ends_when_its_community_hides(app, house, page, needed):
    decide(app, house, page, "show")
    body = {"scope": f"communities/{house.communities['public']}", "question": "totals", "days": 1}
    with asking(app, house, "administrator") as client:
        made = client.post(f"{API}/shares", json=body).json["links"]["shared"]
    link = made.removeprefix("http://localhost")
    assert codes(app, house, link)["anonymous"] == 200
    decide(app, house, page, "hide")
    assert codes(app, house, link)["anonymous"] == 403
