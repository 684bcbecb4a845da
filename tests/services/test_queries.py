# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""``POST /api/stats``: shapes, permissions, and what bad questions get."""

from datetime import date, timedelta

import pytest
from invenio_access.permissions import system_identity
from invenio_rdm_records.proxies import (
    current_record_communities_service as record_communities,
)

from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.indices import PRODUCTS
from invenio_usage_stats.queries import query_name
from invenio_usage_stats.reader.periods import today

from .. import content
from ..conftest import browsing

DAILY = [query_name(product) for product in PRODUCTS]


def ask(client, stat: str, **params):
    """Return status and answer of one query."""
    body = {"q": {"stat": stat, "params": params}}
    response = client.post("/api/stats", json=body)
    return response.status_code, (response.json or {}).get("q", response.json)


@pytest.fixture(scope="module")
def communities(people) -> dict[str, str]:
    """Return a public and a restricted community with a record each."""
    found = {v: content.create_community(people["owner"], v) for v in ("public", "restricted")}
    for community in found.values():
        record = content.publish(people["uploader"], {"a.pdf": b"12345"})
        record_communities.bulk_add(system_identity, community, [record], set_default=False)
    aggregate()
    return found


def test_the_documented_queries_are_there():
    assert sorted(DAILY) == sorted(
        [
            *(f"community-record-delta-{b}" for b in ("created", "published", "added")),
            *(f"community-record-snapshot-{b}" for b in ("created", "published", "added")),
            "community-usage-delta",
            "community-usage-snapshot",
        ]
    )


@pytest.mark.parametrize("stat", DAILY)
def test_one_document_for_every_day(client, communities, stat):
    status, answer = ask(client, stat)
    assert status == 200
    field = "period_start" if "delta" in stat else "snapshot_date"
    days = [date.fromisoformat(document[field][:10]) for document in answer]
    assert days == [today() - timedelta(days=n) for n in range(29, -1, -1)]
    assert {document["community_id"] for document in answer} == {"global"}
    assert not any("state" in document for document in answer)


def test_a_community_by_id_and_by_slug(client, people, communities):
    from invenio_communities.proxies import current_communities

    slug = current_communities.service.read(system_identity, communities["public"]).data["slug"]
    for name in (communities["public"], slug):
        status, answer = ask(client, "community-record-snapshot-added", community_id=name)
        assert status == 200
        assert answer[-1]["total_records"] == {"metadata_only": 0, "with_files": 1}
        assert answer[-1]["total_files"] == {"file_count": 1, "data_volume": 5}
        assert answer[-1]["community_id"] == communities["public"]


def test_all_products_at_once(client, communities):
    names = [f"record_{k}s_{b}" for k in ("delta", "snapshot") for b in BASES]
    for stat in ("community-stats", "global-stats"):
        status, answer = ask(client, stat, start_date="2024-01-30", end_date="2024-02-02")
        assert status == 200
        assert sorted(answer) == sorted([*names, "usage_deltas", "usage_snapshots"])
        assert {len(documents) for documents in answer.values()} == {4}


BASES = ("created", "published", "added")


def test_who_may_read_a_restricted_community(app, people, communities):
    question = ("community-usage-delta",)
    for name, expected in ((None, 401), ("stranger", 403), ("owner", 200)):
        with browsing(app, people.get(name)) as client:
            status, _ = ask(client, *question, community_id=communities["restricted"])
            assert status == expected, name


def test_an_unknown_community_answers_as_a_restricted_one(app, people, communities):
    for name in (None, "stranger"):
        with browsing(app, people.get(name)) as client:
            answers = [
                ask(client, "community-stats", community_id=id_)[0]
                for id_ in (communities["restricted"], "no-such-community")
            ]
            assert answers[0] == answers[1] == (403 if name else 401)


@pytest.mark.parametrize(
    ("params", "word"),
    [
        ({"start_date": "2024-13-01"}, "start_date"),
        ({"end_date": "yesterday"}, "end_date"),
        ({"start_date": 20240101}, "start_date"),
        ({"start_date": "20240101"}, "start_date"),
        ({"start_date": "2024-01-01banana"}, "start_date"),
        ({"start_date": "2024-01-01T25:00"}, "start_date"),
        ({"start_date": "2024-01-02", "end_date": "2024-01-01"}, "after"),
        ({"start_date": "1990-01-01"}, "too many"),
        ({"community_id": ""}, "community_id"),
        ({"community_id": ["a"]}, "community_id"),
        ({"colour": "red"}, "colour"),
    ],
)
@pytest.mark.parametrize("stat", ["community-usage-delta", "community-stats", "global-stats"])
def test_bad_parameters_are_explained(client, stat, params, word):
    response = client.post("/api/stats", json={"q": {"stat": stat, "params": params}})
    assert response.status_code == 400
    assert word in response.json["message"]


@pytest.mark.parametrize("params", [None, [], "x", 1])
def test_parameters_must_be_an_object(client, params):
    body = {"q": {"stat": "community-usage-delta", "params": params}}
    assert client.post("/api/stats", json=body).status_code == 400


def test_the_global_query_takes_no_community(client, communities):
    status, _ = ask(client, "global-stats", community_id=communities["public"])
    assert status == 400


def test_stock_queries_stay_as_they_are(client):
    status, _ = ask(client, "record-view", recid="x", parent_recid="y")
    assert status == 401
