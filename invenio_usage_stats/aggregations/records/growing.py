# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Growing states: from one snapshot to the next, only what has changed is rendered again."""

from heapq import nsmallest
from typing import Any

from ...catalog.base import Dimension
from ..shares import MISSING, TOTAL
from .counts import Table
from .states import RecordState, pack
from .texts import RecordTexts, breakdowns


class Growing:
    """Fold changes into a scope's state, and render the snapshots in between."""

    def __init__(self, texts: RecordTexts, state: RecordState) -> None:
        self.state = state
        self._texts = texts
        self._lists: dict[str, str] = {}
        """The rendered lists of dimensions that have not changed since."""
        self._largest: dict[str, set[str]] = {}
        """The keys of dimensions among which the largest are."""

    def fold(self, change: RecordState) -> None:
        """Move on by one day."""
        for dimension, moved in change.cells.items():
            self._lists.pop(dimension, None)
            largest = self._largest.get(dimension)
            if largest is not None:
                if any(_records(moved, key) < 0 for key in largest & moved.keys()):
                    del self._largest[dimension]
                else:
                    largest.update(moved)
        self.state.fold(change)

    def stored(self) -> dict[str, Any]:
        """Return the fields of a stored snapshot: what it shows, and the state itself."""
        return {**self.snapshot(), "state": pack(self.state)}

    def snapshot(self) -> dict[str, Any]:
        """Return the counts of a record snapshot."""
        total = self.state.cell(TOTAL)
        owners = self.state.table(self._texts.owners)
        missing = {
            dimension.snapshot_field: self._texts.stock[self.state.table(dimension.id)[MISSING]]
            for dimension in self._texts.shown
            if MISSING in self.state.table(dimension.id)
        }
        return {
            "total_records": _classes(total.bare_records, total.filed_records),
            "total_parents": _classes(total.bare_parents, total.filed_parents),
            "total_files": {"file_count": total.files, "data_volume": total.volume},
            "total_uploaders": sum(
                key != MISSING and numbers[0] + numbers[1] > 0 for key, numbers in owners.items()
            ),
            **breakdowns({d.snapshot_field: self._list(d) for d in self._texts.shown}, missing),
        }

    def _list(self, dimension: Dimension) -> str:
        """Return the items that a snapshot lists."""
        known = self._lists.get(dimension.id)
        if known is not None:
            return known
        table = self.state.table(dimension.id)
        keys = sorted(table.keys() - {MISSING}) if dimension.complete else self._top(dimension)
        text = self._texts.items(dimension, keys, table, self._texts.stock)
        self._lists[dimension.id] = text
        return text

    def _top(self, dimension: Dimension) -> list[str]:
        """Return the keys with most records; ties by id."""
        table = self.state.table(dimension.id)
        largest = self._largest.get(dimension.id)
        some = table if largest is None else {key: table[key] for key in largest if key in table}
        ranks = [(-numbers[0] - numbers[1], key) for key, numbers in some.items() if key != MISSING]
        keys = [key for _, key in nsmallest(self._texts.top_size, ranks)]
        self._largest[dimension.id] = set(keys)
        return keys


def _records(table: Table, key: str) -> int:
    """Return the number of records of a key."""
    numbers = table[key]
    return numbers[0] + numbers[1]


def _classes(bare: int, filed: int) -> dict[str, int]:
    """Return a pair of counts by class."""
    return {"metadata_only": bare, "with_files": filed}
