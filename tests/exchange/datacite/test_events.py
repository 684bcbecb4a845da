# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Events of usage: which there are, how they are found, and in which form they are told."""

from uuid import uuid4

import pytest
from invenio_search import current_search_client

from invenio_usage_stats.indices import full_name

from ... import content
from .conftest import CONCEPT, HIDDEN, MONTHS, OURS
from .counted import (
    ALL_DOWNLOADS,
    ALL_VIEWS,
    AT,
    DOWNLOADS,
    VIEWS,
    count,
    give_doi,
    seen,
    show,
    write,
)

URL = "/api/events"
NUMBERS = {ALL_VIEWS, VIEWS, ALL_DOWNLOADS, DOWNLOADS}
DOIS = {"10.1234/first", "10.1234/second", "10.1234/other", CONCEPT}


def asked(client, headers=None, **parameters):
    """Return the answer to a question; names are written with ``_``."""
    query = {name.replace("_", "-"): value for name, value in parameters.items()}
    response = client.get(URL, query_string=query, headers=headers)
    assert response.status_code == 200, response.json
    return response.json


def everything(client, **parameters):
    """Return all events that a question finds."""
    return asked(client, **{"page[size]": 1000, **parameters})["data"]


def dois(events) -> set[str]:
    """Return of what events tell."""
    return {one["attributes"]["obj-id"].removeprefix("https://doi.org/") for one in events}


def test_what_is_hidden_has_dois(app, shelf):
    for name in HIDDEN:
        body = {"query": {"term": {"id": shelf.records[name]}}}
        answer = current_search_client.search(index=full_name("rdmrecords-records"), body=body)
        pids = answer["hits"]["hits"][0]["_source"]["pids"]
        assert ("doi" in pids) == (name != "plain"), name


def test_only_public_records_with_a_doi_are_told_of(client, shelf):
    assert dois(everything(client)) == DOIS
    for name in HIDDEN:
        for doi in (f"10.1234/{name}", f"10.1234/{name.upper()}"):
            assert asked(client, doi=doi)["meta"] == {"total": 0, "total-pages": 0, "page": 1}


def test_what_is_hidden_later_is_told_of_no_more(client, shelf, people):
    recid = content.publish(people["owner"], title="For a while")
    parent = give_doi(recid, "10.1234/while")
    write({"record": [seen(MONTHS[0], recid, parent, 3)]})
    assert len(everything(client, doi="10.1234/while")) == 2
    assert "10.1234/while" in dois(everything(client))
    content.delete(recid)
    content.refresh_all()
    assert everything(client, doi="10.1234/while") == []
    assert dois(everything(client)) == DOIS


def test_an_event_for_each_month_and_number_that_is_not_zero(client, shelf):
    found = everything(client, doi="10.1234/first")
    told = {
        (one["attributes"]["occurred-at"][:7], one["attributes"]["relation-type-id"]): one[
            "attributes"
        ]["total"]
        for one in found
    }
    last = MONTHS[-1]
    expected = {(month, VIEWS): n for n, month in enumerate(MONTHS, start=1)}
    expected |= {(month, ALL_VIEWS): 2 * n for n, month in enumerate(MONTHS, start=1)}
    expected |= {(last, DOWNLOADS): 1, (last, ALL_DOWNLOADS): 1}
    assert told == expected
    assert len(found) == len(told)


def test_the_whole_of_an_event(client, shelf):
    one = asked(client, doi="10.1234/FIRST", relation_type_id=VIEWS, year_month="2025-12")
    (event,) = one["data"]
    report = "http://localhost/api/sushi/reports/dsr?begin_date=2025-12-01&end_date=2025-12-31"
    obj = "https://doi.org/10.1234/first"
    assert event == {
        "id": event["id"],
        "type": "events",
        "attributes": {
            "subj-id": report,
            "obj-id": obj,
            "source-id": "localhost-usage",
            "relation-type-id": VIEWS,
            "total": 2,
            "message-action": "create",
            "source-token": event["attributes"]["source-token"],
            "license": "https://creativecommons.org/publicdomain/zero/1.0/",
            "occurred-at": "2025-12-01T00:00:00.000Z",
            "timestamp": "2026-01-02T03:04:05.678Z",
        },
        "relationships": {
            "subj": {"data": {"id": report, "type": "objects"}},
            "obj": {"data": {"id": obj, "type": "objects"}},
        },
    }


