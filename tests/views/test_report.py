# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The report of a year, on real numbers."""

import re
from datetime import UTC, datetime

import pytest

from ..resources.conftest import API, SECRET, asking, house  # noqa: F401

YEAR = datetime.now(UTC).year


def report(app, house, where="/stats", who="anonymous", **args):  # noqa: F811
    """Return the answer to somebody who asks for a report."""
    with asking(app, house, who) as client:
        return client.get(f"{where}/report", query_string=args)


def community(house, name):  # noqa: F811
    return f"/communities/{house.communities[name]}/stats"


def body(page):
    """Return our part of a page."""
    return re.search(r"<article.*</article>", page.text, re.DOTALL)[0]


def test_numbers_are_those_of_the_api(app, house):  # noqa: F811
    with asking(app, house, "anonymous") as client:
        for scope, where in (
            ("global", "/stats"),
            (f"communities/{house.communities['public']}", community(house, "public")),
        ):
            page = client.get(f"{where}/report?year={YEAR}")
            assert page.status_code == 200
            shown = dict(re.findall(r'data-metric="(\w+)">([^<]*)<', page.text))
            args = {"period": f"year:{YEAR}", "metric": "views,downloads,records"}
            totals = client.get(f"{API}/{scope}/totals", query_string=args).json["metrics"]
            assert {id_: shown[id_] for id_ in totals} == {
                id_: str(total["value"]) for id_, total in totals.items()
            }


def test_a_report_has_all_its_parts(app, house):  # noqa: F811
    page = report(app, house, year=YEAR)
    text = body(page)
    for heading in ("The year in numbers", "The course of the year", "Month by month"):
        assert f">{heading}</h2>" in text
    assert "An open paper" in text
    whole = re.findall(r'<div class="whole">.*?<h2[^>]*>([^<]*)<', text, re.DOTALL)
    assert whole[:2] == ["Most viewed records", "Most downloaded records"]
    assert "Resource type" in text
    assert "What the numbers mean" in text
    assert "no earlier data" in text
    assert f"1 Jan {YEAR}" in text or f"Jan 1, {YEAR}" in text
    assert re.search(r'<path class="line" d="M', text)
    assert f'href="?year={YEAR}" aria-current="page"' in text


def test_what_a_chart_marks_is_said_below_it(app, house):  # noqa: F811
    assert "The recording of usage began on" in body(report(app, house, year=YEAR))


def test_a_report_keeps_the_filters_of_the_view(app, house):  # noqa: F811
    text = body(report(app, house, year=YEAR, filter="keywords:open-keyword"))
    assert "Only: Keywords: open-keyword." in text
    assert f'href="?year={YEAR}&amp;filter=keywords%3Aopen-keyword"' in text
    whole = re.search(r'data-metric="views">([^<]*)<', body(report(app, house, year=YEAR)))[1]
    assert re.search(r'data-metric="views">([^<]*)<', text)[1] != whole
    assert report(app, house, year=YEAR, filter="colours:red").status_code == 400
    with asking(app, house, "anonymous") as client:
        view = client.get("/stats/view?filter=keywords:open-keyword").json
    assert view["share"]["report"].endswith("/report?filter=keywords%3Aopen-keyword")


def test_paper_has_no_controls(app, house):  # noqa: F811
    text = body(report(app, house, year=YEAR))
    for tag in ("<form", "<button", "<input", "<details", "<script", "style=", "<select"):
        assert tag not in text
    links = re.findall(r'<a[^>]*href="([^"]*)"', text)
    assert all(link.startswith(("http://localhost/", "/", "?year=")) for link in links)


def test_without_a_year_the_only_one_is_shown(app, house):  # noqa: F811
    assert f"Statistics {YEAR}</h1>" in report(app, house).text


@pytest.mark.parametrize("year", ["20x5", "1999", "2999", "fy:", "<b>"])
def test_a_wrong_year_is_explained(app, house, year):  # noqa: F811
    page = report(app, house, year=year)
    assert page.status_code == 400
    assert "year: " in page.text
    assert "<b>" not in page.text


def test_reports_are_for_who_may_read_the_page(app, house):  # noqa: F811
    for who, status in (("anonymous", 302), ("stranger", 403), ("member", 200), ("owner", 200)):
        hidden = report(app, house, community(house, "restricted"), who)
        none = report(app, house, "/communities/no-such-place/stats", who)
        assert hidden.status_code == status
        assert none.status_code == (status if status != 200 else 403)
        assert (SECRET in hidden.text) == (status == 200)


def test_reports_name_no_records_that_their_reader_may_not_see(app, house):  # noqa: F811
    for where in ("/stats", community(house, "public")):
        for who in ("anonymous", "stranger"):
            assert SECRET not in report(app, house, where, who).text
        assert f"A {SECRET} paper" not in report(app, house, where, "member").text
        assert f"A {SECRET} paper" in report(app, house, where, "owner").text


def test_the_report_holds_what_the_operator_says(app, house, monkeypatch):  # noqa: F811
    layout = {"rows": [{"components": [{"component": "SingleStatViews"}]}]}
    monkeypatch.setitem(app.config, "USAGE_STATS_REPORT_LAYOUT", layout)
    page = report(app, house)
    assert re.findall(r'data-metric="(\w+)"', page.text) == ["views"]
    assert "usage-stats-table" not in page.text
