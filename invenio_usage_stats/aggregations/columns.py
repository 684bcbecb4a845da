# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Columns: the numbers of usage that every cell has, in one order for documents and sheets.

While a day is counted, a row of numbers is one integer with 64 bits for each column (a *lane*):
rows are then added by a single addition, several times faster than column by column.
"""

import sys
from array import array
from collections.abc import Iterable
from struct import Struct

from ..catalog import Catalog

Numbers = tuple[int, ...]
"""One number for each column."""

LANE = 64
"""Bits of a lane: no sum of a day comes near to filling it."""


def lanes_of(column: int, number: int) -> int:
    """Return a number of one column as lanes."""
    return number << LANE * column


class Columns:
    """Know the position of each counter of each kind of event, from the catalog's metrics."""

    def __init__(self, catalog: Catalog) -> None:
        self.metrics = tuple(m for event in catalog.events for m in catalog.usage_metrics(event))
        self.events = catalog.events
        self.at = {(m.event, m.counter): i for i, m in enumerate(self.metrics)}
        self.zero: Numbers = (0,) * len(self.metrics)
        self.distinct = tuple(i for i, m in enumerate(self.metrics) if m.distinct)
        self.counted = tuple(self.at[event, "events"] for event in self.events)
        self._lanes = Struct(f"<{len(self.metrics)}Q")
        self.template = ",".join(self._event_template(event) for event in self.events)

    def _event_template(self, event: str) -> str:
        """Return the text of one kind's counters in a document, to be filled with numbers."""
        fields = ",".join(f'"{m.field}":%d' for m in self.metrics if m.event == event)
        return f'"{event}":{{{fields}}}'

    def unit(self, event: str, counter: str) -> int:
        """Return one of a counter as lanes; nothing for a counter that no metric shows."""
        column = self.at.get((event, counter))
        return 0 if column is None else lanes_of(column, 1)

    def numbers(self, lanes: int) -> Numbers:
        """Return lanes as a row of numbers."""
        return self._lanes.unpack(lanes.to_bytes(self._lanes.size, "little"))

    def transposed(self, rows: Iterable[int]) -> list[list[int]]:
        """Return rows, given as lanes, as a list of numbers for each column."""
        size, width = self._lanes.size, len(self.metrics)
        numbers = array("Q", b"".join([lanes.to_bytes(size, "little") for lanes in rows]))
        if sys.byteorder == "big":
            numbers.byteswap()
        return [numbers[column::width].tolist() for column in range(width)]

    def item(self, numbers: Iterable[int]) -> dict[str, dict[str, int]]:
        """Return numbers in the shape of documents: by kind of event and field."""
        shaped: dict[str, dict[str, int]] = {event: {} for event in self.events}
        for metric, number in zip(self.metrics, numbers, strict=True):
            shaped[metric.event][metric.field] = number
        return shaped
