# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Everybody asks everything about every scope, twice, in formats that take turns: nothing leaks.

Whoever may read a community or a record by the repository's own API may read its numbers, and
nobody else; what the repository shows to somebody is all that answers show.
"""

from collections.abc import Iterator
from io import BytesIO
from itertools import cycle, product

import pytest
from openpyxl import load_workbook

from .conftest import API, PRIVATE, SECRET, WHO, asking

QUESTIONS = (
    "totals",
    "totals?compare=year",
    "series?metric=views,downloads,records&period=30d",
    "series?metric=views&dimension=keywords&period=30d",
    *(f"top?metric=views&period=30d&dimension={name}" for name in ("keywords", "countries")),
    "top?metric=views&period=30d&dimension=records",
    "top?metric=records&dimension=keywords",
    "snapshot",
    "schema",
    "explain?metric=views",
)
UPLOADERS = "top?metric=records&dimension=uploaders"
LISTS = {
    "global": ("top?metric=views&dimension=communities", UPLOADERS),
    "communities": ("top?metric=views&dimension=subcommunities", UPLOADERS),
    "records": ("top?dimension=files", "series?metric=downloads&dimension=files&period=30d"),
}
"""What can only be asked of one kind of scope."""
FORMATS = ("json", "csv", "xlsx")
STATS = ("community-stats", "community-usage-snapshot", "community-record-delta-added")
PEOPLE = "house-"
"""Stands in the addresses of everybody, whose profiles are for nobody."""


@pytest.fixture(autouse=True)
def with_uploaders(api, monkeypatch):
    """Let the owners of records be ranked, as far as their profiles are public."""
    monkeypatch.setitem(api.config, "USAGE_STATS_SHOW_UPLOADERS", True)


def readable(client, scope: str) -> bool:
    """Tell whether the repository itself shows a scope to somebody."""
    return scope == "global" or client.get(f"/api/{scope}").status_code == 200


def text_of(response) -> str:
    """Return all that an answer says."""
    if response.mimetype.endswith("sheet"):
        book = load_workbook(BytesIO(response.data))
        rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
        return repr([*book.sheetnames, *rows])
    return response.text


def formats(who: str) -> Iterator[str]:
    """Yield formats in turn, for other people with another one first.

    So each question is asked in every format by some who may read a scope, and by some who may not.
    """
    first = WHO.index(who) % len(FORMATS)
    return cycle(FORMATS[first:] + FORMATS[:first])


def addresses(house, who: str) -> Iterator[tuple[str, str]]:
    """Yield every question of every scope: the scope and the address."""
    turns = formats(who)
    for scope in house.scopes.values():
        for question in QUESTIONS + LISTS[scope.partition("/")[0]]:
            sign = "&" if "?" in question else "?"
            yield scope, f"{API}/{scope}/{question}{sign}format={next(turns)}"


def closed(house) -> tuple[str, str, str]:
    """Return the closed community, its closed record, and the author's."""
    return (
        f"communities/{house.communities['restricted']}",
        f"records/{house.records['restricted']}",
        f"records/{house.records['private']}",
    )


def secrets(house) -> dict[str, set[str]]:
    """Return what tells of each closed scope."""
    words = (SECRET, SECRET, PRIVATE)
    return {s: {w, s.partition("/")[2]} for s, w in zip(closed(house), words, strict=True)}


def kept_from(client, house) -> set[str]:
    """Return what must not be told to somebody."""
    told = secrets(house)
    may = [words for scope, words in told.items() if readable(client, scope)]
    return set().union({PEOPLE}, *told.values()) - set().union(*may)


def refused(who: str) -> int:
    """Return the status for what somebody may not read."""
    return 401 if who == "anonymous" else 403


def twice(client, url: str, allowed: bool, otherwise: int) -> str:
    """Ask for the first time and once more; return all that both answers say."""
    first = client.get(url)
    assert first.status_code == (200 if allowed else otherwise), url
    again = client.get(url, headers={"If-None-Match": first.headers.get("ETag", "*")})
    assert again.status_code == (304 if allowed else otherwise), url
    if not allowed:
        assert first.json == client.get(f"{API}/communities/nothing/totals").json
    return text_of(first) + repr(first.headers) + again.text + repr(again.headers)


@pytest.mark.parametrize("who", WHO)
def test_nobody_reads_more_than_the_repository_shows(app, house, who):
    with asking(app, house, who) as client:
        kept = kept_from(client, house)
        for scope, url in addresses(house, who):
            said = twice(client, url, readable(client, scope), refused(who)).replace(scope, "")
            assert not [secret for secret in kept if secret in said], url


