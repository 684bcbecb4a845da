# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Addresses, formats and errors are Matomo's; nothing else of the repository changes."""

import json
from csv import DictReader
from datetime import timedelta
from io import StringIO
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invenio_app.ext import limiter
from werkzeug.test import EnvironBuilder

from invenio_usage_stats.exchange.matomo.reporting.methods import METHODS
from invenio_usage_stats.reader.periods import today

from ....conftest import browsing
from .conftest import SWITCH

DAY = {"module": "API", "idSite": 1, "period": "day", "date": "yesterday"}
TABLE = {**DAY, "method": "Actions.getDownloads"}
SEEDED = (
    "?module=API&method=Live.getCounters&idSite=1&lastMinutes=30&format=JSON&token_auth=anonymous",
    "?module=API&method=Actions.getDownloads&idSite=1&period=day&date=yesterday&format=JSON"
    "&token_auth=anonymous",
    "?module=API&method=Actions.getDownload&downloadUrl=https://doi.org/10.5281/public&idSite=1"
    "&period=day&date=yesterday&format=JSON&token_auth=anonymous",
)


@pytest.fixture
def client(app):
    """Return a client without a session."""
    with browsing(app) as test_client:
        yield test_client


def xml(response):
    """Return the root of an answer in XML."""
    assert response.content_type == "text/xml; charset=utf-8"
    return ElementTree.fromstring(response.text)


@pytest.mark.parametrize("query", SEEDED)
@pytest.mark.parametrize("path", ["/", "/index.php"])
def test_the_well_known_questions_are_answered(reported, client, path, query):
    response = client.get(path + query)
    assert response.status_code == 200
    assert isinstance(response.json, list)
    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_the_front_page_is_untouched(app, opened, client):
    for query in ("", "?module=CoreHome", "?method=Live.getCounters", "?q=API"):
        response = client.get(f"/{query}")
        assert response.status_code == 200
        assert "<html" in response.text
    assert client.post("/", data={"module": "Other"}).status_code == 405
    assert client.get("/index.php").status_code == 404
    assert client.get("/search?module=API").status_code == 200


def test_while_the_door_is_closed_there_is_nothing(app, client, monkeypatch):
    monkeypatch.setitem(app.config, SWITCH, False)
    assert "<html" in client.get(f"/{SEEDED[0]}").text
    assert client.post("/", data=DAY).status_code == 405
    assert client.get(f"/index.php{SEEDED[0]}").status_code == 404


@pytest.mark.parametrize("path", ["/", "/index.php"])
def test_questions_may_come_as_a_form(reported, client, path):
    asked = {**TABLE, "format": "json", "period": "range", "date": "last400"}
    by_form = client.post(path, data=asked)
    assert by_form.json == client.get("/", query_string=asked).json != []
    method = asked.pop("method")
    assert client.post(f"{path}?method={method}", data=asked).json == by_form.json


def test_the_answer_is_xml_unless_another_format_is_named(reported, client):
    asked = {**TABLE, "period": "range", "date": "last400", "expanded": 1}
    root, table = (
        xml(client.get("/", query_string=asked)),
        client.get("/", query_string={**asked, "format": "JSON"}).json,
    )
    assert root.tag == "result"
    assert [row.findtext("label") for row in root.iter("row")] == [
        row["label"] for host in table for row in (host, *host["subtable"])
    ]
    inner = root.find("row/subtable/row")
    assert inner.findtext("nb_hits") == str(table[0]["subtable"][0]["nb_hits"])


def test_dates_and_sites_are_named_in_xml(reported, client):
    asked = {**DAY, "method": "VisitsSummary.get", "date": "last3", "idSite": "all"}
    root = xml(client.get("/", query_string=asked))
    assert root.tag == "results"
    first = root.find("result[@idSite='1']")
    dates = [str(today() - timedelta(days=ago)) for ago in (2, 1, 0)]
    assert [day.get("date") for day in first] == dates
    assert int(first[1].findtext("nb_visits")) > 0


def test_single_values(opened, client):
    asked = {"module": "API", "method": "API.getMatomoVersion"}
    assert xml(client.get("/", query_string=asked)).text == "5.2.0"
    assert client.get("/", query_string={**asked, "format": "json"}).json == {"value": "5.2.0"}
    plain = {**asked, "format": "csv", "convertToUnicode": 0}
    assert client.get("/", query_string=plain).text == "value\n5.2.0"


