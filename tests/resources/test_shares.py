# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Share links: one view of one scope, until they expire or are revoked."""

from datetime import datetime, timedelta

import pytest
from invenio_communities.generators import CommunityManagers
from invenio_db import db
from jsonschema import Draft202012Validator

from invenio_usage_stats.ledger.models import utc_now
from invenio_usage_stats.resources import links
from invenio_usage_stats.services import shares
from invenio_usage_stats.services.models import Share
from invenio_usage_stats.services.permissions import UsageStatsPermissionPolicy

from .conftest import API, SECRET, asking

URL = f"{API}/shares"


@pytest.fixture
def scope(house) -> str:
    """Return a scope that not everybody may read."""
    return f"communities/{house.communities['restricted']}"


@pytest.fixture
def view(scope) -> dict:
    """Return the wish for a link to a view."""
    parameters = {"metric": ["views", "downloads"], "period": "30d", "interval": "month"}
    return {"scope": scope, "question": "series", "parameters": parameters, "days": 7}


def make(app, house, body, who="administrator"):
    """Return the answer to a wish."""
    with asking(app, house, who) as client:
        return client.post(URL, json=body)


def open_(app, house, url, who="anonymous", **kwargs):
    """Return the answer of a link."""
    with asking(app, house, who) as client:
        return client.get(url.removeprefix("http://localhost"), **kwargs)


def test_a_link_shows_its_view_to_everybody(app, house, scope, view):
    made = make(app, house, view)
    assert made.status_code == 201
    link = made.json["links"]["shared"]
    for who in ("anonymous", "stranger", "owner"):
        answer = open_(app, house, link, who)
        assert answer.status_code == 200
        assert answer.json["scope"]["id"] == house.communities["restricted"]
        assert answer.json["query"]["metric"] == ["views", "downloads"]
        assert answer.json["interval"] == "month"
        assert answer.json["links"]["self"] == link
        assert answer.headers["Cache-Control"] == "private, no-cache"
    tag = answer.headers["ETag"]
    assert open_(app, house, link, headers={"If-None-Match": tag}).status_code == 304
    assert open_(app, house, f"{link}?format=csv").mimetype == "text/csv"


def test_a_link_shows_nothing_else(app, house, scope, view):
    link = make(app, house, view).json["links"]["shared"]
    for more in ("period=all", "metric=records", "dimension=keywords"):
        assert open_(app, house, f"{link}?{more}").status_code == 400
    assert open_(app, house, f"{API}/{scope}/series").status_code == 401


def test_a_link_shows_no_records_that_its_readers_may_not_see(app, house, scope):
    parameters = {"dimension": "records", "metric": "views"}
    body = {"scope": scope, "question": "top", "parameters": parameters}
    answer = open_(app, house, make(app, house, body).json["links"]["shared"])
    assert [row["id"] for row in answer.json["rows"]] == [house.records["public"]]
    assert f"{SECRET} paper" not in answer.text


def test_links_are_as_declared(app, house, view):
    """Those to views of pages, too."""
    made = make(app, house, view).json
    row = Share(scope=view["scope"], question=shares.VIEW, parameters=[], created_by="1")
    row.expires = utc_now() + timedelta(days=1)
    db.session.add(row)
    db.session.commit()
    with asking(app, house, "administrator") as client:
        schema = client.get(f"{API}/openapi.json").json["components"]["schemas"]["share"]
        hits = client.get(URL, query_string={"scope": view["scope"]}).json["hits"]["hits"]
    assert {"series", shares.VIEW} <= {hit["question"] for hit in hits}
    for hit in (made, *hits):
        Draft202012Validator(schema).validate(hit)


def test_links_to_pages_that_there_are_not_any_more(app, house, scope, monkeypatch):
    monkeypatch.setattr(links, "PAGES", "no_such_blueprint")
    with asking(app, house, "administrator") as client:
        hits = client.get(URL, query_string={"scope": scope}).json["hits"]["hits"]
    assert {"shared" in hit["links"] for hit in hits if hit["question"] == shares.VIEW} == {False}


def test_a_link_to_a_page_is_paged(app, house):
    parameters = {"dimension": "records", "metric": "views", "size": "1", "page": "2"}
    body = {"scope": "global", "question": "top", "parameters": parameters}
    link = make(app, house, body).json["links"]["shared"]
    assert open_(app, house, link).json["page"] == 2
    first = open_(app, house, f"{link}?page=1").json
    assert (first["page"], len(first["rows"])) == (1, 1)
    parameters["page"] = "1"
    parameters |= {"dimension": "resource_types", "metric": "records"}
    ranking = open_(app, house, make(app, house, body).json["links"]["shared"]).json
    if ranking["count"] > 1:
        following = open_(app, house, ranking["links"]["next"])
        assert following.json["page"] == 2


