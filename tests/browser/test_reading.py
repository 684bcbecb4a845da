# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What the guide for readers promises: five questions answered, on phones, and on paper."""

import pytest

from .. import content
from .nodes import as_person, reported

pytestmark = pytest.mark.browser
ANSWERS = {
    "growing": ["Records at that time", "no earlier data"],
    "most used": ["Last quarter", "Most viewed records", "Most downloaded records"],
    "from where": ["Visitors by country", "Referrers"],
    "this year and the last": ["This year", "A year before"],
    "report": ["The year in numbers", "Month by month", "Countries"],
}
CLICKS = 3
INK = 2000
"""Bytes that a printed sheet draws at least: more than its margins, less than a table."""


@pytest.fixture(scope="module")
def questions(server, community) -> dict[str, dict]:
    """Return what a reader found who asked the five questions."""
    return reported("questions.mjs", server)


@pytest.mark.parametrize("question", ANSWERS)
def test_a_question_is_answered_within_three_clicks(questions, question):
    found = questions[question]
    assert found["clicks"] <= CLICKS
    shown = " ".join(found["texts"])
    assert [text for text in ANSWERS[question] if text not in shown] == []


def test_pages_fit_on_phones_and_on_paper(server, community, people):
    record = content.publish(people["uploader"])
    paths = [f"/records/{record}/stats", f"/communities/{community}/stats/report", "/stats/report"]
    pages = reported("paper.mjs", server, "/communities", *paths)
    stock, *ours = pages
    for page in ours:
        assert page["out"] == [], page["url"]
        # the theme's header is a little wider than phones
        assert page["width"] <= stock["width"], page["url"]
        assert min(page["sheets"]) > INK, page["url"]
    assert all(len(page["sheets"]) > 1 for page in ours[1:])


def test_what_a_reader_owns_fits_on_phones(server, community, people):
    content.publish(people["uploader"])
    person = as_person(people["uploader"])
    stock, ours = reported("paper.mjs", server, "/communities", "/me/stats", **person)
    assert ours["out"] == []
    # the menu of these pages has an entry more than the theme's
    assert ours["width"] <= stock["width"]
