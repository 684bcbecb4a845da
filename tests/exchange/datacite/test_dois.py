# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""DOIs with their use: alone, and in lists with sums beside them."""

from urllib.parse import urlencode

import pytest

from ... import content
from .conftest import CONCEPT, HIDDEN, MONTHS, OURS
from .counted import VIEWS, give_doi
from .test_events import everything

URL = "/api/dois"
OVER_TIME = [{"yearMonth": month, "total": n} for n, month in enumerate(MONTHS, start=1)]


def test_a_version(client, shelf):
    response = client.get(f"{URL}/10.1234/first")
    assert response.status_code == 200
    data = response.json["data"]
    assert (data["id"], data["type"]) == ("10.1234/first", "dois")
    about = data["attributes"]
    assert (about["viewCount"], about["viewsOverTime"]) == (6, OVER_TIME)
    assert (about["downloadCount"], about["downloadsOverTime"]) == (
        1,
        [{"yearMonth": MONTHS[-1], "total": 1}],
    )
    assert (about["prefix"], about["suffix"]) == ("10.1234", "first")
    assert about["titles"] == [{"title": "Measurements"}]
    assert about["publicationYear"] == 2019
    assert about["creators"] == [
        {
            "name": "Silva, Eva",
            "nameType": "Personal",
            "givenName": "Eva",
            "familyName": "Silva",
            "nameIdentifiers": [],
        }
    ]
    assert about["url"].endswith(f"/records/{shelf.records['first']}")


def test_a_concept_has_a_count_of_its_own(client, shelf):
    about = client.get(f"{URL}/{CONCEPT}").json["data"]["attributes"]
    own = [
        client.get(f"{URL}/10.1234/{name}").json["data"]["attributes"]["viewCount"]
        for name in ("first", "second")
    ]
    assert about["viewCount"] == 9 != sum(own)
    assert about["titles"] == [{"title": "A title"}], "that of the newest version"


@pytest.mark.parametrize("doi", ["10.1234/FIRST", "https://doi.org/10.1234/first"])
def test_a_doi_in_another_spelling(client, shelf, doi):
    assert client.get(f"{URL}/{doi}").json["data"]["id"] == "10.1234/first"


@pytest.mark.parametrize("name", [*HIDDEN, "no-such"])
def test_what_is_not_public_is_not_there(client, shelf, name):
    response = client.get(f"{URL}/10.1234/{name}")
    assert response.status_code == 404
    assert response.json["status"] == 404


def test_what_is_no_doi_is_refused(client, shelf):
    assert client.get(f"{URL}/10.1234/%00").status_code == 400
    assert client.get(f"{URL}/nonsense").status_code == 404


def test_counts_are_the_sums_over_time_and_of_the_events(client, shelf):
    for doi in ("10.1234/first", "10.1234/other", CONCEPT):
        about = client.get(f"{URL}/{doi}").json["data"]["attributes"]
        events = everything(client, doi=doi, relation_type_id=VIEWS)
        total = sum(one["attributes"]["total"] for one in events)
        assert about["viewCount"] == sum(m["total"] for m in about["viewsOverTime"]) == total > 0


def test_a_list_has_sums_by_the_year_of_publication(client, shelf):
    answer = client.get(URL, query_string=OURS).json
    assert [one["id"] for one in answer["data"]] == [
        "10.1234/first",
        "10.1234/other",
        "10.1234/second",
    ]
    assert answer["meta"] == {
        "total": 3,
        "totalPages": 1,
        "page": 1,
        "views": [
            {"id": "2024", "title": "2024", "count": 6},
            {"id": "2020", "title": "2020", "count": 6},
            {"id": "2019", "title": "2019", "count": 6},
        ],
        "downloads": [
            {"id": "2024", "title": "2024", "count": 1},
            {"id": "2020", "title": "2020", "count": 1},
            {"id": "2019", "title": "2019", "count": 1},
        ],
    }


def test_a_list_of_what_a_query_finds(client, shelf):
    found = client.get(URL, query_string={"query": "metadata.title:Measurements"}).json
    assert [one["id"] for one in found["data"]] == ["10.1234/first"]
    assert [one["id"] for one in found["meta"]["views"]] == ["2019"]
    nothing = client.get(URL, query_string={"query": "Restricted OR Deleted OR Embargoed"}).json
    assert (nothing["data"], nothing["meta"]["views"]) == ([], [])


def test_pages_of_a_list(client, shelf):
    ids, url = [], f"{URL}?{urlencode({**OURS, 'page[size]': 2})}"
    while url:
        answer = client.get(url).json
        ids += [one["id"] for one in answer["data"]]
        assert answer["meta"]["totalPages"] == 2
        assert answer["meta"]["views"][0]["count"] == 6
        url = answer["links"].get("next", "").removeprefix("http://localhost")
    assert ids == ["10.1234/first", "10.1234/other", "10.1234/second"]


def test_a_record_that_becomes_public_appears(client, shelf, people):
    recid = content.publish(people["owner"], title="New")
    give_doi(recid, "10.1234/new")
    about = client.get(f"{URL}/10.1234/new").json["data"]["attributes"]
    assert (about["viewCount"], about["viewsOverTime"]) == (0, [])
    content.delete(recid)
    content.refresh_all()
    assert client.get(f"{URL}/10.1234/new").status_code == 404
