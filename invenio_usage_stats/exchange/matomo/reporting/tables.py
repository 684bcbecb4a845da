# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Tables: rows with numbers, some of them folders with rows of their own.

As in Matomo a folder's numbers are the sums of its rows; what is distinct is not told of folders.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha1
from typing import Any

from .addresses import Path

SUMMED = ("nb_visits", "nb_hits", "sum_time_spent")
Columns = dict[str, Any]


@dataclass
class Row:
    """Be a row: its columns, what is told about it, and its rows if it is a folder."""

    label: str
    columns: Columns
    about: Columns = field(default_factory=dict)
    rows: "list[Row]" = field(default_factory=list)
    path: Path = ()

    @property
    def id(self) -> int:
        """Return the number of a folder, the same in all answers; few enough digits for JSON."""
        return int(sha1("\n".join(self.path).encode()).hexdigest()[:12], 16)

    def value(self, column: str) -> Any:
        """Return what stands in a column; none when it has no such column."""
        return self.label if column == "label" else self.columns.get(column)


def as_tree(leaves: Iterable[tuple[Path, Row]]) -> list[Row]:
    """Return rows in their folders; each leaf comes with its path, its own label at the end."""
    top: list[Row] = []
    folders: dict[Path, Row] = {}
    for path, leaf in leaves:
        place = top
        for depth in range(1, len(path)):
            folder = _folder(path[:depth], folders, place)
            for column in SUMMED:
                folder.columns[column] += leaf.columns.get(column, 0)
            place = folder.rows
        place.append(leaf)
    return top


def _folder(path: Path, folders: dict[Path, Row], place: list[Row]) -> Row:
    """Return the folder with a path, put among its neighbours when it is new."""
    if path not in folders:
        folders[path] = Row(path[-1], dict.fromkeys(SUMMED, 0), path=path)
        place.append(folders[path])
    return folders[path]


def flat(rows: Iterable[Row], before: str = "") -> list[Row]:
    """Return the rows that are no folders, with the folders in their labels."""
    found: list[Row] = []
    for row in rows:
        label = _joined(before, row.label)
        found += flat(row.rows, label) if row.rows else [replace(row, label=label)]
    return found


def _joined(before: str, label: str) -> str:
    """Return labels one after the other, with one slash between them."""
    return f"{before}/{label.removeprefix('/')}" if before else label


def folder_with(rows: Iterable[Row], number: int) -> list[Row]:
    """Return the rows of the folder with a number; none when there is no such folder."""
    for row in rows:
        if row.rows and row.id == number:
            return row.rows
        if found := folder_with(row.rows, number):
            return found
    return []


def each(rows: Iterable[Row], change: Callable[[list[Row]], list[Row]]) -> list[Row]:
    """Return rows changed by a function, and so the rows of all folders."""
    return change([replace(row, rows=each(row.rows, change)) for row in rows])
