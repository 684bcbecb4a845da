# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Links lead where they say, and tokens speak for their owners."""

import re
from html import unescape

import pytest
from invenio_db import db
from invenio_oauth2server.models import Token

from invenio_usage_stats.resources import links
from invenio_usage_stats.services.records import Listed

from .conftest import API, asking

HOST = "http://localhost"
FILES = re.compile(r'href="([^"]*format=csv[^"]*)"')


@pytest.fixture
def owner(app, house):
    """Return a client of the owner."""
    with asking(app, house, "owner") as client:
        yield client


def follow(client, link: str):
    """Return the answer of a link."""
    assert link.startswith(f"{HOST}/")
    return client.get(link.removeprefix(HOST))


def test_links_lead_where_they_say(owner, house):
    refused = ("private records", "unknown communities")
    for scope in (path for name, path in house.scopes.items() if name not in refused):
        for question in ("totals?period=year:2026&compare=previous", "top?dimension=keywords"):
            answer = owner.get(f"{API}/{scope}/{question}").json
            links = answer["links"]
            assert follow(owner, links["self"]).json == answer
            assert follow(owner, links["csv"]).mimetype == "text/csv"
            assert follow(owner, links["xlsx"]).mimetype.endswith("sheet")
            page = follow(owner, links["html"])
            assert (page.status_code, page.mimetype) == (200, "text/html")


def test_pages_follow_each_other_to_the_end(owner, house):
    link = f"{HOST}{API}/global/top?dimension=resource_types&metric=records&size=1"
    found = []
    while link:
        answer = follow(owner, link).json
        assert len(answer["rows"]) == 1
        found += [row["id"] for row in answer["rows"]]
        link = answer["links"].get("next")
    assert len(found) == len(set(found)) == answer["count"]


def test_pages_go_on_where_rows_are_not_counted(owner, house, monkeypatch):
    monkeypatch.setattr(Listed, "count_seen", lambda _: None)
    link, found = f"{HOST}{API}/global/top?dimension=records&metric=views&size=1", []
    while link:
        answer = follow(owner, link).json
        assert answer["count"] is None
        found += [row["id"] for row in answer["rows"]]
        link = answer["links"].get("next")
    assert sorted(found) == sorted(house.readable)


def test_pages_of_a_snapshot(owner, house):
    path = f"{API}/communities/{house.communities['public']}/snapshot?dimension=keywords"
    whole, found, link = owner.get(path).json, [], f"{HOST}{path}&size=1"
    assert "next" not in whole["links"]
    while link:
        answer = follow(owner, link).json
        assert (answer["size"], answer["counts"]) == (1, whole["counts"])
        found += answer["dimensions"]["keywords"]
        link = answer["links"].get("next")
    assert found == whole["dimensions"]["keywords"]
    assert len(found) == whole["counts"]["keywords"] > 0


def test_pages_of_dashboards_that_there_are(owner, api, house, monkeypatch):
    record = f"{API}/records/{house.records['public']}/totals?compare=year"
    page = owner.get(record).json["links"]["html"]
    assert page == f"{HOST}/records/{house.records['public']}/stats?compare=year"
    assert follow(owner, page).status_code == 200
    for kind in ("GLOBAL", "COMMUNITY", "RECORD"):
        monkeypatch.setitem(api.config, f"STATS_DASHBOARD_ENABLED_{kind}", False)
    landing = f"{HOST}/records/{house.records['public']}"
    assert owner.get(record).json["links"]["html"] == landing
    assert "html" not in owner.get(f"{API}/global/totals").json["links"]
    monkeypatch.undo()
    monkeypatch.setattr(links, "PAGES", "no_such_blueprint")
    assert owner.get(record).json["links"]["html"] == landing
    for scope in ("global", f"communities/{house.communities['public']}"):
        assert "html" not in owner.get(f"{API}/{scope}/totals").json["links"]


@pytest.mark.parametrize("state", ["", "?dimension=keywords", "?basis=published&cumulative=true"])
def test_files_of_dashboards_are_answered(owner, house, state):
    """Pages compare, unless they are told not to; not everything can be compared."""
    scopes = ("", f"/communities/{house.communities['public']}")
    scopes += (f"/records/{house.records['public']}",)
    for scope in scopes:
        page = owner.get(f"{scope}/stats{state}").text
        files = {unescape(link) for link in FILES.findall(page)}
        assert len(files) > 3
        for link in files:
            response = owner.get(link.removeprefix(HOST))
            assert (response.status_code, response.mimetype) == (200, "text/csv"), link


def test_a_token_speaks_for_its_owner(app, house):
    url = f"{API}/communities/{house.communities['restricted']}/totals"
    found = {}
    for who in ("owner", "stranger"):
        token = Token.create_personal(f"{who}'s", int(house.people[who].id), scopes=[]).access_token
        db.session.commit()
        with asking(app, house, "anonymous") as client:
            headers = {"Authorization": f"Bearer {token}"}
            found[who] = client.get(url, headers=headers).status_code
    assert found == {"owner": 200, "stranger": 403}
