# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Components that an instance has added, on the page of the whole application."""

import json
import re
from html import unescape

import pytest
from jinja2 import ChoiceLoader, DictLoader

from invenio_usage_stats.views.layouts.checking import problems

TEMPLATE = "<p class='loans'>{{ panel.count }} &lt; loans of {{ props.branch }}</p>"


def loans(scope, period, props):
    """Return what the panel shows."""
    assert scope.is_global
    assert props["branch"] == "north"
    return {"count": period.length}


def broken(scope, period, props):
    """Fail as code of others may."""
    raise KeyError("branch")


@pytest.fixture
def added(app, monkeypatch):
    """Return a function that adds a component, made by a function, and shows it."""
    ours = DictLoader({"our_site/loans.html": TEMPLATE})
    monkeypatch.setattr(app.jinja_env, "loader", ChoiceLoader([ours, app.jinja_env.loader]))

    def add(panel, **props):
        entry = {"template": "our_site/loans.html", "panel": panel}
        row = {"components": [{"component": "Loans", "title": "Loans", **props}]}
        layout = {"global": {"rows": [row]}}
        monkeypatch.setitem(app.config, "STATS_DASHBOARD_COMPONENTS", {"Loans": entry})
        monkeypatch.setitem(app.config, "STATS_DASHBOARD_LAYOUT", layout)
        assert problems() == []

    return add


@pytest.mark.parametrize("panel", [loans, f"{__name__}:loans"])
def test_its_template_shows_what_its_function_makes(added, client, panel):
    added(panel, branch="north", width=8)
    page = client.get("/stats?period=30d").text
    assert "<p class='loans'>30 &lt; loans of north</p>" in page
    view = json.loads(unescape(re.search(r"data-dashboard='([^']+)'", page).group(1)))
    [shown] = [panel for row in view["head"] for panel in row["panels"]]
    assert shown["kind"] == "own"
    assert shown["props"] == {"branch": "north"}
    assert shown["count"] == 30
    assert shown["html"] == "<p class='loans'>30 &lt; loans of north</p>"
    assert shown["css"].startswith("eight wide")


def test_one_that_fails_says_so_alone(added, client, caplog):
    added(broken)
    answer = client.get("/stats")
    assert answer.status_code == 200
    assert "cannot be shown at the moment" in answer.text
    assert "component Loans failed" in caplog.text
