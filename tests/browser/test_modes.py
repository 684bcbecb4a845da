# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Dashboards in the modes of their readers: other colours, no motion, no pointer, paper."""

import json
from typing import Any

import pytest

from .. import content
from .nodes import node, reported

pytestmark = pytest.mark.browser
FAST = 100
"""Milliseconds after which a click is felt to have waited."""


@pytest.fixture(scope="module")
def met(server, community) -> dict[str, Any]:
    """Return what readers met on a dashboard whose chart has bars."""
    path = f"/communities/{community}/stats?period=30d&dimension=resource_types"
    return reported("modes.mjs", server, path)


def test_what_is_chosen_and_each_bar_stand_out_in_forced_colours(met):
    chosen, bars = met["colours"]["chosen"], met["colours"]["bars"]
    assert len(chosen) >= 2
    for colour, background, adjusted in chosen:
        assert (colour != background, adjusted) == (True, "none")
    assert len(bars) >= 2
    assert len(set(bars)) == len(bars)


def test_nothing_moves_for_who_wants_no_motion(met):
    assert met["moving"] == 0


def test_nothing_sticks_out_from_right_to_left(met):
    assert met["overflow"] == []


def test_the_chart_is_read_with_the_keyboard(met):
    last, before = met["read"]["last"], met["read"]["before"]
    assert last and before and last != before
    assert met["read"]["shown"].startswith(before.split(":")[0])


def test_paper_says_what_was_chosen_and_has_all_numbers(met):
    paper = met["paper"]
    assert [one.split(":")[0] for one in paper["chosen"]] == [
        "Period",
        "Versions",
        "Records by",
        "Compare with",
    ]
    assert "Views" in paper["heads"]
    assert paper["numbers"] == 30
    assert (paper["cut"], paper["controls"]) == (0, 0)


def test_a_click_is_answered_at_once(met):
    assert met["speed"] <= FAST


def test_every_part_is_accessible(server, community, people):
    record = content.publish(people["uploader"])
    views = ("tab=audience", "tab=records", "table=subjects", "dimension=languages&interval=week")
    paths = [*(f"/stats?{view}" for view in views), f"/records/{record}/stats"]
    for report in json.loads(node("axe.mjs", server, *paths).stdout):
        for run in report["runs"]:
            assert (run["status"], run["errors"], run["violations"]) == (200, [], []), report["url"]
            assert run["overflow"] == [], report["url"]
