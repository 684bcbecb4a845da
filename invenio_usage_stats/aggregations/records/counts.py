# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Counts: the numbers of records that every cell has."""

from collections.abc import Iterable
from operator import add, sub
from typing import NamedTuple

from ..shares import Cell, Share


class Counts(NamedTuple):
    """Count records, works and files of one cell; what changes may be negative."""

    bare_records: int = 0
    """Records without files,"""
    filed_records: int = 0
    """and with files; works likewise."""
    bare_parents: int = 0
    filed_parents: int = 0
    files: int = 0
    volume: int = 0

    @property
    def records(self) -> int:
        """Return the number of records."""
        return self.bare_records + self.filed_records

    @property
    def parents(self) -> int:
        """Return the number of works."""
        return self.bare_parents + self.filed_parents


Numbers = tuple[int, int, int, int, int, int]
"""Counts as a plain tuple, which is faster to make."""
Table = dict[str, Numbers]
"""The counts of a dimension's keys."""
CellCounts = dict[Cell, Numbers]

NOTHING: Numbers = tuple(Counts())
PARENT: dict[bool, Numbers] = {
    False: tuple(Counts(bare_parents=1)),
    True: tuple(Counts(filed_parents=1)),
}
"""A work that counts without files, or with files."""


def of_share(share: Share, work: bool = False) -> Numbers:
    """Return what a record adds to a cell; ``work``: together with its work."""
    records = (0, 1) if share.with_files else (1, 0)
    return (*records, *(records if work else (0, 0)), share.files, share.volume)


def plus(left: Numbers, right: Numbers) -> Numbers:
    """Return the sum of two counts."""
    return tuple(map(add, left, right))


def minus(left: Numbers, right: Numbers) -> Numbers:
    """Return the difference of two counts."""
    return tuple(map(sub, left, right))


def add_up(sums: CellCounts, more: Iterable[tuple[Cell, Numbers]]) -> None:
    """Add counts to sums."""
    for cell, numbers in more:
        known = sums.get(cell)
        sums[cell] = plus(known, numbers) if known else numbers
