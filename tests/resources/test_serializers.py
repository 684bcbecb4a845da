# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Files are read back by what readers use: Python's csv (strict) and openpyxl."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from invenio_usage_stats.catalog import DIMENSIONS, METRICS, Catalog
from invenio_usage_stats.reader.freshness import Freshness
from invenio_usage_stats.reader.periods import Period
from invenio_usage_stats.resources.serializers import CSVSerializer, XLSXSerializer
from invenio_usage_stats.resources.serializers import xlsx as xlsx_module
from invenio_usage_stats.resources.serializers.answer import COLUMNS, Answer
from invenio_usage_stats.services.parts import Note
from invenio_usage_stats.services.query import Query
from invenio_usage_stats.services.results import (
    Line,
    OneSeries,
    Part,
    Point,
    Result,
    Series,
    Snapshot,
)
from invenio_usage_stats.services.scopes import Scope

CATALOG = Catalog(METRICS, DIMENSIONS)
COMMUNITY = Scope("2f1c", 'Physics, "modern"', "physics-lab")
SINCE, UNTIL = date(2025, 1, 1), date(2025, 12, 31)
NASTY = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", 'a "quoted", text', "two\nlines")


def common(**changes) -> dict:
    """Return what every result has."""
    fresh = Freshness(datetime(2026, 1, 1, tzinfo=UTC), date(2020, 1, 1), None)
    return {
        "scope": COMMUNITY,
        "query": Query(metrics=("views",)),
        "period": Period(SINCE, UNTIL),
        "comparison": None,
        "freshness": fresh,
        "notes": [Note("hint", "Take care.")],
        **changes,
    }


def snapshot() -> Snapshot:
    """Return a result with texts that are hard to write."""
    parts = [Part(text, text, {"records": -7 if n else None}) for n, text in enumerate(NASTY)]
    return Snapshot(
        **common(),
        date=UNTIL,
        units={"records": "records"},
        metrics={"records": 12},
        dimensions={"subjects": parts, "publishers": [Part("a", "A", {"records": 3})]},
        counts={"subjects": len(parts), "publishers": 1},
        page=1,
        size=None,
    )


def answer(result: Result) -> Answer:
    """Return a result as it is sent."""
    return Answer("snapshot", result, {"self": "https://x.org/api/a?b=c"}, {}, CATALOG)


def as_csv(result: Result) -> list[list[str]]:
    """Return a file's lines as Python reads them."""
    data = b"".join(CSVSerializer().serialize_object(answer(result)))
    assert data.endswith(b"\r\n")
    return list(csv.reader(StringIO(data.decode("utf-8"), newline=""), strict=True))


def as_xlsx(result: Result):
    """Return a file as openpyxl reads it."""
    data = b"".join(XLSXSerializer().serialize_object(answer(result)))
    return load_workbook(BytesIO(data))


def test_csv_is_one_tidy_table():
    lines = as_csv(snapshot())
    assert tuple(lines[0]) == COLUMNS
    assert COLUMNS == ("date", "scope", "metric", "dimension", "id", "label", "value", "unit")
    assert lines[1] == [
        "2025-12-31", "communities/2f1c", "records", "", "", "", "12", "records",
    ]  # fmt: skip
    assert {len(line) for line in lines} == {len(COLUMNS)}
    assert len(lines) == 1 + 1 + len(NASTY) + 1


def test_csv_has_no_formulas_and_keeps_numbers():
    found = {line[4].lstrip("'"): line for line in as_csv(snapshot())[2:]}
    for text in NASTY:
        cell = found[text][5]
        assert cell == (text if text[0] in "at" else f"'{text}")
    assert found["+1"][6] == "-7"
    assert found["=1+1"][6] == ""


def test_csv_begins_before_the_result_is_made():
    made = 0

    @dataclass(frozen=True, kw_only=True)
    class Endless(Result):
        def table(self) -> Iterator[Line]:
            nonlocal made
            while True:
                made += 1
                yield self.line(UNTIL, "views", "events", made)

    pieces = CSVSerializer().serialize_object(answer(Endless(**common())))
    first = next(pieces)
    assert first.count(b"\r\n") == 1
    assert made == 1
    second = next(pieces)
    assert second.startswith(b"\r\n")
    assert second.count(b"\r\n") == 500
    assert not (first.endswith(b"\n") or second.endswith(b"\n"))