def test_ids_stay_when_a_month_is_counted_again(client, shelf):
    before = everything(client, doi="10.1234/other")
    recid, parent = shelf.records["other"], shelf.parents["other"]
    write({"record": [seen(MONTHS[0], recid, parent, 50)]}, generation=2)
    assert everything(client, doi="10.1234/other") == before
    try:
        count({MONTHS[0]: AT}, generation=2)
        after = everything(client, doi="10.1234/other")
    finally:
        show(MONTHS[0], 1)
    assert {one["id"] for one in after} == {one["id"] for one in before}
    assert {one["attributes"]["total"] for one in after} >= {50, 100}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"doi": "10.1234/first"}, {"10.1234/first"}),
        ({"doi": "https://doi.org/10.1234/First"}, {"10.1234/first"}),
        ({"doi": "10.1234/first,10.1234/other"}, {"10.1234/first", "10.1234/other"}),
        ({"doi": CONCEPT}, {CONCEPT}),
        ({"obj_id": "https://doi.org/10.1234/first"}, {"10.1234/first"}),
        ({"obj_id": "https://doi.org/10.1234/first", "doi": "10.1234/other"}, set()),
        ({"prefix": "10.1234"}, DOIS),
        ({"prefix": "10.9999"}, set()),
        ({"source_id": "localhost-usage"}, DOIS),
        ({"source_id": "datacite-usage"}, DOIS),
        ({"source_id": "crossref,datacite-usage"}, DOIS),
        ({"source_id": "crossref"}, set()),
        ({"registrant_id": "datacite.org.repo"}, DOIS),
        ({"publication_year": "2019"}, {"10.1234/first"}),
        ({"publication_year": "2019-2023"}, {"10.1234/first", "10.1234/second", CONCEPT}),
        ({"occurred_at": "2026"}, DOIS),
        ({"occurred_at": "2018-2024"}, set()),
        ({"year_month": "2025-11,2025-12"}, DOIS),
        ({"year_month": "2024-11"}, set()),
        ({"query": "10.1234/FIR"}, {"10.1234/first"}),
        ({"citation_type": "Dataset-ScholarlyArticle"}, set()),
        ({"orcid": "0000-0003-0067-194X"}, set()),
        ({"subtype": "Dataset"}, set()),
    ],
)
def test_filters(client, shelf, filters, found):
    assert dois(everything(client, **filters)) == found


def test_filters_by_report_and_by_number(client, shelf):
    report = everything(client, year_month="2026-01")[0]["attributes"]["subj-id"]
    found = everything(client, subj_id=report)
    assert {one["attributes"]["occurred-at"][:7] for one in found} == {"2026-01"}
    assert {one["attributes"]["relation-type-id"] for one in found} == NUMBERS
    two = everything(client, relation_type_id=f"{VIEWS},{DOWNLOADS}")
    assert {one["attributes"]["relation-type-id"] for one in two} == {VIEWS, DOWNLOADS}


def test_facets_count_events(client, shelf):
    meta = asked(client, doi="10.1234/first")["meta"]
    assert (meta["total"], meta["total-pages"], meta["page"]) == (8, 1, 1)
    assert meta["sources"][0]["count"] == 8
    assert {one["id"]: one["count"] for one in meta["occurred"]} == {"2026": 4, "2025": 4}
    assert [one["id"] for one in meta["occurred"]] == ["2026", "2025"]
    kinds = {one["id"]: one for one in meta["relation-types"]}
    assert kinds[VIEWS]["count"] == 3
    months = [{"id": m, "title": m, "sum": 1} for m in reversed(MONTHS)]
    assert kinds[VIEWS]["year-months"] == months
    assert meta["registrants"][0]["years"] == [
        {"id": "2026", "title": "2026", "sum": 4},
        {"id": "2025", "title": "2025", "sum": 4},
    ]
    assert meta["citation-types"] == []


@pytest.mark.parametrize("accept", ["application/vnd.api+json", "application/json"])
def test_the_newer_dialect(client, shelf, accept):
    headers = {"Accept": f"{accept}; version=2"}
    answer = asked(client, headers, doi=CONCEPT, relation_type_id=VIEWS)
    attributes = answer["data"][0]["attributes"]
    assert attributes["objId"] == f"https://doi.org/{CONCEPT}"
    assert (attributes["sourceDoi"], attributes["targetDoi"]) == (None, CONCEPT)
    assert attributes["targetRelationTypeId"] == "views"
    assert answer["meta"]["totalPages"] == 1
    assert "yearMonths" in answer["meta"]["relationTypes"][0]
    older = asked(client, {"Accept": accept}, doi=CONCEPT, relation_type_id=VIEWS)
    assert "target-doi" not in older["data"][0]["attributes"]
    assert "total-pages" in older["meta"]
    assert older["data"][0]["id"] == answer["data"][0]["id"]


