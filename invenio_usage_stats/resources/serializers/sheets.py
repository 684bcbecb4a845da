# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Rows of sheets as XML, so that a workbook can be sent while it is made.

XlsxWriter makes everything else: it can only write a workbook that is complete.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from io import BytesIO
from itertools import islice
from xml.sax.saxutils import escape
from zipfile import ZipFile

from xlsxwriter import Workbook

from ...services.results import Line
from .answer import COLUMNS

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
DAY_ZERO = date(1899, 12, 30)
FIRST_DATE = date(1900, 3, 1)
"""Before it, spreadsheets count a day that never was, or nothing at all."""
LONGEST_TEXT = 32_767
WIDTHS = (12, 24, 20, 20, 24, 40, 16, 14)
LETTERS = "ABCDEFGH"
ROWS = 500
"""How many rows are written at once."""
NOT_IN_XML = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)"
)


def workbook_parts(names: Iterable[str], about: Iterable[tuple[str, ...]]) -> dict[str, bytes]:
    """Return the files of a workbook whose sheets have one row each, and one that tells of it."""
    whole = BytesIO()
    with Workbook(whole, OPTIONS) as workbook:
        bold = workbook.add_format({"bold": True})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for name in names:
            sheet = workbook.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for column, (title, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, title, bold)
            sheet.write_datetime(1, 0, FIRST_DATE, day)
        sheet = workbook.add_worksheet("about")
        sheet.set_column(0, 3, 32)
        for line, row in enumerate(about):
            for column, text in enumerate(row):
                sheet.write_string(line, column, text[:LONGEST_TEXT])
    with ZipFile(whole) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class SheetShape:
    """Know what stands before and after the rows of a sheet, and how its days look."""

    def __init__(self) -> None:
        made = workbook_parts(["any"], ())["xl/worksheets/sheet1.xml"].decode()
        made = re.sub(r"<dimension [^>]*/>", "", made)
        self.head, _, rest = made.partition('<row r="2"')
        self.tail = rest[rest.index("</sheetData>") :]
        self.style = re.search(r'<c r="A2" s="(\d+)"', rest)[1]

    def pieces(self, rows: Iterable[Line]) -> Iterator[bytes]:
        """Yield a sheet, many rows at once."""
        yield self.head.encode()
        lines = enumerate(rows, start=2)
        while some := list(islice(lines, ROWS)):
            yield "".join(self.row(number, line) for number, line in some).encode()
        yield self.tail.encode()

    def row(self, number: int, line: Line) -> str:
        """Return a row with typed cells; what there is no value for is left out."""
        cells = [self._day(number, line.date)]
        for letter, value in zip(LETTERS[1:], line[1:], strict=True):
            if isinstance(value, int | float):
                cells.append(f'<c r="{letter}{number}"><v>{value}</v></c>')
            elif value:
                cells.append(f'<c r="{letter}{number}" t="inlineStr">{_text(value)}</c>')
        return f'<row r="{number}">{"".join(cells)}</row>'

    def _day(self, number: int, text: str) -> str:
        """Return a day, as one where spreadsheets know it."""
        serial = _serial(text)
        if serial is None:
            return f'<c r="A{number}" t="inlineStr">{_text(text)}</c>'
        return f'<c r="A{number}" s="{self.style}"><v>{serial}</v></c>'


@lru_cache(maxsize=10_000)
def _serial(text: str) -> int | None:
    """Return how spreadsheets count a day."""
    day = date.fromisoformat(text)
    return (day - DAY_ZERO).days if day >= FIRST_DATE else None


@lru_cache(maxsize=10_000)
def _text(text: str) -> str:
    """Return a text, with what XML cannot hold in the notation of spreadsheets."""
    kept = NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text[:LONGEST_TEXT])
    return f'<is><t xml:space="preserve">{escape(kept)}</t></is>'
