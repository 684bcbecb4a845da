# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What may be asked of every table: which rows and columns, in which order and shape."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from ....errors import MatomoError
from . import tables
from .asked import Asked
from .tables import Columns, Row

ALL = -1
LIMIT = 100
"""So many rows are answered without a limit of the reader's."""
LABEL = "label"
SUBTABLE = "idSubtable"
STEP = re.compile(r"\s*>\s*")
"""What stands between the labels of a folder and of a row in it."""
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class Choice(NamedTuple):
    """Be the columns that are shown."""

    shown: frozenset[str]
    """Empty for all of them."""
    hidden: frozenset[str]

    @classmethod
    def read(cls, asked: Asked) -> "Choice":
        """Return the columns that are asked for."""
        shown = asked.names("showColumns") or asked.names("columns")
        return cls(frozenset(shown), frozenset(asked.names("hideColumns")))

    def of(self, columns: Columns) -> Columns:
        """Return what is shown of columns."""
        return {name: value for name, value in columns.items() if self.has(name)}

    def has(self, name: str) -> bool:
        """Tell whether a column is shown; the label always is, unless it is hidden."""
        wanted = not self.shown or name in self.shown or name == LABEL
        return wanted and name not in self.hidden


def shaped(rows: list[Row], asked: Asked) -> list[Columns]:
    """Return a table as plain data, as it is asked for."""
    if asked.optional(SUBTABLE):
        rows = tables.folder_with(rows, _number(asked))
    if asked.optional(LABEL):
        rows = _labelled(rows, asked.optional(LABEL), asked.flag("flat"))
    elif asked.flag("flat"):
        rows = tables.flat(rows)
    rows = tables.each(_matching(rows, asked), _sorting(asked))
    return _plain(_limited(rows, asked), Choice.read(asked), asked.flag("expanded"))


def _number(asked: Asked) -> int:
    """Return the number of a folder, which has more digits than other numbers."""
    text = asked.text(SUBTABLE)
    return int(text) if re.fullmatch(r"\d{1,15}", text, re.ASCII) else 0


def _labelled(rows: list[Row], label: str, is_flat: bool) -> list[Row]:
    """Return the row with a label, which may be one in a folder: ``folder > row``."""
    if is_flat:
        return [row for row in tables.flat(rows) if row.label == label]
    first, *steps = STEP.split(label)
    found = [row for row in rows if row.label in (first, f"/{first}")]
    for step in steps:
        inner = [row for one in found for row in one.rows]
        found = [row for row in inner if row.label in (step, f"/{step}")]
    return found


def _matching(rows: list[Row], asked: Asked) -> list[Row]:
    """Return the rows that match a pattern in a column."""
    pattern = asked.optional("filter_pattern")
    if not pattern:
        return rows
    column, tests = asked.optional("filter_column") or LABEL, [*map(_test, pattern.split("|"))]
    return [row for row in rows if any(test(str(row.value(column) or "")) for test in tests)]


def _test(pattern: str) -> Callable[[str], bool]:
    """Return a test for a text, or for its beginning (``^``) and end (``$``), in any case.

    Other signs of regular expressions mean themselves: foreign ones may take for ever.
    """
    begins, ends = pattern.startswith("^"), pattern.endswith("$") and not pattern.endswith("\\$")
    text = _ESCAPE.sub(r"\1", pattern[begins : len(pattern) - ends]).casefold()

    def test(value: str) -> bool:
        value = value.casefold()
        if begins and ends:
            return value == text
        return value.startswith(text) if begins else value.endswith(text) if ends else text in value

    return test


def _sorting(asked: Asked) -> Callable[[list[Row]], list[Row]]:
    """Return a function that sorts rows; those that are equal stand by their labels."""
    column = asked.optional("filter_sort_column") or "nb_visits"
    order = asked.optional("filter_sort_order", "desc").lower()
    if order not in ("asc", "desc"):
        raise MatomoError("The value of 'filter_sort_order' must be asc or desc.")

    def rank(row: Row) -> tuple[bool, Any]:
        value = row.value(column)
        if column == LABEL:
            return True, row.label.casefold()
        return isinstance(value, int | float), value if isinstance(value, int | float) else 0

    def sort(rows: list[Row]) -> list[Row]:
        by_label = sorted(rows, key=lambda row: row.label)
        return sorted(by_label, key=rank, reverse=order == "desc")

    return sort


def _limited(rows: list[Row], asked: Asked) -> list[Row]:
    """Return a part of the rows; the rows of folders are all there."""
    limit, first = asked.whole("filter_limit", LIMIT), max(asked.whole("filter_offset", 0), 0)
    return rows[first:] if limit <= ALL else rows[first : first + limit]


def _plain(rows: list[Row], choice: Choice, expanded: bool) -> list[Columns]:
    """Return rows as plain data."""
    return [_plain_row(row, choice, expanded) for row in rows]


def _plain_row(row: Row, choice: Choice, expanded: bool) -> Columns:
    """Return a row as plain data; ``expanded``: with the rows of a folder."""
    plain = choice.of({LABEL: row.label, **row.columns}) | row.about
    if row.rows:
        plain["idsubdatatable"] = row.id
        if expanded:
            plain["subtable"] = _plain(row.rows, choice, expanded)
    return plain