def walk(client, url: str) -> list[dict]:
    """Return the events of all pages from one on."""
    found = []
    while url:
        response = client.get(url)
        assert response.status_code == 200, response.json
        found += response.json["data"]
        url = response.json["links"].get("next", "").removeprefix("http://localhost")
    return found


@pytest.mark.parametrize("sort", ["", "total", "-total", "obj_id", "-relation-type-id", "-updated"])
@pytest.mark.parametrize("first", ["page[number]=1", "page[cursor]=1"])
def test_all_pages_together_are_everything_once(client, shelf, sort, first):
    whole = everything(client, **({"sort": sort} if sort else {}))
    tail = f"&sort={sort}" if sort else ""
    assert walk(client, f"{URL}?{first}&page[size]=7{tail}") == whole
    assert len({one["id"] for one in whole}) == len(whole) > 14
    if sort.endswith("total"):
        totals = [one["attributes"]["total"] for one in whole]
        assert totals == sorted(totals, reverse=sort.startswith("-"))


def test_a_page_of_nothing_has_the_numbers_beside_it(client, shelf):
    answer = asked(client, **{"page[size]": 0})
    assert answer["data"] == []
    assert (answer["meta"]["total"], answer["meta"]["total-pages"]) == (8 * len(DOIS), 0)
    assert "next" not in answer["links"]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("page[size]=1001", "page[size]"),
        ("page[size]=-1", "page[size]"),
        ("page[size]=x", "page[size]"),
        ("page[number]=0", "page[number]"),
        ("page[size]=1000&page[number]=11", "page[number]"),
        ("page[number]=1&page[cursor]=1", "page[cursor]"),
        ("page[cursor]=nonsense", "page[cursor]"),
        ("page[cursor]=W10=", "page[cursor]"),
        ("sort=speed", "sort"),
        ("occurred-at=soon", "occurred-at"),
        ("doi=10.1234/first&doi=10.1234/other", "doi"),
        ("doi=" + ",".join(["10.1234/x"] * 101), "doi"),
        ("doi=%00", "doi"),
        ("who=me", "who"),
    ],
)
def test_what_is_malformed_is_named(client, shelf, query, name):
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 400
    assert response.json["errors"][0]["field"] == name


@pytest.mark.parametrize("spelled", ["relation-type-id", "relation_type_id", "relationTypeId"])
def test_names_of_parameters_in_each_spelling(client, shelf, spelled):
    response = client.get(URL, query_string={spelled: VIEWS, "page[size]": "1000"})
    kinds = {one["attributes"]["relation-type-id"] for one in response.json["data"]}
    assert kinds == {VIEWS}


def test_a_question_about_everything_may_be_too_dear(app, api, client, shelf, monkeypatch):
    for one in (app, api):
        monkeypatch.setitem(one.config, "USAGE_STATS_MAX_COST", 31 * 5)
    assert client.get(URL).status_code == 422
    assert client.get("/api/dois", query_string=OURS).status_code == 200, "three works"
    assert client.get(f"{URL}?doi=10.1234/first").status_code == 200
    for one in (app, api):
        monkeypatch.setitem(one.config, "USAGE_STATS_MAX_COST", 31 * 2)
    assert client.get("/api/dois", query_string=OURS).status_code == 422


def test_answers_can_be_kept(client, shelf):
    first = client.get(f"{URL}?doi=10.1234/first")
    tag = first.headers["ETag"]
    again = client.get(f"{URL}?doi=10.1234/first", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    newer = {"If-None-Match": tag, "Accept": "application/vnd.api+json; version=2"}
    assert client.get(f"{URL}?doi=10.1234/first", headers=newer).status_code == 200


def test_requests_are_counted(app, api, client, shelf, monkeypatch):
    for one in (app, api):
        monkeypatch.setitem(
            one.config, "USAGE_STATS_RATE_LIMIT", {"guest": "2 per day", "user": ""}
        )
    here = {"REMOTE_ADDR": f"2001:db8::{uuid4().hex[:4]}:{uuid4().hex[:4]}"}
    url = f"{URL}?doi=10.1234/first"
    statuses = [client.get(url, environ_base=here).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_pages_of_other_sites_may_read(app, api, client, shelf, monkeypatch):
    url, origin = f"{URL}?doi=10.1234/first", {"Origin": "https://example.org"}
    assert "Access-Control-Allow-Origin" not in client.get(url, headers=origin).headers
    for one in (app, api):
        monkeypatch.setitem(one.config, "USAGE_STATS_CORS_ORIGINS", ["https://example.org"])
    answer = client.get(url, headers=origin)
    assert answer.headers["Access-Control-Allow-Origin"] == "https://example.org"
