# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""CSV (RFC 4180): one tidy table, a line for each number."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from flask_resources.serializers import BaseSerializer

from .answer import COLUMNS, Answer

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Beginnings that spreadsheets take for formulas."""
LINE_BREAK = b"\r\n"
LINES = 500
"""How many lines are sent at once."""


class CSVSerializer(BaseSerializer):
    """Write the lines of a result as they are made."""

    extension = "csv"
    content_type = "text/csv; charset=utf-8; header=present"

    def serialize_object(self, obj: Answer) -> Iterator[bytes]:
        """Yield a file in pieces."""
        return pieces(COLUMNS, obj.result.table())


class _Piece:
    """Be a file that the writer of the standard library writes to."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        """Take a line."""
        self.lines.append(line)

    def taken(self) -> bytes:
        """Return what was written, and forget it."""
        text = "".join(self.lines)
        self.lines.clear()
        return text.encode("utf-8")


def pieces(columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """Yield a table written as CSV: the first row at once, then many together.

    A piece ends without the line break that the next one begins with. So only a file that is whole
    ends with one, which tells it from one whose making failed.
    """
    piece, before, enough = _Piece(), b"", 2
    writer = csv.writer(piece, lineterminator=LINE_BREAK.decode())
    for row in chain([columns], rows):
        writer.writerow([harmless(value) for value in row])
        if len(piece.lines) >= enough:
            yield before + piece.taken().removesuffix(LINE_BREAK)
            before, enough = LINE_BREAK, LINES
    yield before + piece.taken()


def harmless(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return value
