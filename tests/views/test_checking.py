# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What is wrong with the settings of dashboards is said, and what is left of them is shown."""

import logging

import pytest

from invenio_usage_stats.ext import InvenioUsageStats
from invenio_usage_stats.proxies import EXTENSION, current_usage_stats
from invenio_usage_stats.views.layouts.checking import log_problems, problems
from invenio_usage_stats.views.layouts.layout import Appearance

from .test_pages import LAYOUT, ROUTES, TEMPLATES, UI_CONFIG


@pytest.fixture
def check(light_app):
    """Return a function that says what is wrong with some settings."""
    light_app.extensions[EXTENSION] = InvenioUsageStats()

    def checked(**settings):
        for name, value in settings.items():
            light_app.config[f"STATS_DASHBOARD_{name}"] = value
        with light_app.test_request_context():
            return problems()

    return checked


def one(**component):
    """Return a layout of one component."""
    row = {"name": "r", "components": [component]}
    return {"global": {"tabs": [{"name": "t", "rows": [row]}]}}


def test_the_defaults_are_right(check):
    assert check() == []


def test_configuration_of_sites_is_right_word_for_word(check):
    assert check(LAYOUT=LAYOUT, ROUTES=ROUTES, TEMPLATES=TEMPLATES, UI_CONFIG=UI_CONFIG) == []
    assert check(CONFIG=UI_CONFIG) == []


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"LAYOUTS": {}}, "STATS_DASHBOARD_LAYOUTS is not known (did you mean"),
        ({"LAYOUT": []}, "must be a dictionary by type of dashboard"),
        ({"LAYOUT": {"comunity": one(component="StatsChart")["global"]}}, "'community'?"),
        ({"LAYOUT": {"global": {"tab": []}}}, "'tab' is not understood (did you mean 'tabs'?)"),
        ({"LAYOUT": {"global": {"tab": []}}}, "there is nothing to see"),
        ({"LAYOUT": {"global": {"tabs": {}}}}, "must hold a list"),
        ({"LAYOUT": {"global": {"tabs": ["content"]}}}, "'content' must be a dictionary"),
        (
            {"LAYOUT": one(component="StatChart")},
            "tab 't': row 'r': no component is named 'StatChart' (did you mean 'StatsChart'?)",
        ),
        ({"LAYOUT": one(component=None)}, "no component is named None"),
        ({"LAYOUT": one(component="StatsChart", width=17)}, "a whole number, 1 to 16"),
        ({"LAYOUT": one(component="StatsChart", width="8")}, "StatsChart: width must be"),
        ({"LAYOUT": one(component="StatsChart", widht=8)}, "(did you mean 'width'?)"),
        ({"LAYOUT": one(component="StatsChart", limit=8)}, "'limit' is not understood"),
        ({"LAYOUT": one(component="StatsChart", metric="likes")}, "metric must be one of"),
        ({"LAYOUT": one(component="LanguagesTable", limit=0)}, "a whole number, 1 to 100"),
        ({"LAYOUT": one(component="StatsChart", title=5)}, "a text, or texts by language"),
        ({"UI_CONFIG": {"global": {"titel": "x"}}}, "'titel' is not understood (did you mean"),
        ({"UI_CONFIG": {"global": {"title": 5}}}, "a text, or texts by language"),
        ({"UI_CONFIG": {"global": {"show_title": "no"}}}, "show_title must be True or False"),
        ({"UI_CONFIG": {"global": {"show_description": 0}}}, "must be True or False"),
        ({"UI_CONFIG": {"global": {"maxHistoryYears": "9"}}}, "a whole number, 1 to 200"),
        ({"UI_CONFIG": {"global": {"maxHistoryYears": 0}}}, "a whole number, 1 to 200"),
        ({"UI_CONFIG": {"global": {"default_period": "lately"}}}, "the name of a period"),
        ({"UI_CONFIG": {"global": {"default_period": 12}}}, "the name of a period"),
        ({"UI_CONFIG": {"global": {"compare": "never"}}}, "one of previous, year, none"),
        ({"COMPONENTS": ["News"]}, "STATS_DASHBOARD_COMPONENTS must be dictionaries by name"),
        ({"COMPONENTS": {"News": {"panel": "site:news"}}}, "COMPONENTS must be"),
        ({"COMPONENTS": {"News": {"template": "no.html"}}}, "there is no template 'no.html'"),
        ({"ENABLED_GLOBAL": "no"}, "STATS_DASHBOARD_ENABLED_GLOBAL must be True or False"),
        ({"COMMUNITY_OPT_IN": 1}, "COMMUNITY_OPT_IN must be True or False"),
        ({"MENU_TEXT": 5}, "MENU_TEXT must be a text"),
        ({"MENU_TEXT": {"globe": "x"}}, "MENU_TEXT must be"),
        ({"MENU_ORDER": {"global": "first"}}, "MENU_ORDER must be a whole number"),
        ({"ROUTES": {"community": "/stats-of-communities"}}, "ROUTES must be paths"),
        ({"ROUTES": {"global": 5}}, "ROUTES must be paths"),
        ({"TEMPLATES": {"global": "a.html"}}, "TEMPLATES must be a dictionary with"),
    ],
)
def test_what_is_wrong_is_said(check, settings, text):
    found = check(**settings)
    assert [problem for problem in found if text in problem], found


