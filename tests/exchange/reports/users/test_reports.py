# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reports by user: their sums are the totals, and nobody is named to who may not see them."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from jsonschema import Draft202012Validator
from openpyxl import load_workbook

from invenio_usage_stats.exchange.reports.asked import KINDS, Asked
from invenio_usage_stats.exchange.reports.rights import right_to
from invenio_usage_stats.exchange.reports.totals.rows import rows
from invenio_usage_stats.exchange.reports.users.consumer import process
from invenio_usage_stats.exchange.reports.users.rows import (
    COLUMNS,
    NOBODY,
    OTHERS,
    by_user,
)
from invenio_usage_stats.exchange.reports.users.store import NUMBERS, used_by
from invenio_usage_stats.exchange.reports.users.switching import set_up
from invenio_usage_stats.exchange.reports.who import People
from invenio_usage_stats.ledger.history import GLOBAL

from ....content import set_profile
from ....resources.conftest import WHO, asking
from ....world import forget_world
from ...counter.ear.hearing import repository_has
from .hearing import forget
from .stories import parted, published, stored, story

METRICS = "/reports/metrics"
API = f"/api{METRICS}"
LATEST = (datetime.now(UTC) + timedelta(days=2)).date()
USERS = ("author", "owner", "member", "stranger")


@pytest.fixture(scope="module")
def used(app, api, house) -> Iterator:
    """Switch on in a house, and let everybody use everything in it."""
    repository_has()
    forget()
    with pytest.MonkeyPatch.context() as patch:
        for one in (app, api):
            patch.setitem(one.config, "USAGE_STATS_PER_USER", True)
        list(set_up())
        set_profile(house.people["stranger"], "public")
        users = [house.people[name].id for name in USERS]
        published(story(5, house, [*users, None], 60))
        stored()
        process()
        yield house
        set_profile(house.people["stranger"], "restricted")
    forget()
    repository_has()
    forget_world()


def both(house, who: str = "administrator", **asked):
    """Return the rows of the totals, and their parts by user."""
    identity = house.people[who].identity
    question = Asked(kinds=KINDS, **{"until": LATEST, **asked})
    whole = {f"{row.type} {row.id}": row for row in rows(identity, question)}
    people = People(identity, right_to(identity, question.scope).scope)
    return whole, parted(by_user(identity, question, people))


def check(whole, parts) -> None:
    """Check that parts are of the rows there are, in their order, and add up to them."""
    assert list(parts) == list(whole)
    for name, row in whole.items():
        for number in NUMBERS:
            values = [getattr(one.row, number) for one in parts[name]]
            total = getattr(row, number)
            assert values == [None] * len(values) if total is None else sum(values) == total


def check_users(parts, asked: Asked) -> None:
    """Check that users have all that is stored of them, since the totals know of it by now."""
    scope = asked.scope.rpartition("/")[2] if asked.scope else GLOBAL
    for name, some in parts.items():
        type_, _, item = name.partition(" ")
        place = GLOBAL if type_ == "community" else scope
        known = used_by(place, type_, [item], asked.used).get(item, {})
        shown = {one.user_id: _use(one.row) for one in some if one.user_id != NOBODY}
        assert shown == {str(user): one.use for user, one in known.items()}, name


def _use(row) -> tuple[int, ...]:
    """Return the numbers of a row."""
    return tuple(getattr(row, name) or 0 for name in NUMBERS)


@pytest.mark.parametrize("seed", [1, 2])
def test_sums_by_user_are_the_totals(used, seed):
    users = [used.people[name].id for name in USERS]
    published(story(seed, used, [*users, None], 50))
    process()
    check(*both(used))
    stored()
    for asked in (
        {},
        {"include_zero": True},
        {"since": LATEST - timedelta(days=10)},
        {"until": LATEST - timedelta(days=20)},
        {"date_field": "created"},
        {"scope": f"communities/{used.communities['public']}", "sort": "views"},
    ):
        whole, parts = both(used, **asked)
        assert whole
        check(whole, parts)
        check_users(parts, Asked(kinds=KINDS, **{"until": LATEST, **asked}))
    whole, parts = both(used)
    known = {one.user_id for some in parts.values() for one in some}
    assert known == {*users, NOBODY}
    visits = parts[f"community {used.communities['public']}"]
    assert any(one.row.views and one.user_id in users for one in visits)