@pytest.mark.parametrize(("name", "separator"), [("csv", ","), ("tsv", "\t")])
def test_files_for_spreadsheets(reported, client, name, separator):
    asked = {**TABLE, "period": "month", "date": "last2", "flat": 1}
    as_json = client.get("/", query_string={**asked, "format": "json"}).json
    response = client.get("/", query_string={**asked, "format": name})
    assert response.headers["Content-Disposition"] == f"attachment; filename=export.{name}"
    text = response.data.decode("utf-16")
    assert response.data[:2] == b"\xff\xfe"
    rows = list(DictReader(StringIO(text), delimiter=separator))
    assert [(row["date"], row["label"], int(row["nb_hits"])) for row in rows] == [
        (month, row["label"], row["nb_hits"]) for month, table in as_json.items() for row in table
    ]
    assert rows[0]["metadata_url"].startswith("https://doi.org/")
    plain = client.get("/", query_string={**asked, "format": name, "convertToUnicode": 0})
    assert plain.text == text.removeprefix("\ufeff")


def test_nothing_is_said_in_each_format(reported, client):
    asked = {**TABLE, "date": "2001-01-01"}
    texts = {
        name: client.get("/", query_string={**asked, "format": name, "convertToUnicode": 0}).text
        for name in ("json", "xml", "csv")
    }
    assert texts["json"] == "[]"
    assert texts["xml"].endswith("\n<result />")
    assert texts["csv"] == "No data available"


def test_a_page_can_have_its_function_called(reported, client):
    asked = {**TABLE, "format": "json"}
    answer = client.get("/", query_string={**asked, "jsoncallback": "show.it"})
    assert answer.content_type == "application/javascript; charset=utf-8"
    assert answer.text == f"show.it({client.get('/', query_string=asked).text})"
    hostile = client.get("/", query_string={**asked, "callback": "alert(1)//"})
    assert hostile.content_type == "application/json; charset=utf-8"


ERRORS = {
    "The method 'nothing' does not exist or is not available in the module 'Actions'.": {
        "method": "Actions.nothing"
    },
    "Please specify a value for 'idSite'.": {"idSite": ""},
    "Please specify a value for 'period'.": {"period": ""},
    "Please specify a value for 'date'.": {"date": ""},
    "Please specify a value for 'downloadUrl'.": {"method": "Actions.getDownload"},
    "Please specify a value for 'lastMinutes'.": {"method": "Live.getCounters"},
    "lastMinutes only accepts values between 1 and 2880": {
        "method": "Live.getCounters",
        "lastMinutes": 2881,
    },
    "The period 'hour' is not supported. Try any of the following instead: "
    "day, week, month, year, range": {"period": "hour"},
    "The date '2024-02-30' is not a correct date format. Date format must be: YYYY-MM-DD, "
    "or 'today' or 'yesterday'.": {"date": "2024-02-30"},
    "The date 'today' is not a correct date range. It should have the following format: "
    "YYYY-MM-DD,YYYY-MM-DD, lastX or previousX.": {"period": "range", "date": "today"},
    "Segment 'nothing' is not a supported segment.": {"segment": "nothing==1"},
    "The value of 'filter_limit' must be a whole number.": {"filter_limit": "few", "date": "today"},
}


@pytest.mark.parametrize("message", ERRORS)
def test_errors_are_told_with_status_200(reported, client, message):
    asked = {**TABLE, **ERRORS[message]}
    as_json = client.get("/", query_string={**asked, "format": "json"})
    assert (as_json.status_code, as_json.json) == (200, {"result": "error", "message": message})
    as_xml = client.get("/", query_string=asked)
    assert as_xml.status_code == 200
    assert xml(as_xml).find("error").get("message") == message
    as_csv = client.get("/", query_string={**asked, "format": "csv"})
    assert (as_csv.status_code, as_csv.text) == (200, f"Error: {message}")


def test_an_unknown_format_is_an_error_in_xml(opened, client):
    response = client.get("/", query_string={**TABLE, "format": "nothing"})
    assert "Renderer format 'nothing' not valid." in xml(response).find("error").get("message")