@pytest.mark.parametrize("who", WHO)
def test_nobody_reads_more_by_post(app, house, who):
    with asking(app, house, who) as client:
        kept = kept_from(client, house)
        for scope, stat in product(house.scopes.values(), STATS):
            if scope.startswith("records/"):
                continue
            params = {"community_id": scope.rpartition("/")[2]}
            for _ in range(2):
                answer = client.post("/api/stats", json={"q": {"stat": stat, "params": params}})
                expected = 200 if readable(client, scope) else refused(who)
                assert answer.status_code == expected, (scope, stat)
                said = answer.text.replace(params["community_id"], "")
                assert not [secret for secret in kept if secret in said], (scope, stat)


@pytest.mark.parametrize("who", WHO)
def test_links_are_made_and_listed_by_administrators(app, house, who):
    with asking(app, house, who) as client:
        for name, scope in house.scopes.items():
            may = who == "administrator" and not name.startswith("unknown")
            body = {"scope": scope, "question": "totals"}
            listed = client.get(f"{API}/shares", query_string={"scope": scope})
            assert listed.status_code == (200 if may else refused(who)), scope
            made = client.post(f"{API}/shares", json=body)
            assert made.status_code == (201 if may else refused(who)), scope


@pytest.mark.parametrize("who", WHO)
def test_links_show_everybody_the_same(app, house, who):
    """What their scope is called, and else what those see who are not signed in."""
    told = secrets(house)
    for scope in list(house.scopes.values())[:-1]:
        kept = set().union({PEOPLE}, *told.values()) - told.get(scope, set())
        for url, form in zip(links(app, house, scope), formats(who), strict=False):
            with asking(app, house, who) as client:
                said = twice(client, f"{url}?format={form}", True, 0)
            assert not [secret for secret in kept if secret in said], url


def links(app, house, scope: str) -> Iterator[str]:
    """Yield a link for each of some questions of a scope."""
    ranked = {"metric": "views", "dimension": "keywords"}
    lists = {} if scope.startswith("records/") else {"metric": "views", "dimension": "records"}
    for question, parameters in (("totals", {}), ("top", ranked), ("top", lists or ranked)):
        body = {"scope": scope, "question": question, "parameters": parameters}
        with asking(app, house, "administrator") as client:
            made = client.post(f"{API}/shares", json=body).json
        yield made["links"]["shared"].removeprefix("http://localhost")


def test_the_description_is_the_same_for_everybody(app, house):
    found = set()
    for who in WHO:
        with asking(app, house, who) as client:
            found.add(twice(client, f"{API}/openapi.json", True, 0).partition("Headers(")[0])
    assert len(found) == 1


def test_the_matrix_has_both_answers_for_everything(app, house):
    seen = {}
    for who in WHO:
        with asking(app, house, who) as client:
            seen[who] = tuple(readable(client, scope) for scope in closed(house))
    assert seen == {
        "anonymous": (False, False, False),
        "stranger": (False, False, False),
        "member": (True, True, False),
        "manager": (True, True, False),
        "owner": (True, True, False),
        "author": (False, False, True),
        "administrator": (True, True, True),
    }


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_tag_of_somebody_else_opens_nothing(app, house, question):
    for scope in closed(house):
        url = f"{API}/{scope}/{question}"
        with asking(app, house, "administrator") as client:
            tag = client.get(url).headers["ETag"]
        for who, status in (("anonymous", 401), ("stranger", 403)):
            with asking(app, house, who) as client:
                for sent in (tag, "*"):
                    response = client.get(url, headers={"If-None-Match": sent})
                    assert response.status_code == status


def test_rows_are_as_many_for_those_who_may_not_see_all(app, house):
    url = f"{API}/communities/{house.communities['public']}/top?metric=views&dimension=records"
    found = {}
    for who in ("anonymous", "owner"):
        with asking(app, house, who) as client:
            found[who] = client.get(url).json
    assert [row["id"] for row in found["anonymous"]["rows"]] == [house.records["public"]]
    assert found["anonymous"]["count"] == 1
    assert found["owner"]["count"] == 2


def test_private_answers_stay_private(app, house):
    for who, scope in product(("anonymous", "owner"), house.scopes.values()):
        with asking(app, house, who) as client:
            response = client.get(f"{API}/{scope}/totals")
            control = response.headers["Cache-Control"]
            assert control in ("private, no-cache", "no-store")
            assert "Cookie" in response.headers.get("Vary", "") or control == "no-store"
