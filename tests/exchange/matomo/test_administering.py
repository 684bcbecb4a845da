# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Administrators and operators register programs and sites, and see what came."""

import re
from collections.abc import Iterator

import pytest
from invenio_access.models import ActionUsers
from invenio_administration.permissions import administration_access_action
from invenio_app.cli import cli
from invenio_db import db

from invenio_usage_stats.errors import ConsumerError
from invenio_usage_stats.exchange.matomo import sites
from invenio_usage_stats.exchange.matomo.consumers import checked, consumer_of, registered
from invenio_usage_stats.exchange.matomo.switching import number_communities

from ...conftest import browsing
from ...content import create_community, create_user
from .tracking import report, stored

PAGE = "/administration/usage-stats-reported"
TOKEN = re.compile(r"<code>([\w-]{40,})</code>")


@pytest.fixture(scope="module")
def administrator(app):
    """Return somebody who may enter the panel."""
    person = create_user(app, "matomo-administrator")
    db.session.add(ActionUsers.allow(administration_access_action, user_id=int(person.id)))
    db.session.commit()
    return person


@pytest.fixture
def admin(door, administrator) -> Iterator:
    """Return the client of an administrator."""
    with browsing(door, administrator) as client:
        yield client


def order(client, action: str, **data: str):
    """Return the answer to an order."""
    return client.post(PAGE, data={"action": action, **data})


def run(app, *arguments: str) -> str:
    """Return what a command prints."""
    result = app.test_cli_runner().invoke(cli, ["usage-stats", "matomo", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_programs_are_registered_changed_and_removed(admin):
    told = {
        "id": " Ilastik ",
        "homepage": "https://ilastik.org",
        "user_agents": "^ilastik\n\n^tiktorch",
    }
    assert order(admin, "register", title="ilastik <1>", **told).status_code == 303
    page = admin.get(PAGE)
    assert "ilastik &lt;1&gt;" in page.text and "The program is registered." in page.text
    shown = order(admin, "token", consumer="ilastik")
    token = TOKEN.search(shown.text)[1]
    assert shown.headers["Cache-Control"] == "no-store"
    order(admin, "register", title="Ilastik", **told)
    consumer = registered()["ilastik"]
    assert (consumer.title, consumer.user_agents) == ("Ilastik", ("^ilastik", "^tiktorch"))
    assert consumer_of(token) == consumer and token not in admin.get(PAGE).text
    assert order(admin, "remove", consumer="ilastik").status_code == 303
    assert (registered(), consumer_of(token)) == ({}, None)
    assert order(admin, "token", consumer="ilastik").status_code == 400


@pytest.mark.parametrize(
    "told, entry",
    [
        ({"id": " "}, "id"),
        ({"homepage": "javascript:1"}, "homepage"),
        ({"user_agents": ["("]}, "user_agents"),
        ({"user_agents": [".*"]}, "user_agents"),
    ],
)
def test_what_cannot_be_registered(told, entry):
    with pytest.raises(ConsumerError) as caught:
        checked(
            **{"id_": told.pop("id", "a"), "title": "", "homepage": "", "user_agents": [], **told}
        )
    assert caught.value.entry == entry


def test_what_is_wrong_is_told_beside_its_entry(admin):
    answer = order(admin, "register", id="a", user_agents=".*")
    assert answer.status_code == 400 and "this matches every program" in answer.text
    answer = order(admin, "site", community="no-such-place")
    assert answer.status_code == 400 and "There is no such community." in answer.text
    for other in ("global", "users/me", "records/none"):
        assert order(admin, "site", community=other).status_code == 400
    assert order(admin, "unknown").status_code == 400


def test_the_page_is_for_administrators_while_it_is_on(admin, door, people, monkeypatch):
    report(door, url="http://a.org/")
    report(door, url="nothing")
    stored(2)
    page = admin.get(PAGE).text
    assert "names no address under which anything could be" in page
    with browsing(door, people["stranger"]) as client:
        assert client.get(PAGE).status_code == 403
    monkeypatch.setitem(door.config, "USAGE_STATS_MATOMO", False)
    assert admin.get(PAGE).status_code == 404


def test_communities_are_sites(admin, door, people, monkeypatch):
    first, second = (create_community(people["owner"]) for _ in range(2))
    assert order(admin, "site", community=first).status_code == 303
    number = sites.number(first)
    assert number > 1 and sites.number(first) == number
    site = sites.site_of(number)
    assert (site.community_id, site.main_url) == (
        first,
        f"http://localhost/communities/{site.title.lower()}/",
    )
    assert report(door, url="http://a.org/", idsite=number).status_code == 200
    (document,) = stored(1)
    assert (document["site"], document["community_id"]) == (number, first)
    assert number_communities() == 0
    monkeypatch.setitem(door.config, "USAGE_STATS_MATOMO_COMMUNITY_SITES", True)
    assert number_communities() > 0 and number_communities() == 0
    known = {one.community_id: one.id for one in sites.sites()}
    assert known[None] == 1 and known[second] > number
    for unknown in (0, -1, 2**31, 10**30):
        assert sites.site_of(unknown) is None


def test_commands(door, people):
    community = create_community(people["owner"])
    assert f"{sites.number(community):>9}  http" in run(door, "sites", "--add", community)
    report(door, url="http://a.org/")
    report(door, url="nothing")
    stored(2)
    assert "0 hits received, 0 stored" in run(door, "process")
    lines = run(door, "status").splitlines()
    assert lines[0].split()[1:] == ["2", "received", "1", "stored", "1", "rejected"]
    assert lines[1].endswith("names no address under which anything could be")
    assert run(door, "consumers") == ""
