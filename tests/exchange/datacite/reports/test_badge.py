# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Badges: a picture of the API, and DataCite's component in pages."""

import json
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from flask import render_template_string

from ....trouble import unreachable
from .counted import usage, write_months

SVG = "{http://www.w3.org/2000/svg}"
MACRO = (
    '{%- import "invenio_usage_stats/macros/data_metrics_badge.html" as badges %}'
    "{{ badges.data_metrics_badge(record) }}"
)


def url(recid):
    return f"/api/records/{recid}/usage/badge.svg"


def texts(response):
    """Return what a badge says: its title, and its labels and values."""
    assert response.mimetype == "image/svg+xml"
    root = ElementTree.fromstring(response.data)
    return [root.find(f"{SVG}title").text, *(e.text for e in root.iter(f"{SVG}text"))]


class TestPicture:
    def test_says_views_and_downloads(self, visitor, counted):
        response = visitor.get(url(counted.records["first"]))
        assert response.status_code == 200
        assert texts(response) == [
            "Views of Ice cores: 8; Downloads of Ice cores: 1",
            *("Views", "8", "Downloads", "1"),
        ]

    def test_of_all_versions(self, visitor, counted):
        response = visitor.get(f"{url(counted.records['second'])}?level=parent")
        assert texts(response)[1:] == ["Views", "8", "Downloads", "2"]

    def test_of_one_metric(self, visitor, counted):
        response = visitor.get(f"{url(counted.records['first'])}?metric=downloads")
        assert texts(response) == ["Downloads of Ice cores: 1", "Downloads", "1"]

    def test_in_a_language(self, visitor, counted):
        response = visitor.get(f"{url(counted.records['first'])}?locale=de")
        assert texts(response)[1:] == ["Aufrufe", "8", "Downloads", "1"]

    def test_of_what_nobody_has_used(self, visitor, library):
        assert texts(visitor.get(url(library.records["first"])))[1:] == [
            *("Views", "0", "Downloads", "0")
        ]

    def test_parts_lie_side_by_side(self, visitor, counted):
        root = ElementTree.fromstring(visitor.get(url(counted.records["first"])).data)
        edge = 0.0
        for box in root.iter(f"{SVG}rect"):
            assert float(box.get("x")) == pytest.approx(edge)
            edge += float(box.get("width"))
        assert float(root.get("width")) == pytest.approx(edge)

    def test_may_be_kept_by_everybody(self, visitor, counted):
        path = url(counted.records["first"])
        response = visitor.get(path)
        assert response.headers["Cache-Control"] == "public, max-age=300"
        assert "Set-Cookie" not in response.headers
        tag = {"If-None-Match": response.headers["ETag"]}
        assert visitor.get(path, headers=tag).status_code == 304
        write_months([("record", usage("2026-03", counted.records["first"], (1, 1, 0, 0)))])
        assert texts(visitor.get(path, headers=tag))[1:] == ["Views", "9", "Downloads", "1"]

    def test_what_is_not_for_everybody_answers_as_what_does_not_exist(self, visitor, counted):
        answers = [visitor.get(url(id_)) for id_ in (counted.records["secret"], "abcde-fghij")]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.data for answer in answers}) == 1
        assert answers[0].headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("wrong", [{"metric": "<script>"}, {"level": "all"}])
    def test_what_is_asked_wrongly_is_explained(self, visitor, counted, wrong):
        response = visitor.get(url(counted.records["first"]), query_string=wrong)
        assert response.status_code == 400
        assert b"<script>" not in response.data
        assert "is not one of" in texts(response)[0]

    def test_without_the_search_engine(self, api, visitor, counted):
        with api.app_context(), unreachable():
            assert visitor.get(url(counted.records["first"])).status_code == 503

    def test_is_not_there_when_counting_is_off(self, api, visitor, counted, monkeypatch):
        monkeypatch.setitem(api.config, "USAGE_STATS_COUNTER", False)
        assert visitor.get(url(counted.records["first"])).status_code == 404


class _Component(HTMLParser):
    """Read the attributes of the component, and the texts in it."""

    def __init__(self, page):
        super().__init__()
        self.attributes, self.texts = {}, []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "data-metrics-badge":
            self.attributes = dict(attrs)

    def handle_data(self, data):
        if data.strip():
            self.texts.append(data.strip())


@pytest.fixture
def embedded(app):
    """Return a function that renders the macro for a record."""

    def rendered(record, source=MACRO):
        with app.test_request_context("/"):
            return render_template_string(source, record=record)

    return rendered


class TestComponent:
    def test_is_fed_with_our_numbers(self, embedded, counted):
        recid = counted.records["first"]
        for record in (recid, {"id": recid}):
            found = _Component(embedded(record))
            assert found.attributes["doi"] == "10.5072/ice.1"
            assert found.attributes["display"] == "small"
            numbers = json.loads(found.attributes["data-input"])
            assert numbers == {"views": 8, "downloads": 1}
            assert found.texts == ["Views", "8", "Downloads", "1"]

    def test_asks_nobody(self, embedded, counted):
        page = embedded(counted.records["first"])
        assert "src=" not in page and "href=" not in page

    @pytest.mark.parametrize("name", ["secret", "nameless"])
    def test_is_not_there_for_what_is_not_told_of(self, embedded, counted, name):
        assert embedded(counted.records[name]).strip() == ""

    def test_is_not_there_when_counting_is_off(self, app, embedded, counted, monkeypatch):
        monkeypatch.setitem(app.config, "USAGE_STATS_COUNTER", False)
        assert embedded(counted.records["first"]).strip() == ""

    def test_breaks_no_page(self, embedded, counted):
        with unreachable():
            assert embedded(counted.records["first"]).strip() == ""
