# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""XLSX: a sheet for each table, with typed cells, and one that says what the numbers are."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from tempfile import TemporaryFile
from typing import Any

from flask_resources.serializers import BaseSerializer
from xlsxwriter import Workbook

from ...services.results import Line
from .answer import COLUMNS, Answer

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}
FIRST_DATE = date(1900, 3, 1)
"""Before it, spreadsheets count a day that never was, or nothing at all."""
LONGEST = 1_048_576
"""Rows of a sheet."""
LONGEST_TEXT = 32_767
PIECE = 64 * 1024
WIDTHS = (12, 24, 20, 20, 24, 40, 16, 14)


class XLSXSerializer(BaseSerializer):
    """Write the lines of a result to a file on disk, and send that."""

    extension = "xlsx"
    content_type = XLSX

    def serialize_object(self, obj: Answer) -> Iterator[bytes]:
        """Yield a workbook in pieces."""
        with TemporaryFile() as file:
            with Workbook(file, OPTIONS) as workbook:
                _Tables(workbook, obj.question).write(obj.result.table())
                _describe(workbook, obj)
            file.seek(0)
            while piece := file.read(PIECE):
                yield piece


class _Tables:
    """Spread rows over sheets by dimension, and over more where a sheet is full."""

    def __init__(self, workbook: Workbook, question: str) -> None:
        self.workbook = workbook
        self.question = question
        self.bold = workbook.add_format({"bold": True})
        self.sheets: dict[str, tuple[Any, int]] = {}

    def write(self, rows: Iterable[Line]) -> None:
        """Write rows."""
        for row in rows:
            name = row.dimension or self.question
            sheet, line = self.sheets.get(name) or self._start(name, 1)
            if line % LONGEST == 0:
                sheet, line = self._start(name, line // LONGEST + 1)
            _write_row(sheet, line % LONGEST, row)
            self.sheets[name] = sheet, line + 1
        if not self.sheets:
            self._start(self.question, 1)

    def _start(self, name: str, part: int) -> tuple[Any, int]:
        """Return a new sheet with a header, and the number of its first line."""
        end = f" ({part})" if part > 1 else ""
        sheet = self.workbook.add_worksheet(sheet_name(name)[: 31 - len(end)] + end)
        for column, (title, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, self.bold)
        sheet.freeze_panes(1, 0)
        self.sheets[name] = sheet, (part - 1) * LONGEST + 1
        return self.sheets[name]


def sheet_name(text: str) -> str:
    """Return a text without what names of sheets must not have."""
    return re.sub(r"[\[\]:*?/\\']", " ", text).strip() or "table"


def _write_row(sheet: Any, line: int, row: Line) -> None:
    """Write a row with typed cells; what there is no value for stays empty."""
    for column, value in enumerate(_typed(row)):
        if isinstance(value, date):
            sheet.write_datetime(line, column, value)
        elif isinstance(value, int | float):
            sheet.write_number(line, column, value)
        elif value:
            sheet.write_string(line, column, value[:LONGEST_TEXT])


def _typed(row: Line) -> Line:
    """Return a row whose day is one, as far as spreadsheets know such days."""
    day = date.fromisoformat(row.date)
    return row._replace(date=day) if day >= FIRST_DATE else row


def _describe(workbook: Workbook, answer: Answer) -> None:
    """Write the sheet that tells what was asked and what the metrics count."""
    sheet = workbook.add_worksheet("about")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 3, 40)
    for line, row in enumerate(answer.about()):
        for column, text in enumerate(row):
            sheet.write_string(line, column, text[:LONGEST_TEXT])
