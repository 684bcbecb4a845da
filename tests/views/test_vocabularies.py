# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Values of vocabularies are called as in the reader's language."""

from .conftest import panels
from .test_viewmodel import FILTER, ask


def test_answers_have_the_language_that_is_asked_for(build):
    rows = ask("top", dimension="languages", locale="de").rows
    assert "Englisch" in [row.label for row in rows]
    (series, *_) = ask("series", dimension="languages", locale="de", filter="languages:eng").series
    assert series.label == "Englisch"


def test_pages_have_the_language_of_the_reader(build):
    view = build(language="de", tab="content", **FILTER)
    assert view["pills"][0]["label"] == "Sprachen: Englisch"
    (table,) = (t for t in panels(view, "table") if t["dimension"] == "languages")
    assert "Englisch" in [row["label"] for row in table["rows"]]