def test_owners_have_sums_too(used):
    whole, parts = both(used, "author")
    check(whole, parts)
    assert {one.user_id for some in parts.values() for one in some} <= {
        used.people["author"].id,
        OTHERS,
        NOBODY,
    }


def names(app, used, who: str, kind: str, scope: str = "") -> tuple[int, set[str]]:
    """Return the status of a report, and the users in it."""
    with asking(app, used, who) as client:
        scope = scope and f"&scope={scope}"
        answer = client.get(f"{API}/{kind}_by_user?until={LATEST}{scope}")
        if answer.status_code != 200:
            return answer.status_code, set()
        lines = list(csv.DictReader(answer.text.splitlines(), strict=True))
        assert tuple(lines[0]) == COLUMNS
        ids = {person.id: name for name, person in used.people.items()}
        return 200, {ids.get(line["user_id"], line["user_id"]) for line in lines}


OTHER = {OTHERS, NOBODY}
EVERYBODY = {"author", "owner", "member", "stranger", NOBODY}
SEEN_BY_MANAGERS = {"owner", "member", "stranger", OTHERS, NOBODY}
MATRIX = {
    "anonymous": {"": 401, "public": 401, "restricted": 401},
    "stranger": {"": 403, "public": 403, "restricted": 403},
    "member": {"": 403, "public": 403, "restricted": 403},
    "manager": {"": 403, "public": 403, "restricted": SEEN_BY_MANAGERS},
    "owner": {"": {"owner", *OTHER}, "public": {"owner", "stranger", *OTHER}},
    "author": {"": {"author", *OTHER}, "public": 403, "restricted": 403},
    "administrator": {"": EVERYBODY, "public": EVERYBODY, "restricted": EVERYBODY},
}
"""By reader and community: the users in a report of records, or the status of a refusal."""


@pytest.mark.parametrize("who", WHO)
def test_who_sees_whom(app, used, who):
    for community, expected in MATRIX[who].items():
        scope = f"communities/{used.communities[community]}" if community else ""
        status, seen = names(app, used, who, "records", scope)
        if isinstance(expected, int):
            assert status == expected, (who, community)
        else:
            assert (status, seen) == (200, expected), (who, community)


@pytest.mark.parametrize("kind", ["files", "datasets", "communities", "collections"])
def test_every_kind_and_alias(app, used, kind):
    status, seen = names(app, used, "administrator", kind)
    assert status == 200 and NOBODY in seen


def test_nothing_is_there_while_it_is_off(app, api, used, monkeypatch):
    monkeypatch.setitem(api.config, "USAGE_STATS_PER_USER", False)
    for path in (f"{API}/files_by_user", "/api/reports/my-use"):
        with asking(app, used, "administrator") as client:
            assert client.get(path).status_code == 404


def test_who_owns_nothing_is_refused_in_every_format(app, used):
    for name in ("csv", "xlsx", "json"):
        with asking(app, used, "member") as client:
            answer = client.get(f"{API}/files_by_user", query_string={"format": name})
            assert answer.status_code == 403, name


def test_what_is_stored_of_the_caller(app, used):
    with asking(app, used, "author") as client:
        book = client.get("/api/reports/my-use?format=xlsx", buffered=True).data
        assert load_workbook(BytesIO(book)).sheetnames == ["community", "file", "record", "about"]
        found = client.get("/api/reports/my-use", query_string={"format": "json"}).json["rows"]
        assert {row["type"] for row in found} == {"record", "file", "community"}
        assert client.delete("/api/reports/my-use").status_code == 204
    with asking(app, used, "author") as client:
        assert not client.get("/api/reports/my-use?format=json").json["rows"]
    with asking(app, used, "anonymous") as client:
        assert client.get("/api/reports/my-use").status_code == 401
        assert client.delete("/api/reports/my-use").status_code == 401
    check(*both(used))


def test_answers_are_as_described(app, used):
    with asking(app, used, "administrator") as client:
        document = client.get("/api/usage-stats/openapi.json").json
        assert {f"{METRICS}/files_by_user", f"{METRICS}/datasets_by_user"} < set(document["paths"])
        for path, schema in (
            (f"{API}/records_by_user", "report_by_user"),
            (f"{API}/communities_by_user", "report_by_user"),
            ("/api/reports/my-use", "stored_use"),
        ):
            answer = client.get(path, query_string={"format": "json"})
            whole = {"$ref": f"#/components/schemas/{schema}", "components": document["components"]}
            Draft202012Validator(whole).validate(answer.json)
