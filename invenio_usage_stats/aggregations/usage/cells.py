# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Cells as small integers, and what is known of each: a worker counts in integers."""

import time

from ...catalog import Catalog
from ...catalog.labels import KEPT_SECONDS
from ..shares import TOTAL, Cell


class CellTable:
    """Number the cells that a worker meets; the total has number 0."""

    def __init__(self, catalog: Catalog) -> None:
        self.cells: list[Cell] = []
        self.numbers: dict[Cell, int] = {}
        self.order = {"": -1} | {d.id: n for n, d in enumerate(catalog.of_family("usage"))}
        self.heads: dict[int, str] = {}
        """How the items of cells begin in documents: with id and label."""
        self._headed = time.monotonic()
        self.number(TOTAL)

    def number(self, cell: Cell) -> int:
        """Return the number of a cell, a new one for a new cell."""
        if cell not in self.numbers:
            self.numbers[cell] = len(self.cells)
            self.cells.append(cell)
        return self.numbers[cell]

    def forget_heads(self) -> None:
        """Forget labels from time to time, since vocabularies change."""
        if time.monotonic() - self._headed > KEPT_SECONDS:
            self.heads, self._headed = {}, time.monotonic()

    def rank(self, number: int) -> tuple[int, str]:
        """Return what cells are ordered by: the catalog's dimensions, then keys."""
        dimension, key = self.cells[number]
        return self.order[dimension], key
