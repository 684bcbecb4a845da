# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""All numbers of a view as a workbook."""

from io import BytesIO

from openpyxl import load_workbook

from invenio_usage_stats.services.permissions import UsageStatsPermissionPolicy
from invenio_usage_stats.views.sharing.workbook import written

from ..resources.conftest import asking, house  # noqa: F401
from .conftest import panels


def sheets(data):
    """Return the rows of all sheets by name."""
    book = load_workbook(BytesIO(data))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_each_panel_has_its_numbers_on_a_sheet(build):
    view = build(tab="content", filter="languages:eng")
    found = sheets(written(view))
    cards = {row[0]: row[1:3] for row in found["Statistics"][1:]}
    for card in panels(view, "card"):
        assert cards[card["title"]] == (card["value"], card["earlier"])
    series = view["series"][view["metric"]]
    (line, *_) = series["lines"]
    values = [value and value["value"] for value in line["values"]]
    assert [row[1] for row in found[series["label"]][1:]] == values
    for table in panels(view, "table"):
        rows = [(row["label"], *(c["value"] for c in row["cells"])) for row in table["rows"]]
        assert found[table["title"]][1 : len(rows) + 1] == rows
    told = [row[1] for row in found["What the numbers mean"]]
    assert "Only: Languages: English." in told


def test_panels_without_an_answer_are_told_of(build):
    found = sheets(written(build(filter="countries:DE", since="2024-01-01", until="2024-06-30")))
    assert any("92 days" in str(row[1]) for row in found["What the numbers mean"])


def test_it_is_for_who_may_have_files(app, house, monkeypatch):  # noqa: F811
    def get(url, who="anonymous"):
        with asking(app, house, who) as client:
            return client.get(url)

    answer = get("/stats/workbook?period=30d")
    assert answer.status_code == 200
    assert "global.xlsx" in answer.headers["Content-Disposition"]
    assert "Statistics" in sheets(answer.data)
    assert get("/stats/workbook?period=soon").status_code == 400
    hidden = f"/communities/{house.communities['restricted']}/stats/workbook"
    assert get(hidden, "stranger").status_code == 403
    assert get(hidden, "member").status_code == 200
    share = get("/stats/view?period=30d").json["share"]
    assert share["workbook"].endswith("/stats/workbook?period=30d")

    class Policy(UsageStatsPermissionPolicy):
        can_export = []

    monkeypatch.setitem(app.config, "USAGE_STATS_PERMISSION_POLICY", Policy)
    assert get("/stats/workbook").status_code in (302, 403)
    assert get("/stats/view").json["share"]["workbook"] is None
