# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Documents of records as text, put together from parts that are made once."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec

from ..catalog import Catalog
from ..catalog.base import Dimension
from ..catalog.labels import Labels
from .counts import NOTHING, Counts, Numbers
from .shares import MISSING, TOTAL
from .states import RecordDelta, pack

CLASSES = '{"metadata_only":%d,"with_files":%d}'
SIZES = '{"file_count":%d,"data_volume":%d}'
STOCK = f'"records":{CLASSES},"parents":{CLASSES},"files":{SIZES}'
BOTH = '"{}":{{"added":{},"removed":{}}}'
FLOW = ",".join(
    BOTH.format(name, shape, shape)
    for name, shape in (("records", CLASSES), ("parents", CLASSES), ("files", SIZES))
)
KEPT = 50_000
"""How many texts of counts are kept; most cells of a record have the same."""
Flow = tuple[Numbers, Numbers]


class RecordTexts:
    """Render what scopes hold and how that changes, with the fields of the catalog."""

    def __init__(self, catalog: Catalog, label: Labels, top_size: int) -> None:
        self.shown = catalog.shown("records")
        self.owners = catalog.counting("uploaders").id
        self.top_size = top_size
        self._label = label
        self._heads: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._counts: dict[tuple[Any, ...], str] = {}

    def prefetch(self, tables: Iterable[dict[str, Iterable[str]]]) -> None:
        """Look up the labels of all values of all dimensions in few requests."""
        keys: defaultdict[str, set[str]] = defaultdict(set)
        for cells in tables:
            for dimension, values in cells.items():
                keys[dimension].update(values)
        for dimension in self.shown:
            self.heads(dimension, keys[dimension.id])

    def heads(self, dimension: Dimension, keys: Iterable[str]) -> dict[str, str]:
        """Return how the items of a dimension begin: with id and label."""
        heads = self._heads[dimension.id]
        missing = [key for key in keys if key not in heads and key != MISSING]
        if missing:
            self._label.prefetch(dimension, missing)
            for key in missing:
                item = {"id": key, "label": self._label(dimension, key)}
                heads[key] = f"{msgspec.json.encode(item).decode()[:-1]},"
        return heads

    def stock(self, numbers: Numbers) -> str:
        """Return counts of what is there."""
        text = self._counts.get(numbers)
        return self._keep(numbers, STOCK % numbers) if text is None else text

    def flow(self, flow: Flow) -> str:
        """Return counts of what was added and removed."""
        text = self._counts.get(flow)
        if text is None:
            sides = (flow[0][:2], flow[1][:2], flow[0][2:4], flow[1][2:4], flow[0][4:], flow[1][4:])
            text = self._keep(flow, FLOW % tuple(n for side in sides for n in side))
        return text

    def _keep(self, numbers: tuple[Any, ...], text: str) -> str:
        """Keep the text of counts."""
        if len(self._counts) >= KEPT:
            self._counts.clear()
        self._counts[numbers] = text
        return text

    def stored_delta(self, delta: RecordDelta) -> dict[str, Any]:
        """Return the fields of a stored delta: what it shows, and how it changes the state."""
        return {**self.delta(delta), "state": pack(delta.net())}

    def delta(self, delta: RecordDelta) -> dict[str, Any]:
        """Return the counts of a day's record delta."""
        total = delta.flows.get(TOTAL[0], {}).get(TOTAL[1], (NOTHING, NOTHING))
        added, removed = (Counts(*side) for side in total)
        lists, missing = {}, {}
        for dimension in self.shown:
            field = dimension.delta_field("records")
            table = delta.flows.get(dimension.id, {})
            keys = sorted(table)
            if keys and keys[0] == MISSING:
                missing[field] = self.flow(table[keys.pop(0)])
            heads = self.heads(dimension, keys)
            lists[field] = ",".join([f"{heads[key]}{self.flow(table[key])}}}" for key in keys])
        return {
            "records_added": added.records,
            "records_removed": removed.records,
            "parents_added": added.parents,
            "parents_removed": removed.parents,
            "uploaders": len(delta.uploaders),
            **msgspec.json.decode(f"{{{self.flow(total)}}}"),
            **breakdowns(lists, missing),
        }


def breakdowns(lists: dict[str, str], missing: dict[str, str]) -> dict[str, msgspec.Raw]:
    """Return the items of all dimensions, and what is missing in each, as finished text."""
    listed = ",".join([f'"{field}":[{text}]' for field, text in lists.items()])
    lacking = ",".join([f'"{field}":{{{text}}}' for field, text in missing.items()])
    return {"subcounts": msgspec.Raw(f"{{{listed}}}"), "missing": msgspec.Raw(f"{{{lacking}}}")}
