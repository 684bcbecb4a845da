# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Everybody asks everything about every scope, in every format, twice: nothing leaks.

Whoever may read a community or a record by the repository's own API may read its numbers, and
nobody else; what the repository shows to somebody is all that answers show.
"""

from collections.abc import Iterator
from io import BytesIO
from itertools import product

import pytest
from openpyxl import load_workbook

from .conftest import API, SECRET, WHO, asking

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
LISTS = {
    "global": ("top?metric=views&dimension=communities",),
    "communities": ("top?metric=views&dimension=subcommunities",),
    "records": (),
}
"""What can only be asked of one kind of scope."""
FORMATS = ("json", "csv", "xlsx")


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


def addresses(house) -> Iterator[tuple[str, str]]:
    """Yield every question of every scope in every format: the scope and the address."""
    for scope in house.scopes.values():
        questions = QUESTIONS + LISTS[scope.partition("/")[0]]
        for question, form in product(questions, FORMATS):
            sign = "&" if "?" in question else "?"
            yield scope, f"{API}/{scope}/{question}{sign}format={form}"


@pytest.mark.parametrize("who", WHO)
def test_nobody_reads_more_than_the_repository_shows(app, house, who):
    with asking(app, house, who) as client:
        secrets = {
            SECRET: any(readable(client, scope) for scope in closed(house)),
            house.communities["restricted"]: readable(client, closed(house)[0]),
            house.records["restricted"]: readable(client, closed(house)[1]),
        }
        for scope, url in addresses(house):
            allowed = readable(client, scope)
            first = client.get(url)
            expected = 200 if allowed else 401 if who == "anonymous" else 403
            assert first.status_code == expected, url
            again = client.get(url, headers={"If-None-Match": first.headers.get("ETag", "*")})
            assert again.status_code == (304 if allowed else expected), url
            said = text_of(first) + repr(first.headers) + again.text + repr(again.headers)
            for secret, may in secrets.items():
                assert may or secret not in said.replace(scope, ""), (url, secret)
            if not allowed:
                assert first.json == client.get(f"{API}/communities/nothing/totals").json


def closed(house) -> tuple[str, str]:
    """Return the closed community and the closed record."""
    return (
        f"communities/{house.communities['restricted']}",
        f"records/{house.records['restricted']}",
    )


def test_the_matrix_has_both_answers_for_everything(app, house):
    seen = {}
    for who in WHO:
        with asking(app, house, who) as client:
            seen[who] = tuple(readable(client, scope) for scope in closed(house))
    assert seen == {
        "anonymous": (False, False),
        "stranger": (False, False),
        "member": (True, True),
        "manager": (True, True),
        "owner": (True, True),
        "administrator": (True, True),
    }


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_tag_of_somebody_else_opens_nothing(app, house, question):
    for scope in closed(house):
        url = f"{API}/{scope}/{question}"
        with asking(app, house, "owner") as client:
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
