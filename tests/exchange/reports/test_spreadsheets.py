# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reports open in what people use: the csv module, spreadsheets, and programs."""

import csv
import shutil
import subprocess
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from openpyxl import load_workbook

from invenio_usage_stats.exchange.reports.totals.row import COLUMNS
from invenio_usage_stats.resources.openapi.reports import report_schemas
from invenio_usage_stats.resources.serializers.csv import DANGEROUS
from invenio_usage_stats.resources.serializers.xlsx import XLSX

from .conftest import API, FILES, TITLES

NUMBERS = ("size", "views", "downloads", "volume")
TIMES = ("created", "first_viewed", "last_viewed", "last_downloaded")
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.fixture
def ask(app, desk):
    """Return a function that asks for a report as the administrator."""
    from ...conftest import browsing

    with browsing(app, desk.people["administrator"]) as client:
        yield lambda path="", **kwargs: client.get(f"{API}{path}", buffered=True, **kwargs)


def table(text: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    rows = list(csv.reader(StringIO(text, newline=""), strict=True))
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert tuple(rows[0]) == COLUMNS
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows[1:]]


def sheets(data: bytes) -> dict[str, list[dict]]:
    """Return the rows of each sheet of a workbook."""
    found = {}
    for sheet in load_workbook(BytesIO(data)):
        header, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(header, row, strict=True)) for row in rows]
    return found


def test_the_order_of_columns_never_changes(ask):
    response = ask("/files")
    assert response.text.split("\r\n")[0] == (
        "type,id,name,owner,owner_id,size,created,views,downloads,volume,first_viewed,last_viewed,"
        "last_downloaded,location,parent_record,communities,parent_communities,status"
    )
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert response.headers["Content-Disposition"] == 'attachment; filename="metrics-files.csv"'
    assert response.headers["Cache-Control"] == "private, no-store"


def test_hard_names_come_out_as_they_are(ask):
    rows = table(ask("?include_zero=1").text)
    names = {row["name"] for row in rows}
    hard = [*TITLES.values(), *(key for keys in FILES.values() for key in keys)]
    for name in (name for name in hard if name != TITLES["hidden"]):
        safe = f"'{name}" if name.startswith(DANGEROUS) else name
        assert safe in names, name
    for row in rows:
        assert not any(value.startswith(DANGEROUS) for value in row.values())


def test_csv_xlsx_and_json_have_the_same_cells(ask):
    lines = table(ask("?include_zero=1&format=csv").text)
    response = ask("?include_zero=1&format=xlsx")
    assert response.headers["Content-Type"] == XLSX
    book = sheets(response.data)
    assert list(book) == ["community", "record", "file", "about"]
    cells = [row for name in ("community", "record", "file") for row in book[name]]
    objects = ask("?include_zero=1&format=json").json["rows"]
    assert len(lines) == len(cells) == len(objects) > 6
    for line, row, found in zip(lines, cells, objects, strict=True):
        for name in COLUMNS:
            same(name, line[name], row[name], found[name])


def same(name: str, text: str, cell: object, value: object) -> None:
    """Compare a cell of CSV with those of XLSX and JSON."""
    if name in NUMBERS:
        assert text == ("" if cell is None else str(cell))
        assert cell == value
    elif name in TIMES and cell is not None:
        assert isinstance(cell, datetime)
        assert text == str(cell.replace(microsecond=0))
        assert value == f"{text.replace(' ', 'T')}Z"
    else:
        joined = ", ".join(value) if isinstance(value, list) else value or ""
        assert (cell or "") == joined
        assert text == (f"'{joined}" if joined.startswith(DANGEROUS) else joined)


def test_formats_are_chosen_by_name_or_by_accept(ask):
    for name, accept in (("csv", "text/csv"), ("xlsx", XLSX), ("json", "application/json")):
        assert ask(f"/records?format={name}").headers["Content-Type"].startswith(accept)
        asked = ask("/records", headers={"Accept": accept})
        assert asked.headers["Content-Type"].startswith(accept)
    assert ask("/records?format=ods").status_code == 400
    assert ask("/records", headers={"Accept": "image/png"}).status_code == 406


def test_kinds_have_the_names_of_clowder_too(ask):
    for ours, theirs in (("records", "datasets"), ("communities", "collections")):
        assert ask(f"/{ours}").data == ask(f"/{theirs}").data
    assert ask("/users").status_code == 404


def test_wrong_questions_are_refused(ask):
    response = ask("/files?sort=name")
    assert response.status_code == 400
    assert response.json["errors"][0]["field"] == "sort"
    assert ask("/files?until=yesterday").status_code == 400


def test_what_was_asked_stands_beside_the_rows(ask):
    found = ask("/records?since=2025-01-01&until=2025-12-31&format=json").json["asked"]
    assert (found["since"], found["until"]) == ("2025-01-01", "2025-12-31")
    assert (found["date_field"], found["sort"], found["include_zero"]) == (
        *("used", "downloads"),
        "false",
    )
    about = load_workbook(BytesIO(ask("/records?format=xlsx").data))["about"]
    told = {row[0]: row for row in about.iter_rows(values_only=True)}
    assert {"sort", "as_of", "views", "downloads", "traffic"} <= set(told)


def test_pandas_reads_what_the_csv_module_reads(ask):
    pandas = pytest.importorskip("pandas")
    text = ask("/records").text
    frame = pandas.read_csv(StringIO(text), parse_dates=list(TIMES))
    assert frame["downloads"].sum() == sum(int(row["downloads"]) for row in table(text))
    assert str(frame["last_viewed"].dtype).startswith("datetime64")


@pytest.mark.skipif(not OFFICE, reason="LibreOffice is not installed")
@pytest.mark.parametrize(
    ("form", "other", "read"),
    [("csv", "xlsx", lambda data: table(data.decode())), ("xlsx", "ods", sheets)],
)
def test_libreoffice_keeps_all_cells(ask, tmp_path: Path, form, other, read):
    """To another form and back: the same cells, with its own line breaks in them."""
    data = ask(f"?include_zero=1&format={form}").data
    (tmp_path / f"report.{form}").write_bytes(data)
    _convert(tmp_path / f"report.{form}", other, tmp_path / "there")
    _convert(tmp_path / "there" / f"report.{other}", form, tmp_path / "back")
    back = (tmp_path / "back" / f"report.{form}").read_bytes()
    assert repr(read(back)) == repr(read(data)).replace(r"\r\n", r"\n")


def _convert(source: Path, form: str, folder: Path) -> None:
    """Let LibreOffice write a file in another form."""
    home = f"-env:UserInstallation=file://{folder}/home"
    call = [OFFICE, home, "--headless", "--convert-to", form, "--outdir", folder, source]
    subprocess.run(call, check=True, capture_output=True, timeout=120)


def test_json_is_as_the_api_describes_it(ask):
    checker = Draft202012Validator.FORMAT_CHECKER
    found = ask("?include_zero=1&format=json").json
    Draft202012Validator(report_schemas()["report"], format_checker=checker).validate(found)
    assert {row["type"] for row in found["rows"]} == {"community", "record", "file"}