def test_the_layout_of_reports(check, light_app):
    light_app.config["USAGE_STATS_REPORT_LAYOUT"] = one(component="StatChart")["global"]
    assert [text for text in check() if "USAGE_STATS_REPORT_LAYOUT: tab 't'" in text]


def test_two_tabs_of_one_name(check):
    tab = one(component="StatsChart")["global"]["tabs"][0]
    found = check(LAYOUT={"global": {"tabs": [tab, tab]}})
    assert found == [
        "STATS_DASHBOARD_LAYOUT global: two tabs are named 't', only the first can be chosen"
    ]


def test_it_is_logged_at_the_start(check, light_app, caplog):
    check(LAYOUT=one(component="StatChart"))
    with caplog.at_level(logging.WARNING):
        log_problems(light_app)
    assert "no component is named 'StatChart'" in caplog.text


@pytest.fixture
def shown(light_app):
    """Return a function that reads what a template's settings show, as rows of components."""
    light_app.extensions[EXTENSION] = InvenioUsageStats()

    def read(changes):
        with light_app.test_request_context():
            appearance = Appearance.of("global", changes)
            layout = appearance.read(current_usage_stats.catalog, lambda name: True)
        return [row.components for row in (*layout.head.rows, *layout.tabs[0].rows)]

    return read


@pytest.mark.parametrize(
    "component",
    [
        {"component": "StatsChart", "width": "wide", "title": 5, "metric": "likes"},
        {"component": "LanguagesTable", "limit": "all", "width": None, "metrics": "views"},
    ],
)
def test_a_wrong_prop_leaves_the_panel_as_it_is_without(shown, component):
    name = component["component"]
    assert shown(one(**component)["global"]) == shown(one(component=name)["global"])


def test_a_prop_that_nobody_knows_is_kept_for_components_that_an_instance_has_changed(shown):
    [[component]] = shown(one(component="StatsChart", colour="red")["global"])
    assert component.props == {"colour": "red"}


def test_a_wrong_name_leaves_no_blank_panel(shown, caplog):
    row = {"components": [{"component": "StatChart"}, {"component": "StatsChart"}, "nothing"]}
    changes = {"tabs": [{"rows": [row, {"components": [{"component": "X"}]}]}]}
    assert [[component.name for component in row] for row in shown(changes)] == [["StatsChart"]]
    assert "no component is named 'StatChart'" in caplog.text


def test_settings_of_a_wrong_kind_do_not_stop_a_page(light_app):
    changes = {"title": 5, "maxHistoryYears": "many", "show_title": "no", "default_period": "x"}
    with light_app.test_request_context():
        appearance = Appearance.of("community", changes)
        assert appearance.ui == Appearance.of("community").ui
        light_app.config["STATS_DASHBOARD_UI_CONFIG"] = "Statistics"
        assert Appearance.of("community").ui["show_title"] is True