def test_several_questions_in_one_request(reported, client):
    single = [
        {"method": "VisitsSummary.get", "idSite": 1, "period": "year", "date": "today"},
        {"method": "Actions.getDownloads", "idSite": 1, "period": "day", "date": "last9"},
        {"method": "VisitsSummary.get", "idSite": 1},
        {"method": "API.getBulkRequest"},
    ]
    urls = {f"urls[{n}]": urlencode(one) for n, one in enumerate(single)}
    asked = {"module": "API", "method": "API.getBulkRequest", "format": "json", **urls}
    answers = client.post("/index.php", data=asked).json
    for one, answer in zip(single[:2], answers, strict=False):
        whole = {"module": "API", "format": "json", **one}
        assert answer == client.get("/", query_string=whole).json
    assert answers[2] == {"result": "error", "message": "Please specify a value for 'period'."}
    assert answers[3]["result"] == "error"
    root = xml(client.get("/", query_string={**asked, "format": "xml"}))
    assert len(root.findall("row")) == 4
    assert root[0].findtext("nb_visits") == str(answers[0]["nb_visits"])
    too_many = {f"urls[{n}]": "method=API.getMatomoVersion" for n in range(101)}
    refused = client.post("/", data={**asked, **too_many}).json
    assert refused == {"result": "error", "message": "At most 100 questions can be asked at once."}


def test_a_site_is_described(reported, client):
    asked = {"module": "API", "method": "SitesManager.getSiteFromId", "format": "json"}
    own = client.get("/", query_string={**asked, "idSite": 1}).json
    assert (own["idsite"], own["main_url"]) == (1, "http://localhost")
    community = client.get("/", query_string={**asked, "idSite": reported.sites["public"]}).json
    assert community["name"] == "Open house"
    assert "/communities/" in community["main_url"]
    root = xml(client.get("/", query_string={**asked, "idSite": 1, "format": "xml"}))
    assert root.findtext("row/main_url") == "http://localhost"


def test_too_many_questions_are_refused_in_the_format(app, reported, client, monkeypatch):
    limit = {"guest": "2 per minute", "user": ""}
    monkeypatch.setitem(app.config, "USAGE_STATS_RATE_LIMIT", limit)
    limiter.reset()
    answers = [client.get(f"/{SEEDED[0]}") for _ in range(3)]
    limiter.reset()
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json["result"] == "error"
    assert int(answers[2].headers["Retry-After"]) > 0


def test_each_of_several_questions_is_counted(app, opened, client, monkeypatch):
    monkeypatch.setitem(app.config, "USAGE_STATS_RATE_LIMIT", {"guest": "4 per minute"})
    asked = {"module": "API", "method": "API.getBulkRequest", "format": "json"}
    asked |= {f"urls[{n}]": "method=API.getMatomoVersion" for n in range(3)}
    limiter.reset()
    answers = [client.post("/", data=asked) for _ in range(2)]
    limiter.reset()
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[0].json == ["5.2.0"] * 3
    assert answers[1].json["result"] == "error"


def test_tokens_are_taken_out_of_what_is_logged(app, opened):
    inner = urlencode({"method": "API.getMatomoVersion", "token_auth": "inner-secret", "a": 1})
    asked = {**DAY, "method": "API.getBulkRequest", "urls[0]": inner, "token_auth": "outer-secret"}
    environ = EnvironBuilder("/", query_string=asked).get_environ()
    begun = []
    assert b"".join(app.wsgi_app(environ, lambda *line: begun.append(line))).startswith(b"<?xml")
    assert begun[0][0] == "200 OK"
    assert "method" in environ["QUERY_STRING"]
    assert "secret" not in environ["QUERY_STRING"]


STRANGE = ("last9999999", "last9999", "previous0", "0001-01-01,9999-12-31", "2024-01-01,today")
STRANGE += ("9" * 5000, "-1", "1e9", "\x00", "²", "1,2,x", "all", "%ff")
STRANGE += ("a==b;,,;!@", "downloadUrl=@\\", "country==", "consumer=@*?")
NONSENSE = st.one_of(st.text(max_size=20), st.sampled_from(STRANGE))
NAMES = ("idSite", "period", "date", "segment", "format", "filter_limit", "filter_offset")
NAMES += (
    "filter_pattern",
    "filter_sort_column",
    "label",
    "idSubtable",
    "lastMinutes",
    "token_auth",
)
NAMES += ("downloadUrl", "urls[0]", "expanded", "flat", "showColumns", "callback")


@settings(max_examples=150, deadline=None, database=None, derandomize=True)
@given(
    method=st.sampled_from([*METHODS, "API.getBulkRequest", "", "x.y.z"]),
    wrong=st.dictionaries(st.sampled_from(NAMES), NONSENSE, max_size=4),
)
def test_nonsense_is_answered_and_never_a_failure(app, reported, method, wrong):
    asked = {**DAY, "format": "json", "method": method, "lastMinutes": 5, **wrong}
    with browsing(app) as client:
        response = client.post("/", data={name: str(value) for name, value in asked.items()})
    assert response.status_code in (200, 401)
    if asked["format"] == "json" and "callback" not in wrong:
        json.loads(response.text)
