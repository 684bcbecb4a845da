# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Badges, cards and pages of records, of the whole application with real numbers."""

import re
from xml.etree import ElementTree

import pytest
from flask import g, render_template_string

from invenio_usage_stats.services.scopes import anonymous

from ..resources.conftest import asking

SVG = "{http://www.w3.org/2000/svg}"


def texts(response) -> list[str]:
    """Return what a badge says: its title, label and value."""
    root = ElementTree.fromstring(response.data)
    return [root.find(f"{SVG}title").text, *(e.text for e in root.iter(f"{SVG}text"))]


def told(client, scope: str, metric: str) -> str:
    """Return what the API says of all time; some events lie at the second of publication."""
    answer = client.get(f"/api/usage-stats/{scope}/totals?metric={metric}&period=all").json
    return f"{answer['metrics'][metric]['value']:,}"


@pytest.fixture
def embedded(app):
    """Return a function that renders a template for a visitor."""

    def rendered(source, **context):
        with app.test_request_context("/"):
            g.identity = anonymous()
            return render_template_string(source, **context)

    return rendered


def links(page: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', page)


class TestBadges:
    def test_a_badge_says_a_number(self, house, visitor):
        response = visitor.get("/stats/badge.svg")
        assert (response.status_code, response.mimetype) == (200, "image/svg+xml")
        views = told(visitor, "global", "views")
        assert texts(response) == [f"Views: {views}", "Views", views]

    def test_of_a_record_and_a_community(self, house, visitor):
        recid, community = house.records["public"], house.communities["public"]
        found = texts(visitor.get(f"/records/{recid}/stats/badge.svg?metric=downloads"))
        number = told(visitor, f"records/{recid}", "downloads")
        assert found == [f"Downloads of An open paper: {number}", "Downloads", number]
        found = texts(visitor.get(f"/communities/{community}/stats/badge.svg?metric=records"))
        assert found == ["Records of Open house: 2", "Records", "2"]

    def test_of_a_period(self, house, visitor):
        past = "since=2020-01-01&until=2020-01-31"
        assert texts(visitor.get(f"/stats/badge.svg?{past}"))[2] == "0"

    def test_in_a_language(self, house, visitor):
        found = texts(visitor.get("/stats/badge.svg?metric=traffic&locale=de"))
        assert re.fullmatch(r"\d+\sByte", found[2])
        found = texts(visitor.get("/stats/badge.svg?metric=traffic&locale=fr"))
        assert re.fullmatch(r"\d+\soctets", found[2])
        assert visitor.get("/stats/badge.svg?locale=nonsense").status_code == 400

    def test_may_be_kept_by_everybody(self, house, visitor):
        response = visitor.get("/stats/badge.svg")
        assert response.headers["Cache-Control"] == "public, max-age=300"
        assert "Set-Cookie" not in response.headers
        tag = {"If-None-Match": response.headers["ETag"]}
        again = visitor.get("/stats/badge.svg", headers=tag)
        assert (again.status_code, again.data) == (304, b"")
        other = visitor.get("/stats/badge.svg?metric=downloads", headers=tag)
        assert other.status_code == 200

    @pytest.mark.parametrize("who", ["anonymous", "owner", "administrator"])
    def test_what_is_not_for_everybody_answers_as_what_does_not_exist(self, app, house, who):
        recid, community = house.records["restricted"], house.communities["restricted"]
        with asking(app, house, who) as client:
            answers = [
                client.get(f"{path}/stats/badge.svg")
                for path in (
                    f"/records/{recid}",
                    "/records/abcde-fghij",
                    f"/communities/{community}",
                    "/communities/no-such-place",
                )
            ]
        assert {a.status_code for a in answers} == {404}
        assert len({a.data for a in answers}) == 1
        assert answers[0].headers["Cache-Control"] == "no-store"

    def test_the_policy_is_asked(self, app, house, visitor, monkeypatch):
        monkeypatch.setitem(app.config, "USAGE_STATS_COMMUNITY_READERS", "members")
        community = house.communities["public"]
        assert visitor.get(f"/communities/{community}/stats/badge.svg").status_code == 404

    def test_what_is_asked_wrongly_is_explained(self, house, visitor):
        response = visitor.get("/stats/badge.svg?metric=<script>")
        assert response.status_code == 400
        assert b"<script>" not in response.data
        assert "is not one of" in texts(response)[0]
        assert visitor.get("/stats/badge.svg?metric=views,downloads").status_code == 400


class TestRecordPage:
    def test_shows_the_numbers_of_a_record(self, house, visitor):
        recid = house.records["public"]
        response = visitor.get(f"/records/{recid}/stats")
        assert response.status_code == 200
        for metric in ("views", "downloads"):
            number = told(visitor, f"records/{recid}", metric)
            assert re.search(rf'data-metric="{metric}">\s*{number}<', response.text)
        assert f"/records/{recid}" in links(response.text)
        assert "An open paper" in response.text

    @pytest.mark.parametrize(("who", "status"), [("anonymous", 302), ("stranger", 403)])
    def test_is_as_visible_as_the_record(self, app, house, who, status):
        with asking(app, house, who) as client:
            for recid in (house.records["restricted"], "abcde-fghij"):
                assert client.get(f"/records/{recid}/stats").status_code == status
        with asking(app, house, "owner") as client:
            page = client.get(f"/records/{house.records['restricted']}/stats").text
            number = told(client, f"records/{house.records['restricted']}", "views")
            assert re.search(rf'data-metric="views">\s*{number}<', page)


class TestCards:
    def test_hold_the_numbers_of_a_year(self, house, visitor):
        recid = house.records["public"]
        response = visitor.get(f"/records/{recid}/stats/card")
        assert response.status_code == 200
        assert re.findall(r'data-metric="(\w+)">\s*(\d+)<', response.text) == [
            (metric, told(visitor, f"records/{recid}", metric)) for metric in ("views", "downloads")
        ]
        assert response.text.count('class="spark"') == 2
        assert "of all time" in response.text
        headers = {"If-None-Match": response.headers["ETag"]}
        path = f"/records/{house.records['public']}/stats/card"
        assert visitor.get(path, headers=headers).status_code == 304

    def test_are_empty_for_whom_it_does_not_concern(self, house, visitor):
        for name in ("restricted", "public"):
            recid = {**house.records, "public": "abcde-fghij"}[name]
            response = visitor.get(f"/records/{recid}/stats/card")
            assert (response.status_code, response.text) == (404, "")

    def test_have_a_place_on_landing_pages(self, house, visitor):
        recid = house.records["public"]
        page = visitor.get(f"/records/{recid}").text
        assert f'data-usage-stats-card="/records/{recid}/stats/card"' in page
        assert f"/records/{recid}/stats" in links(page)

    def test_can_be_switched_off(self, app, house, visitor, monkeypatch):
        monkeypatch.setitem(app.config, "USAGE_STATS_CARDS", [])
        page = visitor.get(f"/records/{house.records['public']}").text
        assert "data-usage-stats-card" not in page

    def test_have_no_place_where_the_policy_allows_no_numbers(
        self, app, house, visitor, monkeypatch
    ):
        policy = "tests.views.policies:NoRecords"
        monkeypatch.setitem(app.config, "USAGE_STATS_PERMISSION_POLICY", policy)
        recid = house.records["public"]
        assert "data-usage-stats-card" not in visitor.get(f"/records/{recid}").text
        assert visitor.get(f"/records/{recid}/stats").status_code == 302

    def test_stand_in_any_template(self, app, house, embedded):
        source = (
            '{%- import "invenio_usage_stats/macros/card.html" as m %}{{ m.usage_stats_card(c) }}'
        )
        id_ = house.communities["public"]
        for community in (id_, {"id": id_}):
            page = embedded(source, c=community)
            assert re.search(r'data-usage-stats-card="/communities/[\w-]+/stats/card"', page)
        assert embedded(source, c="no-such-place").strip() == ""
        assert embedded(source, c=house.communities["restricted"]).strip() == ""
