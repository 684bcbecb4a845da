# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Documents: how states look in the search engine and in answers of queries."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from heapq import nsmallest
from typing import Any

import msgspec
from flask import current_app

from ..catalog import Catalog
from ..catalog.base import REPORTS, Dimension, Family
from ..catalog.labels import Labels
from ..proxies import current_usage_stats
from .beside import Beside
from .columns import Columns, Numbers
from .records.growing import Growing
from .records.states import RecordDelta, RecordState
from .records.texts import RecordTexts
from .reports import shaped
from .shares import MISSING, TOTAL, Cell
from .sheets.sheet import Usage


class Documents:
    """Render states as documents, with the fields of the catalog."""

    def __init__(self, catalog: Catalog, label: Labels, top_size: int) -> None:
        self.catalog = catalog
        self.label = label
        self.top_size = top_size
        self.columns = Columns(catalog)
        self.records = RecordTexts(catalog, label, top_size)

    def prefetch(self, tables: Iterable[dict[str, Iterable[str]]]) -> None:
        """Look up the labels of all values of all dimensions in the cells of states."""
        keys: defaultdict[str, set[str]] = defaultdict(set)
        for cells in tables:
            for dimension, values in cells.items():
                keys[dimension].update(values)
        for id_, values in keys.items():
            dimension = self.catalog.dimensions.get(id_)
            if dimension is not None and not dimension.hidden:
                self.label.prefetch(dimension, values)

    def record_delta(self, delta: RecordDelta) -> dict[str, Any]:
        """Return the counts of a day's record delta."""
        return _plain(self.records.delta(delta))

    def record_snapshot(self, state: RecordState) -> dict[str, Any]:
        """Return the counts of a record snapshot."""
        return _plain(Growing(self.records, state).snapshot())

    def usage_delta(self, usage: Usage) -> dict[str, Any]:
        """Return the counts of usage with all values of each dimension."""
        return self._usage(usage, "delta", sorted)

    def usage_snapshot(self, usage: Usage) -> dict[str, Any]:
        """Return the counts of a usage snapshot."""
        return self._usage(usage, "snapshot", self._top_usage)

    def _usage(self, usage: Usage, kind: str, largest: Callable) -> dict[str, Any]:
        """Return totals and breakdowns of usage."""

        def item(cell: Cell) -> dict[str, dict[str, int]]:
            return self.columns.item(usage.numbers(cell))

        breakdowns = self._breakdowns(("usage", kind), usage.sums, item, largest)
        for name, found in self.reported(usage.beside, kind).items():
            breakdowns[name] |= found
        return {"totals": item(TOTAL) | usage.beside.totals(), **breakdowns}

    def reported(self, beside: Beside, kind: str) -> dict[str, dict[str, Any]]:
        """Return the breakdowns of reported downloads; nothing where there are none."""
        numbers = beside.by_software()
        if not numbers:
            return {}

        def item(cell: Cell) -> dict[str, dict[str, int]]:
            return shaped(numbers[cell[1]])

        largest = sorted if kind == "delta" else self._top_reported
        return self._breakdowns((REPORTS, kind), lambda _: numbers, item, largest)

    def _top_reported(self, numbers: dict[str, int]) -> list[str]:
        """Return the keys with most reported downloads; ties by id."""
        return nsmallest(self.top_size, numbers, key=lambda key: (-numbers[key], key))

    def _breakdowns(
        self,
        product: tuple[Family, str],
        table: Callable[[str], dict[str, Any]],
        item: Callable[[Cell], dict[str, Any]],
        largest: Callable[[dict[str, Any]], Iterable[str]],
    ) -> dict[str, Any]:
        """Return the items of all dimensions, and what is missing in each."""
        shown = self.catalog.shown(product[0])
        chosen = {d.id: list(_chosen(d, table(d.id), largest)) for d in shown}
        self.prefetch([chosen])
        subcounts, missing = {}, {}
        for dimension in shown:
            field = dimension.field(*product)
            subcounts[field] = [
                {"id": key, "label": self.label(dimension, key), **item((dimension.id, key))}
                for key in chosen[dimension.id]
            ]
            if table(dimension.id).get(MISSING):
                missing[field] = item((dimension.id, MISSING))
        return {"subcounts": subcounts, "missing": missing}

    def _top_usage(self, rows: dict[str, Numbers]) -> list[str]:
        """Return the keys with most events of any kind; ties by id."""
        chosen: set[str] = set()
        for column in self.columns.counted:
            used = (key for key, row in rows.items() if row[column])
            chosen |= set(nsmallest(self.top_size, used, key=lambda key: (-rows[key][column], key)))
        return sorted(chosen, key=lambda k: (*(-rows[k][c] for c in self.columns.counted), k))


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    """Return fields without finished text."""
    return msgspec.json.decode(msgspec.json.encode(fields))


def _chosen(dimension: Dimension, rows: dict[str, Any], largest: Callable) -> Iterable[str]:
    """Return which values a document lists."""
    keyed = {key: row for key, row in rows.items() if key != MISSING}
    return sorted(keyed) if dimension.complete else largest(keyed)


def current_documents() -> Documents:
    """Return the renderer of the current application's documents."""
    stats = current_usage_stats
    return Documents(stats.catalog, stats.labels, current_app.config["USAGE_STATS_TOP_SIZE"])


def delta_header(scope: str, day: date) -> dict[str, Any]:
    """Return what identifies a delta."""
    return {
        "community_id": scope,
        "period_start": f"{day.isoformat()}T00:00:00",
        "period_end": f"{day.isoformat()}T23:59:59",
    }


def snapshot_header(scope: str, day: date) -> dict[str, Any]:
    """Return what identifies a snapshot."""
    return {"community_id": scope, "snapshot_date": day.isoformat()}


def document_id(scope: str, day: date | str) -> str:
    """Return the id under which a scope's document of a day is written."""
    return f"{scope}-{day}"
