# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Tables rank by any of their columns, and fill the lines that they stand in."""

import pytest

from .conftest import SINCE, UNTIL, layout, panels
from .test_viewmodel import ask


def test_a_page_of_a_table_shows_everything(build):
    view = build(table="subjects", tab="content", page="1")
    (table,) = panels(view, "table")
    answer = ask("top", dimension="subjects", size="50")
    assert [row["id"] for row in table["rows"]] == [row.id for row in answer.rows]
    assert table["pager"]["text"] == f"1 to {answer.count} of {answer.count}"
    assert table["pager"]["next"] is table["pager"]["previous"] is table["all"] is None
    assert table["back"]["href"] == f"?since={SINCE}&until={UNTIL}&tab=content"
    ranked = [column["href"] for column in table["columns"]]
    assert ranked[0] is None
    assert ranked[2].endswith("&sort=subjects:downloads")
    sorted_ = panels(build(table="subjects", sort="subjects:downloads"), "table")[0]
    assert sorted_["columns"][0]["id"] == "downloads"
    (short,) = panels(build(changes=layout("SubjectsTable", limit=2)), "table")
    assert short["all"] == f"?since={SINCE}&until={UNTIL}&table=subjects"
    assert f"of {answer.count}" in short["count"]


def test_a_column_ranks_all_values_anew(build):
    only = layout("SubjectsTable", limit=2, metric="downloads")
    (table,) = panels(build(changes=only), "table")
    by_views = next(c["href"] for c in table["columns"] if c["id"] == "views")
    assert by_views == f"?since={SINCE}&until={UNTIL}&sort=subjects.downloads:views"
    (ranked,) = panels(build(changes=only, sort="subjects.downloads:views"), "table")
    answer = ask("top", dimension="subjects", metric="views", size="2")
    assert [row["id"] for row in ranked["rows"]] == [row.id for row in answer.rows]
    assert ranked["columns"][0] | {"label": ""} == {
        "id": "views",
        "label": "",
        "href": None,
        "current": True,
    }
    back = next(c["href"] for c in ranked["columns"] if c["id"] == "downloads")
    assert back == f"?since={SINCE}&until={UNTIL}"
    assert ranked["all"].endswith(
        "&table=subjects&sort=subjects.downloads:views&sort=subjects:views"
    )


@pytest.mark.parametrize(
    ("width", "names", "widths"),
    [
        (8, "LanguagesTable", ["sixteen"]),
        (8, "LanguagesTable SubjectsTable", ["eight", "eight"]),
        (8, "LanguagesTable SubjectsTable LicensesTable", ["eight", "eight", "sixteen"]),
        (6, "LanguagesTable SubjectsTable", ["six", "six"]),
        (8, "StatsChart", ["eight"]),
        (8, "LanguagesTable SingleStatViews", ["eight", "eight"]),
    ],
)
def test_a_table_alone_in_its_line_takes_all_of_it(build, width, names, widths):
    (row,) = build(changes=layout(*names.split(), width=width))["rows"]
    assert [panel["css"].split()[0] for panel in row["panels"]] == widths
