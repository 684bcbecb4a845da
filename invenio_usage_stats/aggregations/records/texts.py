# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Documents of records as text, put together from parts that are made once."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import msgspec

from ...catalog import Catalog
from ...catalog.base import Dimension
from ...catalog.labels import Labels
from ..shares import MISSING, TOTAL
from .counts import NOTHING, Counts, Numbers
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
"""How many texts of counts are kept, of which a record's cells share most; likewise of values."""
Flow = tuple[Numbers, Numbers]


class _Kept(dict[Any, str]):
    """Keep texts of counts."""

    def __init__(self, render: Callable[[Any], str]) -> None:
        super().__init__()
        self._render = render

    def __missing__(self, counts: Any) -> str:
        """Return the text of counts that are new."""
        if len(self) >= KEPT:
            self.clear()
        text = self[counts] = self._render(counts)
        return text


def _stock(numbers: Numbers) -> str:
    """Return counts of what is there."""
    return STOCK % numbers


def _flow(flow: Flow) -> str:
    """Return counts of what was added and removed."""
    (added, removed), pairs = flow, (slice(0, 2), slice(2, 4), slice(4, 6))
    return FLOW % tuple(n for pair in pairs for side in (added, removed) for n in side[pair])


class RecordTexts:
    """Render what scopes hold and how that changes, with the fields of the catalog."""

    def __init__(self, catalog: Catalog, label: Labels, top_size: int) -> None:
        self.shown = catalog.shown("records")
        self.owners = catalog.counting("uploaders").id
        self.top_size = top_size
        self._label = label
        self._heads: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self.stock = _Kept(_stock)
        self.flow = _Kept(_flow)

    def prefetch(self, tables: Iterable[dict[str, Iterable[str]]]) -> None:
        """Look up the labels of all values of all dimensions in few requests."""
        keys: defaultdict[str, set[str]] = defaultdict(set)
        for cells in tables:
            for dimension, values in cells.items():
                keys[dimension].update(values)
        for dimension in self.shown:
            self._label.prefetch(dimension, keys[dimension.id])

    def heads(self, dimension: Dimension, keys: Collection[str]) -> dict[str, str]:
        """Return how the items of a dimension's values begin: with id and label."""
        heads = self._heads[dimension.id]
        if len(heads) > KEPT:
            heads.clear()
        if not all(map(heads.__contains__, keys)):
            missing = [key for key in keys if key not in heads]
            self._label.prefetch(dimension, missing)
            for key in missing:
                item = {"id": key, "label": self._label(dimension, key)}
                heads[key] = f"{msgspec.json.encode(item).decode()[:-1]},"
        return heads

    def items(
        self, dimension: Dimension, keys: Collection[str], table: Mapping, counts: Mapping
    ) -> str:
        """Return the list of a dimension's values, given the texts of their counts."""
        heads = self.heads(dimension, keys)
        return ",".join([f"{heads[key]}{counts[table[key]]}}}" for key in keys])

    def stored_delta(self, delta: RecordDelta) -> dict[str, Any]:
        """Return the fields of a stored delta: what it shows, and how it changes the state."""
        return {**self.delta(delta), "state": pack(delta.change())}

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
                missing[field] = self.flow[table[keys.pop(0)]]
            lists[field] = self.items(dimension, keys, table, self.flow)
        return {
            "records_added": added.records,
            "records_removed": removed.records,
            "parents_added": added.parents,
            "parents_removed": removed.parents,
            "uploaders": len(delta.uploaders),
            **msgspec.json.decode(f"{{{self.flow[total]}}}"),
            **breakdowns(lists, missing),
        }


def breakdowns(lists: dict[str, str], missing: dict[str, str]) -> dict[str, msgspec.Raw]:
    """Return the items of all dimensions, and what is missing in each, as finished text."""
    listed = ",".join([f'"{field}":[{text}]' for field, text in lists.items()])
    lacking = ",".join([f'"{field}":{{{text}}}' for field, text in missing.items()])
    return {"subcounts": msgspec.Raw(f"{{{listed}}}"), "missing": msgspec.Raw(f"{{{lacking}}}")}
