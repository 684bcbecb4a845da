# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The numbers of one scope and period: read once, asked for in several ways."""

from collections import defaultdict
from functools import cached_property
from heapq import nsmallest
from typing import Any

from ..aggregations.documents import Documents
from ..aggregations.shares import MISSING, TOTAL, Cell
from ..aggregations.sheets.sheet import Usage
from ..aggregations.states import RecordState
from ..catalog import Dimension, Metric
from ..catalog.base import Basis
from ..indices import RECORD_DELTAS, RECORD_SNAPSHOTS, Product
from ..reader.periods import Period
from ..reader.states import daily_totals, state_at
from ..reader.usage import usage_of
from .parts import Breakdown, Number, Row
from .scopes import Scope
from .withholding import smallest_shown, withheld

FLOWS = {
    "records": ("records_added", "records_removed"),
    "parents": ("parents_added", "parents_removed"),
    "files": ("files.added.file_count", "files.removed.file_count"),
    "data_volume": ("files.added.data_volume", "files.removed.data_volume"),
}
"""The mapped fields of deltas that count what was added and removed, by record metric."""


def of_basis(products: tuple[Product, ...], basis: Basis) -> Product:
    """Return the product of a basis."""
    return next(product for product in products if product.basis == basis)


class PeriodNumbers:
    """Answer for one scope and period: usage within it, records at its end."""

    def __init__(self, documents: Documents, scope: Scope, period: Period, basis: Basis) -> None:
        self.documents = documents
        self.catalog = documents.catalog
        self.scope = scope
        self.period = period
        self.basis = basis

    @cached_property
    def usage(self) -> Usage:
        """Return the usage of the period."""
        dimensions = [d.id for d in self.catalog.of_family("usage")]
        return usage_of(self.documents.columns, self.scope.id, self.period, dimensions)

    @cached_property
    def held(self) -> RecordState:
        """Return what the scope holds at the end of the period."""
        product = of_basis(RECORD_SNAPSHOTS, self.basis)
        return state_at(product, self.scope.id, self.period.until)

    @cached_property
    def moved(self) -> dict[str, int]:
        """Return what joined and left in the period, by field of deltas."""
        sums: defaultdict[str, int] = defaultdict(int)
        fields = [field for pair in FLOWS.values() for field in pair]
        product = of_basis(RECORD_DELTAS, self.basis)
        for _, values in daily_totals(product, self.scope.id, self.period, fields):
            for field, value in values.items():
                sums[field] += value
        return sums

    def totals(self) -> dict[str, dict[str, int]]:
        """Return every metric by id.

        Usage metrics: ``{"value"}`` counted in the period. Record metrics: ``{"value", "added",
        "removed"}``: what is there at its end, and what joined and left in it.
        """
        snapshot = self.documents.record_snapshot(self.held)
        return {
            metric.id: {"value": self._counted(TOTAL, metric)}
            if metric.event
            else {"value": _stock(snapshot, metric), **self._flow(metric)}
            for metric in self.catalog.metrics.values()
        }

    def _flow(self, metric: Metric) -> dict[str, int]:
        """Return what was added and removed; nothing for metrics that do not add up."""
        if metric.id not in FLOWS:
            return {}
        added, removed = FLOWS[metric.id]
        return {"added": self.moved[added], "removed": self.moved[removed]}

    def _counted(self, cell: Cell, metric: Metric) -> int:
        """Return a usage metric of one cell."""
        columns = self.documents.columns
        if cell == TOTAL:
            row = self.usage.numbers(cell)
        else:
            row = self.usage.sums(cell[0]).get(cell[1], columns.zero)
        return row[columns.at[metric.event, metric.counter]]

    def breakdowns(self, size: int = 10) -> list[Breakdown]:
        """Return a table for every dimension: its largest values with their numbers.

        Values are ranked by the first column, then the next; ties by id.
        """
        shown = (d for d in self.catalog.dimensions.values() if not d.hidden)
        return [self._breakdown(dimension, size) for dimension in shown]

    def _breakdown(self, dimension: Dimension, size: int) -> Breakdown:
        """Return the table of one dimension."""
        metrics = tuple(self.catalog.metrics[id_] for id_ in columns(dimension))
        tables = (self.held.table(dimension.id), self.usage.sums(dimension.id))
        keys = {key for table in tables for key in table} - {MISSING}

        def rank(key: str) -> tuple:
            numbers = self._values((dimension.id, key), metrics)
            return (*(-number for number in numbers.values()), key)

        largest = nsmallest(size, keys, key=rank)
        self.documents.prefetch([{dimension.id: largest}])
        hidden = self._hidden(dimension, keys, metrics)
        return Breakdown(
            dimension=dimension,
            metrics=metrics,
            rows=[self._row(dimension, key, metrics, hidden) for key in largest],
            count=len(keys),
            missing=_without(hidden, MISSING, self._values((dimension.id, MISSING), metrics)),
            totals=self._values(TOTAL, metrics),
        )

    def _hidden(
        self, dimension: Dimension, keys: set[str], metrics: tuple[Metric, ...]
    ) -> dict[str, set[str]]:
        """Return which values are withheld of each metric."""
        limit = smallest_shown()
        if not limit:
            return {}
        rows = {key: self._values((dimension.id, key), metrics) for key in (*keys, MISSING)}
        return {
            metric.id: withheld({key: row[metric.id] for key, row in rows.items()}, limit)
            for metric in metrics
        }

    def _row(
        self,
        dimension: Dimension,
        key: str,
        metrics: tuple[Metric, ...],
        hidden: dict[str, set[str]],
    ) -> Row:
        """Return one value of a dimension."""
        label = self.documents.label(dimension, key)
        values = self._values((dimension.id, key), metrics)
        return Row(key, label, _without(hidden, key, values))

    def _values(self, cell: Cell, metrics: tuple[Metric, ...]) -> dict[str, int]:
        """Return the numbers of one cell by metric."""
        records = self.held.cell(cell).records
        return {m.id: self._counted(cell, m) if m.event else records for m in metrics}


def _without(hidden: dict[str, set[str]], key: str, values: dict[str, int]) -> dict[str, Number]:
    """Return the numbers of a value without what is withheld."""
    return {id_: None if key in hidden.get(id_, ()) else n for id_, n in values.items()}


def _stock(snapshot: dict[str, Any], metric: Metric) -> int:
    """Return the number of a record metric in a snapshot."""
    if metric.unit in ("files", "bytes"):
        return snapshot["total_files"][metric.field]
    value = snapshot[f"total_{metric.field}"]
    return value if isinstance(value, int) else sum(value.values())


def columns(dimension: Dimension) -> tuple[str, ...]:
    """Return the metrics that a dimension's table shows."""
    records = ("records",) if "records" in dimension.families else ()
    return records + (("views", "downloads") if "usage" in dimension.families else ())
