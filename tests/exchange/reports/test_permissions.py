# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Who may have which report: everybody, every scope, every kind, enumerated."""

import csv
from io import StringIO

import pytest

from invenio_usage_stats.services.permissions import UsageStatsPermissionPolicy

from ...resources.conftest import WHO, asking
from .conftest import API, index_waiting

OPEN, CLOSED = "communities/public", "communities/restricted"
SCOPES = (
    *("", "own", "global", OPEN, CLOSED),
    *("records/public", "records/restricted", "records/private", "communities/none"),
)
KINDS = ("records", "files", "communities")
BOTH = {"public", "restricted"}
ALL = {*BOTH, "private"}
RECORDS = {
    "manager": {CLOSED: BOTH},
    "owner": {
        **dict.fromkeys(("", "own", OPEN, CLOSED), BOTH),
        "records/public": {"public"},
        "records/restricted": {"restricted"},
    },
    "author": {"": {"private"}, "own": {"private"}, "records/private": {"private"}},
    "administrator": {
        **{"": ALL, "global": ALL, OPEN: BOTH, CLOSED: BOTH},
        **{f"records/{name}": {name} for name in ALL},
    },
}
"""By who asks and for what: the records whose totals they may have; all else is refused."""
COMMUNITIES = {
    "manager": {"": {"restricted"}, "own": {"restricted"}, CLOSED: {"restricted"}},
    "owner": {
        **{"": BOTH, "own": BOTH, OPEN: {"public"}, CLOSED: {"restricted"}},
        **{"records/public": set(), "records/restricted": set()},
    },
    "author": {"records/private": set()},
    "administrator": {
        **{"": BOTH, "global": BOTH, OPEN: {"public"}, CLOSED: {"restricted"}},
        **{f"records/{name}": set() for name in ALL},
    },
}


@pytest.fixture(scope="module", autouse=True)
def indexed(house) -> None:
    """Let searches know the communities of all records."""
    index_waiting()


def address(house, kind: str, scope: str) -> str:
    """Return the address of a report."""
    found = house.scopes
    named = {
        "own": "own",
        "global": "global",
        "communities/none": "communities/none",
        OPEN: found["public communities"],
        CLOSED: found["restricted communities"],
        **{f"records/{name}": found[f"{name} records"] for name in ALL},
    }
    return f"{API}/{kind}" + (f"?scope={named[scope]}" if scope else "")


def seen(house, kind: str, text: str) -> set[str]:
    """Return what a report lists, by name."""
    rows = list(csv.DictReader(StringIO(text, newline=""), strict=True))
    if kind == "communities":
        return {name for name, id_ in house.communities.items() if id_ in {r["id"] for r in rows}}
    ids = {row["id"].partition("/")[0] for row in rows}
    return {name for name, id_ in house.records.items() if id_ in ids}


@pytest.mark.parametrize("who", WHO)
def test_everybody_has_what_is_theirs(app, house, who):
    refused = 401 if who == "anonymous" else 403
    with asking(app, house, who) as client:
        for kind in KINDS:
            table = (COMMUNITIES if kind == "communities" else RECORDS).get(who, {})
            for scope in SCOPES:
                response = client.get(address(house, kind, scope))
                status = 200 if scope in table else refused
                assert response.status_code == status, (who, kind, scope)
                if status == 200:
                    assert seen(house, kind, response.text) == table[scope], (who, kind, scope)


def test_everything_at_once_needs_a_right_to_anything(app, house):
    for who, status in (("stranger", 403), ("manager", 200), ("author", 200), ("anonymous", 401)):
        with asking(app, house, who) as client:
            assert client.get(API).status_code == status, who


def test_a_policy_can_give_and_take(app, api, house, monkeypatch):
    class Policy(UsageStatsPermissionPolicy):
        can_report_global = UsageStatsPermissionPolicy.can_read_global
        can_report_own = []

    monkeypatch.setitem(api.config, "USAGE_STATS_PERMISSION_POLICY", Policy)
    with asking(app, house, "stranger") as client:
        response = client.get(f"{API}/records")
        assert seen(house, "records", response.text) == {"public"}
        assert client.get(f"{API}/records?scope=own").status_code == 403
        assert client.get(f"{API}/communities").text.count("\r\n") == 2

    class NoFiles(Policy):
        can_export = []

    monkeypatch.setitem(api.config, "USAGE_STATS_PERMISSION_POLICY", NoFiles)
    with asking(app, house, "owner") as client:
        assert client.get(address(house, "records", OPEN)).status_code == 403


def test_restricted_communities_are_not_named_to_others(app, house):
    """The owner of a record sees only those of its communities that they may read."""
    with asking(app, house, "owner") as client:
        both = client.get(f"{API}/records?scope=own&format=json").json["rows"]
    slugs = {slug for row in both for slug in row["communities"]}
    assert len(slugs) == 2
    with asking(app, house, "author") as client:
        (own,) = client.get(f"{API}/records?scope=own&format=json").json["rows"]
    assert own["communities"] == []


def test_private_profiles_are_for_administrators_and_for_their_owners(app, house):
    author, owner = (str(house.people[name].id) for name in ("author", "owner"))
    asked = (("administrator", "global"), ("author", "own"), ("owner", OPEN), ("manager", CLOSED))
    found = []
    for who, scope in asked:
        with asking(app, house, who) as client:
            url = address(house, "records", scope)
            rows = client.get(url, headers={"Accept": "application/json"}).json["rows"]
        found.append({row["owner_id"] for row in rows})
    assert found == [{author, owner}, {author}, {owner}, {None}]
