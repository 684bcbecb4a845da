# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""XLSX: a sheet for each table, with typed cells, and one that says what the numbers are."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from io import RawIOBase
from itertools import chain, groupby, islice
from typing import Any, TypeVar
from zipfile import ZIP_DEFLATED, ZipFile

from flask_resources.serializers import BaseSerializer

from ...services.results import Line
from .answer import COLUMNS, Answer
from .sheets import Head, SheetShape, day_cell, workbook_parts

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (12, 24, 20, 20, 24, 40, 16, 14)
LONGEST = 1_048_576
"""Rows of a sheet."""
LONGEST_NAME = 31
Cells = tuple[Any, ...]
R = TypeVar("R", bound=tuple)


class XLSXSerializer(BaseSerializer):
    """Write the lines of a result as they are made."""

    extension = "xlsx"
    content_type = XLSX

    def serialize_object(self, obj: Answer) -> Iterator[bytes]:
        """Yield a workbook in pieces."""
        question = obj.question
        found = tables(obj.result.table(), lambda line: line.dimension or question, question)
        named = ((name, map(_cells, lines)) for name, lines in found)
        return workbook(Head(COLUMNS, WIDTHS), named, obj.about)


def workbook(
    head: Head,
    sheets: Iterable[tuple[str, Iterator[Cells]]],
    about: Callable[[], Iterable[tuple[str, ...]]],
) -> Iterator[bytes]:
    """Yield a workbook in pieces: the rows first, and what tells of the sheets at the end."""
    sent, shape, names = _Sent(), SheetShape(head), []
    with ZipFile(sent, "w", ZIP_DEFLATED) as archive:
        for name, rows in sheets:
            names.append(name)
            with archive.open(f"xl/worksheets/sheet{len(names)}.xml", "w") as sheet:
                for piece in shape.pieces(rows):
                    sheet.write(piece)
                    yield sent.taken()
        written = set(archive.namelist())
        for path, content in workbook_parts(head, names, about()).items():
            if path not in written:
                archive.writestr(path, content)
    yield sent.taken()


def _cells(line: Line) -> Cells:
    """Return the cells of a line."""
    return day_cell(line.date), *line[1:]


class _Sent(RawIOBase):
    """Be a file that cannot go back."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        """Tell that it can be written."""
        return True

    def write(self, piece: bytes) -> int:
        """Take a piece."""
        self.pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        """Return what was written, and forget it."""
        whole = b"".join(self.pieces)
        self.pieces.clear()
        return whole


def tables(
    rows: Iterable[R], title: Callable[[R], str], otherwise: str
) -> Iterator[tuple[str, Iterator[R]]]:
    """Yield sheets by name with their rows, which must be read before the next sheet is.

    There is one for each title, and more where it is full; one without rows if there are none.
    """
    parts: Counter[str] = Counter()
    for name, found in groupby(rows, key=title):
        for some in _fitting(found):
            parts[name] += 1
            yield sheet_name(name, parts[name]), some
    if not parts:
        yield sheet_name(otherwise, 1), iter(())


def _fitting(rows: Iterator[R]) -> Iterator[Iterator[R]]:
    """Yield rows, as many at once as a sheet holds below its header."""
    while (first := next(rows, None)) is not None:
        yield chain([first], islice(rows, LONGEST - 2))


def sheet_name(text: str, part: int) -> str:
    """Return a name without what names of sheets must not have; ``part``: 1 for the first."""
    end = f" ({part})" if part > 1 else ""
    name = re.sub(r"[\[\]:*?/\\']", " ", text).strip() or "table"
    return name[: LONGEST_NAME - len(end)] + end
