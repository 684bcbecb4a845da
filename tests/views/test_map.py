# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The map of the world, with real numbers of a random history."""

import re
from datetime import timedelta

import pytest
from babel import Locale

from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.periods import today
from invenio_usage_stats.services.query import Query
from invenio_usage_stats.services.scopes import REPOSITORY, anonymous
from invenio_usage_stats.views.model.format import Formatter
from invenio_usage_stats.views.panels.map import map_view
from invenio_usage_stats.views.places.world import world

from ..oracle.random_history import random_world
from ..world import loaded

COUNTRIES = "countries"
LAYOUT = {
    "global": {
        "tabs": [
            {
                "name": "one",
                "rows": [{"components": [{"component": "StatsMap", "width": 16, "limit": 2}]}],
            }
        ]
    }
}


@pytest.fixture(scope="module")
def used(app):
    """Load a history of the last weeks."""
    start = today() - timedelta(days=60)
    loaded(random_world(11, operations=60, communities=2, records=20, days=60, start=start))


@pytest.fixture
def ranking(app, used):
    """Return a function that asks for all countries by metrics."""

    def asked(*metrics, **changes):
        query = Query(metrics=metrics, dimension=COUNTRIES, size=None, **changes)
        return current_usage_stats.service.top(anonymous(), REPOSITORY, query)

    return asked


def view_of(ranking, metric="views", locale="en"):
    text = Formatter(Locale.parse(locale))
    return map_view(
        current_usage_stats.catalog.metrics[metric], ranking, text, lambda key: f"?filter=:{key}"
    )


def test_countries_have_the_numbers_of_their_ranking(app, ranking):
    found = ranking("views")
    with app.test_request_context("/"):
        view = view_of(found)
    assert [(c["id"], c["value"]) for c in view["countries"]] == [
        (row.id, row.values["views"]) for row in found.rows
    ]
    assert view["countries"][0]["class"] == 5
    assert view["countries"][0]["href"] == f"?filter=:{found.rows[0].id}"
    assert found.rows[0].label in view["summary"]


def test_every_shade_of_a_country_is_in_the_legend(app, ranking):
    with app.test_request_context("/"):
        view = view_of(ranking("views"))
    shades = {entry["class"] for entry in view["legend"]}
    assert {country["class"] for country in view["countries"]} <= shades


def test_what_has_no_country_is_said(app, ranking):
    found = ranking("views")
    assert found.missing["views"] > 0
    with app.test_request_context("/"):
        view = view_of(found)
    assert f"Of {found.missing['views']:,} (" in view["unknown"]


def test_the_page_draws_them_and_the_table_has_the_same_numbers(app, used, client, monkeypatch):
    monkeypatch.setitem(app.config, "STATS_DASHBOARD_LAYOUT", LAYOUT)
    page = client.get("/stats").text
    svg = page.split('<svg class="world"')[1].split("</svg>")[0]
    drawn = dict(re.findall(r"<title>([^:<]+): ([\d,]+)</title>", svg))
    assert len(re.findall(r"<(?:path|circle)", svg)) == len(world()["shapes"]) + len(
        world()["dots"]
    )
    table = page.split("</figure>")[1]
    rows = re.findall(
        r'class="label"[^>]*>\s*([^<]+?)\s*<.*?<td class="number">([\d,]+)', table, re.S
    )
    rows = [row for row in rows if row[0] != "Not given"]
    assert rows and all(drawn[label] == number for label, number in rows)


def test_names_are_in_the_language_of_the_reader(app, ranking):
    found = ranking("views", locale="de")
    with app.test_request_context("/"):
        view = view_of(found, locale="de")
    names = {country["id"]: country["label"] for country in view["countries"]}
    assert (names["DE"], names["US"]) == ("Deutschland", "Vereinigte Staaten")
    assert " und " in view["summary"]


def test_a_country_is_a_filter_that_the_page_can_answer(app, used, client, monkeypatch):
    monkeypatch.setitem(app.config, "STATS_DASHBOARD_LAYOUT", LAYOUT)
    page = client.get("/stats?period=30d").text
    link = re.search(r'<a class="shade-5" href="([^"]+)" tabindex="-1">', page).group(1)
    chosen = client.get("/stats" + link.replace("&amp;", "&")).text
    drawn = re.findall(r"<title>([^:<]+): ([\d,]+)</title>", chosen.split("</svg>")[0])
    assert len(drawn) <= 1