def test_xlsx_has_a_sheet_for_each_table():
    book = as_xlsx(snapshot())
    assert book.sheetnames == ["snapshot", "subjects", "publishers", "about"]
    header, row = book["publishers"].iter_rows(values_only=True)
    assert header == COLUMNS
    assert row[0] == datetime(2025, 12, 31)
    assert row[6] == 3
    assert book["publishers"]["A2"].number_format == "yyyy-mm-dd"


def test_xlsx_cells_are_typed_and_never_formulas():
    sheet = as_xlsx(snapshot())["subjects"]
    cells = {row[4].value: row for row in sheet.iter_rows(min_row=2)}
    assert {row[4].data_type for row in cells.values()} == {"s"}
    assert cells["+1"][6].value == -7
    assert cells["=1+1"][6].value is None
    assert cells['a "quoted", text'][5].value == 'a "quoted", text'


def test_xlsx_says_what_was_asked_and_what_metrics_are():
    rows = list(as_xlsx(snapshot())["about"].iter_rows(values_only=True))
    said = {row[0]: row for row in rows if row[0]}
    assert said["scope"][1:3] == ("communities/2f1c", 'Physics, "modern"')
    assert said["since"][1] == "2025-01-01"
    assert said["note"][1] == "Take care."
    for metric in METRICS:
        assert said[metric.id][2:4] == (metric.unit, str(metric.definition))


def test_xlsx_goes_on_in_another_sheet(monkeypatch):
    monkeypatch.setattr(xlsx_module, "LONGEST", 4)
    days = [SINCE + timedelta(days=n) for n in range(8)]
    points = [Point(day, n) for n, day in enumerate(days)]
    series = [OneSeries("views", "events", None, None, points)]
    book = as_xlsx(Series(**common(), interval="day", series=series))
    assert book.sheetnames == ["snapshot", "snapshot (2)", "snapshot (3)", "about"]
    numbers = [
        row[6]
        for name in book.sheetnames[:3]
        for row in book[name].iter_rows(min_row=2, values_only=True)
    ]
    assert numbers == list(range(8))


def test_xlsx_begins_before_the_result_is_made():
    made = 0

    @dataclass(frozen=True, kw_only=True)
    class Long(Result):
        def table(self) -> Iterator[Line]:
            nonlocal made
            for made in range(10_000):
                yield self.line(UNTIL, "views", "events", made)

    pieces = XLSXSerializer().serialize_object(answer(Long(**common())))
    next(pieces)
    assert made < 1_000
    assert as_xlsx(Long(**common()))["snapshot"].max_row == 10_001


def test_xlsx_holds_any_text():
    strange = ["a\x00b", "\x1b[0m", "_x0041_", "<&>\"'", "\ud800", "🦉", " spaces ", "x" * 40_000]
    strange += ["two\r\nlines", "or\n\rthree\r"]
    parts = [Part(f"v{n}", text, {"records": n}) for n, text in enumerate(strange)]
    result = replace(snapshot(), metrics={}, dimensions={"a/b": parts})
    sheet = as_xlsx(result)["a b"]
    found = [row[5] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert found[3] == "<&>\"'"
    assert found[5:7] == ["🦉", " spaces "]
    assert len(found[7]) == 32_767
    assert found[8:] == strange[8:]


def test_an_answer_without_numbers_is_a_file_too():
    empty = Series(**common(), interval="day", series=[])
    assert as_xlsx(empty).sheetnames == ["snapshot", "about"]
    assert as_csv(empty) == [list(COLUMNS)]


def test_days_that_spreadsheets_do_not_know_are_texts():
    early = Series(
        **common(),
        interval="day",
        series=[OneSeries("records", "records", None, None, [Point(date(1850, 1, 1), 1)])],
    )
    assert as_xlsx(early)["snapshot"]["A2"].value == "1850-01-01"


@pytest.mark.parametrize(
    ("scope", "name"),
    [
        (Scope("global", kind="global"), "repository-series-2025-01-01-2025-12-31.csv"),
        (COMMUNITY, "physics-lab-series-2025-01-01-2025-12-31.csv"),
        (Scope("ab1-2c", kind="record"), "ab1-2c-series-2025-01-01-2025-12-31.csv"),
        (Scope("1", slug='../"x"'), "x-series-2025-01-01-2025-12-31.csv"),
    ],
)
def test_files_are_named_after_scope_and_period(scope, name):
    result = Series(**common(scope=scope), interval="day", series=[])
    found = Answer("series", result, {}, {}, CATALOG).filename("csv")
    assert found == name
