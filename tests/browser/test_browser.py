# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The dashboards in a real browser, on a live server with real numbers."""

import json
from typing import Any

import pytest

from .. import content
from .nodes import node, reported

pytestmark = pytest.mark.browser
SHIFT = 0.1
"""What browsers call a good page: nothing moves that a reader notices."""


def test_pages_are_accessible_and_the_same_without_scripts(server, community):
    done = node("axe.mjs", server, "/stats", f"/communities/{community}/stats")
    reports = json.loads(done.stdout)
    for report in reports:
        assert report["equal"], report
        assert len(report["plain"]["headlines"]) >= 7
        for run in report["runs"]:
            assert (run["status"], run["errors"], run["violations"]) == (200, [], [])
            assert run["overflow"] == []
            assert run["interactive"] >= 4
            assert run["shift"] < SHIFT
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def seen(server, community) -> dict[str, Any]:
    """Return what a reader saw who used a community's dashboard."""
    return reported("use.mjs", server, f"/communities/{community}/stats")


def test_a_reader_chooses_and_goes_back(seen):
    assert seen["first"]["query"] == ""
    assert seen["chosen"]["query"] == "?metric=downloads"
    assert seen["chosen"]["metric"] == "downloads"
    assert seen["back"] == seen["first"]
    assert seen["forward"] == seen["chosen"]
    assert "period=30d" in seen["month"]["query"]
    assert seen["month"]["metric"] == "downloads"
    assert seen["whole"] == seen["chosen"]


def test_a_reader_filters(seen):
    filtered = seen["filtered"]
    assert "filter=" in filtered["query"]
    assert len(filtered["pills"]) == 1
    assert filtered["numbers"] != seen["chosen"]["numbers"]
    assert seen["reloaded"] == filtered
    assert seen["unfiltered"] == seen["chosen"]


def test_a_reader_compares_and_splits(seen):
    assert "compare=year" in seen["compared"]["query"]
    assert seen["compared"]["numbers"] == seen["chosen"]["numbers"]
    assert "dimension=" in seen["split"]["query"]


def test_scripts_load_no_page_again(seen):
    assert seen["loads"] == 0


def test_numbers_are_the_same_without_scripts(seen):
    plain = seen["plain"]
    assert plain["first"] == seen["first"]
    assert plain["same"] == seen["filtered"]
    assert plain["clicked"]["pills"] == seen["filtered"]["pills"]
    assert "since=" in plain["day"]["query"]


def test_a_table_is_a_file(seen):
    csv = seen["csv"]
    assert (csv["status"], csv["type"].split(";")[0]) == (200, "text/csv")
    assert "," in csv["head"]


def test_the_map_and_the_card_of_a_record(server, community, people):
    recid = content.publish(people["uploader"])
    seen = reported("places.mjs", server, recid)
    assert seen["map"]["live"] == seen["map"]["plain"] != []
    assert seen["chosen"] == seen["wanted"]
    assert "filter=" in seen["chosen"]
    assert seen["card"] == {"numbers": ["0", "0"], "link": f"/records/{recid}/stats"}
    assert seen["link"] == seen["card"]["link"]