@pytest.mark.parametrize(
    ("question", "parameters", "status"),
    [
        ("top", {}, 400),
        ("top", {"dimension": "files"}, 400),
        ("series", {"dimension": "countries", "compare": "year"}, 400),
        ("series", {"period": "30d", "page": "9"}, 400),
        ("totals", {"since": "0001-01-02"}, 422),
    ],
)
def test_no_link_is_made_that_can_never_be_answered(app, house, question, parameters, status):
    body = {"scope": "global", "question": question, "parameters": parameters}
    assert make(app, house, body).status_code == status


def test_revoked_links_show_nothing(app, house, scope, view):
    made = make(app, house, view).json
    with asking(app, house, "administrator") as client:
        listed = client.get(URL, query_string={"scope": scope}).json["hits"]["hits"]
        assert made["id"] in [share["id"] for share in listed]
        assert client.delete(f"{URL}/{made['id']}").status_code == 204
        assert client.delete(f"{URL}/{made['id']}").status_code == 204
        listed = client.get(URL, query_string={"scope": scope}).json["hits"]["hits"]
        assert made["id"] not in [share["id"] for share in listed]
    answer = open_(app, house, made["links"]["shared"], headers={"If-None-Match": "*"})
    assert answer.status_code == 403


def test_forged_and_expired_links_answer_alike(app, house, view):
    made = make(app, house, view).json
    link = made["links"]["shared"]
    start, _, token = link.rpartition("/")
    expired = Share(scope="global", question="totals", parameters=[], created_by="1")
    expired.expires = utc_now() - timedelta(seconds=1)
    db.session.add(expired)
    late = db.session.get(Share, made["id"])
    db.session.commit()
    with app.app_context():
        bad = [f"{start}/{text}" for text in (shares.token(expired), token[:-1], f"{token}x", "x")]
        answers = [open_(app, house, one) for one in bad]
        late.expires = utc_now() - timedelta(seconds=1)
        db.session.merge(late)
        db.session.commit()
        answers.append(open_(app, house, link))
    assert {(a.status_code, a.json["message"]) for a in answers} == {
        (403, "This link is not valid, or not any more.")
    }


def test_links_are_made_by_managers_only(app, api, house, scope, view, monkeypatch):
    for who, status in (("anonymous", 401), ("stranger", 403), ("member", 403), ("owner", 403)):
        with asking(app, house, who) as client:
            assert client.post(URL, json=view).status_code == status
            assert client.get(URL, query_string={"scope": scope}).status_code == status
    made = make(app, house, view).json["id"]

    class Policy(UsageStatsPermissionPolicy):
        can_manage_community = [CommunityManagers()]

    monkeypatch.setitem(api.config, "USAGE_STATS_PERMISSION_POLICY", Policy)
    for who, status in (("member", 403), ("manager", 201), ("owner", 201)):
        with asking(app, house, who) as client:
            assert client.post(URL, json=view).status_code == status
            assert client.post(URL, json={**view, "scope": "global"}).status_code == 403
    with asking(app, house, "member") as client:
        assert client.delete(f"{URL}/{made}").status_code == 403
    with asking(app, house, "manager") as client:
        assert client.delete(f"{URL}/{made}").status_code == 204


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"question": "likes"}, "question"),
        ({"question": None}, "question"),
        ({"scope": None}, "scope"),
        ({"days": 0}, "days"),
        ({"days": 10_000}, "days"),
        ({"days": "7"}, "days"),
        ({"parameters": {"metric": "likes"}}, "metric"),
        ({"parameters": {"metric": 1}}, "parameters"),
        ({"parameters": []}, "parameters"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_wishes_are_checked(app, house, view, changes, word):
    response = make(app, house, {**view, **changes})
    assert response.status_code == 400
    assert word in response.json["message"]


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "null", "", b"\xff", "[" * 100_000])
def test_wishes_must_be_objects(app, house, body):
    with asking(app, house, "administrator") as client:
        response = client.post(URL, data=body, content_type="application/json")
        assert response.status_code == 400
        assert client.post(URL, data="a=b", content_type="text/plain").status_code == 415


def test_a_link_ends_when_it_says(app, house, view):
    made = make(app, house, view).json
    expires = datetime.fromisoformat(made["expires"]).replace(tzinfo=None)
    assert timedelta(days=7) - timedelta(minutes=5) < expires - utc_now() <= timedelta(days=7)


def test_unknown_links_cannot_be_revoked(app, house):
    for who, status in (("anonymous", 401), ("administrator", 403)):
        with asking(app, house, who) as client:
            url = f"{URL}/00000000-0000-0000-0000-000000000000"
            assert client.delete(url).status_code == status
