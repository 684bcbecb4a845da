# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Rows of sheets as XML, so that a workbook can be sent while it is made.

XlsxWriter makes everything else: it can only write a workbook that is complete.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from itertools import islice
from string import ascii_uppercase
from typing import Any, NamedTuple
from xml.sax.saxutils import escape
from zipfile import ZipFile

from xlsxwriter import Workbook

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
DAY_ZERO = datetime(1899, 12, 30)
FIRST_DATE = date(1900, 3, 1)
"""Before it, spreadsheets count a day that never was, or nothing at all."""
DAY_SECONDS = 86_400
LONGEST_TEXT = 32_767
KEPT = {"\r": "&#13;"}
"""What XML can hold, but has readers take for something else."""
ROWS = 500
"""How many rows are written at once."""
NOT_IN_XML = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)"
)


class Head(NamedTuple):
    """Be the columns of a sheet, at most 26, and how wide they are."""

    columns: tuple[str, ...]
    widths: tuple[int, ...]


def workbook_parts(
    head: Head, names: Iterable[str], about: Iterable[tuple[str, ...]]
) -> dict[str, bytes]:
    """Return the files of a workbook whose sheets have one row each, and one that tells of it."""
    whole = BytesIO()
    with Workbook(whole, OPTIONS) as workbook:
        bold = workbook.add_format({"bold": True})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for name in names:
            sheet = workbook.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for column, (title, width) in enumerate(zip(*head, strict=True)):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, title, bold)
            sheet.write_datetime(1, 0, FIRST_DATE, day)
            sheet.write_datetime(1, 1, FIRST_DATE, moment)
        sheet = workbook.add_worksheet("about")
        sheet.set_column(0, 3, 32)
        for line, row in enumerate(about):
            for column, text in enumerate(row):
                sheet.write_string(line, column, text[:LONGEST_TEXT])
    with ZipFile(whole) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class SheetShape:
    """Know what stands before and after the rows of a sheet, and how its days and times look."""

    def __init__(self, head: Head) -> None:
        made = workbook_parts(head, ["any"], ())["xl/worksheets/sheet1.xml"].decode()
        made = re.sub(r"<dimension [^>]*/>", "", made)
        self.head, _, rest = made.partition('<row r="2"')
        self.tail = rest[rest.index("</sheetData>") :]
        self.day, self.moment = re.findall(r'<c r="[AB]2" s="(\d+)"', rest)

    def pieces(self, rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
        """Yield a sheet, many rows at once."""
        yield self.head.encode()
        lines = enumerate(rows, start=2)
        while some := list(islice(lines, ROWS)):
            yield "".join(self.row(number, line) for number, line in some).encode()
        yield self.tail.encode()

    def row(self, number: int, cells: Iterable[Any]) -> str:
        """Return a row with typed cells; what there is no value for is left out."""
        places = (f'<c r="{letter}{number}"' for letter in ascii_uppercase)
        written = "".join(map(self._cell, places, cells))
        return f'<row r="{number}">{written}</row>'

    def _cell(self, start: str, value: Any) -> str:
        """Return a cell whose beginning is known."""
        if isinstance(value, int | float):
            return f"{start}><v>{value}</v></c>"
        if isinstance(value, date):
            style = self.moment if isinstance(value, datetime) else self.day
            return f'{start} s="{style}"><v>{_serial(value)}</v></c>'
        return f'{start} t="inlineStr">{_text(value)}</c>' if value else ""


@lru_cache(maxsize=10_000)
def _serial(value: date) -> float:
    """Return how spreadsheets count a day or a moment."""
    if isinstance(value, datetime):
        return (value - DAY_ZERO).total_seconds() / DAY_SECONDS
    return (value - DAY_ZERO.date()).days


@lru_cache(maxsize=10_000)
def day_cell(text: str) -> date | str:
    """Return a day as a cell: a text where spreadsheets do not know it."""
    day = date.fromisoformat(text)
    return day if day >= FIRST_DATE else text


@lru_cache(maxsize=10_000)
def _text(text: str) -> str:
    """Return a text, with what XML cannot hold in the notation of spreadsheets."""
    kept = NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text[:LONGEST_TEXT])
    return f'<is><t xml:space="preserve">{escape(kept, KEPT)}</t></is>'
