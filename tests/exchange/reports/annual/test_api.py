# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reports of a year by HTTP: in each format the same figures, for whoever may read them."""

import csv
import re
import shutil
import subprocess
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from invenio_usage_stats.proxies import current_usage_stats

from ....resources.conftest import PRIVATE, SECRET, WHO, asking, house  # noqa: F401

REPORTS = "/api/reports/annual"
YEAR = datetime.now(UTC).year
NAMES = ("metric", "dimension", "id", "value")


def ask(app, house, where="global", who="anonymous", **args):  # noqa: F811
    """Return the answer to somebody who asks for a report."""
    with asking(app, house, who) as client:
        return client.get(f"{REPORTS}/{where}", query_string={"year": YEAR, **args})


def community(house, name="public"):  # noqa: F811
    return f"communities/{house.communities[name]}"


def cells(rows) -> list[tuple]:
    """Return rows below their heads as numbers by what they count."""
    head, *body = list(rows)
    found = [dict(zip(head, row, strict=True)) for row in body]
    return [
        (row["metric"], row["dimension"] or "", str(row["id"] or ""), _number(row["value"]))
        for row in found
    ]


def _number(value) -> float | None:
    return None if value in (None, "") else float(value)


def sheets(data: bytes) -> list[tuple]:
    """Return the numbers of all sheets of a workbook, what says what they are left out."""
    book = load_workbook(BytesIO(data))
    return [
        cell for name in book.sheetnames if name != "about" for cell in cells(book[name].values)
    ]


def test_the_figures_are_those_of_single_questions(app, house):  # noqa: F811
    for where in ("global", community(house)):
        report = ask(app, house, where).json
        with asking(app, house, "anonymous") as client:
            args = {"period": f"year:{YEAR}", "compare": "year"}
            totals = client.get(f"/api/usage-stats/{where}/totals", query_string=args).json
            args |= {"dimension": "records"}
            top = client.get(f"/api/usage-stats/{where}/top", query_string=args).json
        assert report["metrics"] == totals["metrics"]
        assert report["period"] == totals["period"]
        records = next(one for one in report["rankings"] if one["name"] == "records")
        assert [row["id"] for row in records["rows"]] == [row["id"] for row in top["rows"]]
        defined = {one["id"] for one in report["definitions"]}
        assert defined == set(report["metrics"]) <= set(current_usage_stats.catalog.metrics)


def test_each_format_has_the_same_numbers(app, house):  # noqa: F811
    text = ask(app, house, format="csv")
    assert text.headers["Content-Disposition"].startswith("attachment")
    rows = cells(csv.reader(StringIO(text.text, newline=""), strict=True))
    book = ask(app, house, format="xlsx")
    assert sorted(map(repr, sheets(book.data))) == sorted(map(repr, rows))
    report = ask(app, house).json
    numbers = {(metric, "", "", total["value"]) for metric, total in report["metrics"].items()}
    assert numbers <= set(rows)


def test_the_workbook_says_what_its_numbers_are(app, house):  # noqa: F811
    book = load_workbook(BytesIO(ask(app, house, format="xlsx").data))
    about = list(book["about"].values)
    catalog = current_usage_stats.catalog
    for id_, metric in catalog.metrics.items():
        assert (id_, str(metric.label), metric.unit, str(metric.definition)) in about
    assert book.sheetnames[:2] == ["annual", "months"]


def test_a_spreadsheet_program_reads_the_same_cells(app, house, tmp_path: Path):  # noqa: F811
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    path = tmp_path / "report.xlsx"
    path.write_bytes(ask(app, house, format="xlsx").data)
    there, back = tmp_path / "there", tmp_path / "back"
    for kind, source, folder in (("ods", path, there), ("xlsx", there / "report.ods", back)):
        run = [office, "--headless", "--convert-to", kind, "--outdir", folder, source]
        subprocess.run(run, check=True, capture_output=True, env={"HOME": str(tmp_path)})
    assert sheets((back / "report.xlsx").read_bytes()) == sheets(path.read_bytes())


@pytest.mark.parametrize("who", WHO)
def test_reports_are_for_who_may_read_the_numbers(app, house, who):  # noqa: F811
    insiders = ("member", "manager", "owner", "administrator")
    closed = ask(app, house, community(house, "restricted"), who)
    assert closed.status_code == (200 if who in insiders else 401 if who == "anonymous" else 403)
    for where in ("global", community(house)):
        for kind in ("json", "csv"):
            page = ask(app, house, where, who, format=kind)
            assert page.status_code == 200
            assert (f"A {SECRET} paper" in page.text) == (who in ("owner", "administrator"))
            private = who in ("author", "administrator") and where == "global"
            assert (f"A {PRIVATE} paper" in page.text) == private


def test_files_are_for_who_may_export(app, api, house, monkeypatch):  # noqa: F811
    for application in (app, api):
        policy = "tests.views.policies:NoFiles"
        monkeypatch.setitem(application.config, "USAGE_STATS_PERMISSION_POLICY", policy)
    assert ask(app, house).status_code == 200
    assert [ask(app, house, format=kind).status_code for kind in ("csv", "xlsx")] == [401, 401]
    with asking(app, house, "anonymous") as client:
        page = client.get(f"/stats/report?year={YEAR}").text
    assert "format=json" in page and "format=xlsx" not in page


@pytest.mark.parametrize(
    "args",
    [
        {"year": "1999"},
        {"year": "20x5"},
        {"year": [str(YEAR), "2001"]},
        {"period": "12m"},
        {"filter": "colours:red"},
        {"format": "pdf"},
        {"metric": "views"},
    ],
    ids=lambda args: next(iter(args)),
)
def test_what_cannot_be_read_is_named(app, house, args):  # noqa: F811
    page = ask(app, house, **args)
    assert page.status_code == 400
    assert page.json["errors"][0]["field"] == next(iter(args))


def test_an_answer_that_is_known_is_not_sent_again(app, house):  # noqa: F811
    with asking(app, house, "anonymous") as client:
        first = client.get(f"{REPORTS}/global?year={YEAR}")
        tag = {"If-None-Match": first.headers["ETag"]}
        assert client.get(f"{REPORTS}/global?year={YEAR}", headers=tag).status_code == 304
        assert client.get(f"{REPORTS}/global", headers=tag).status_code == 200


def test_the_page_leads_to_its_files(app, house):  # noqa: F811
    with asking(app, house, "anonymous") as client:
        page = client.get(f"/stats/report?year={YEAR}&filter=keywords:open-keyword").text
        links = re.findall(r'href="(http://localhost/api/reports/annual/[^"]*)"', page)
        assert len(links) == 2
        kinds = set()
        for link in links:
            answer = client.get(link.replace("&amp;", "&"))
            assert answer.status_code == 200
            kinds.add(answer.mimetype)
    assert len(kinds) == 2
