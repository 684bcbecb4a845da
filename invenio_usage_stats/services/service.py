# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The service that answers every question for numbers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from ..aggregations import bookmarks
from ..aggregations.documents import current_documents, delta_header, snapshot_header
from ..aggregations.shares import MISSING, TOTAL
from ..aggregations.states import RecordState, UsageState, UsageTally
from ..catalog import Catalog, Dimension, Metric
from ..errors import InvalidQueryError
from ..indices import RECORD_DELTAS, RECORD_SNAPSHOTS, USAGE_DELTA, Product
from ..ledger.history import Basis
from ..reader.periods import Period, bucket_start
from ..reader.states import (
    daily_totals,
    delta_documents,
    empty_delta,
    first_day,
    folded_deltas,
    state_at,
    states,
)
from .results import Breakdown, Point, Row
from .scopes import Scope


class UsageStatsService:
    """Answer questions about a scope that the caller may read (see ``resolve_scope``)."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def daily_documents(
        self, scope: Scope, product: Product, period: Period
    ) -> list[dict[str, Any]]:
        """Return one document of a product for every day of a period."""
        if product.kind == "delta":
            return list(self._deltas(scope, product, period))
        return list(self._snapshots(scope, product, period))

    def _deltas(self, scope: Scope, product: Product, period: Period) -> Iterator[dict[str, Any]]:
        """Yield the stored deltas, and an empty one for each day without."""
        stored = delta_documents(product, scope.id, period)
        renderer = current_documents()
        render = renderer.usage_delta if product.family == "usage" else renderer.record_delta
        empty = render(empty_delta(product))
        for day in period:
            yield stored.get(day) or {**delta_header(scope.id, day), **_written(None), **empty}

    def _snapshots(
        self, scope: Scope, product: Product, period: Period
    ) -> Iterator[dict[str, Any]]:
        """Yield the state at the end of each day."""
        renderer = current_documents()
        render = renderer.usage_snapshot if product.family == "usage" else renderer.record_snapshot
        now = datetime.now(UTC)
        for day, state in states(product, scope.id, period):
            renderer.prefetch([state.cells])
            yield {**snapshot_header(scope.id, day), **_written(now), **render(state)}

    def totals(
        self, scope: Scope, period: Period, basis: Basis = "added"
    ) -> dict[str, dict[str, int]]:
        """Return every metric by id.

        Usage metrics: ``{"value"}`` counted in the period. Record metrics: ``{"value", "added",
        "removed"}``: what is there at its end, and what joined and left in it.
        """
        usage = folded_deltas(USAGE_DELTA, scope.id, period, UsageState()).cell(TOTAL)
        numbers = {
            metric.id: {"value": usage.get(metric.event, UsageTally()).number(metric.counter)}
            for metric in self.catalog.metrics.values()
            if metric.event
        }
        return {**self._record_totals(scope, period, basis), **numbers}

    def _record_totals(
        self, scope: Scope, period: Period, basis: Basis
    ) -> dict[str, dict[str, int]]:
        """Return the record metrics."""
        snapshot = current_documents().record_snapshot(
            state_at(_of(RECORD_SNAPSHOTS, basis), scope.id, period.until)
        )
        moved: defaultdict[str, int] = defaultdict(int)
        fields = [f for pair in _FLOW_FIELDS.values() for side in pair for f in side]
        for _, values in daily_totals(_of(RECORD_DELTAS, basis), scope.id, period, fields):
            for field, value in values.items():
                moved[field] += value
        return {
            metric.id: {"value": _stock(snapshot, metric), **_flow(moved, metric)}
            for metric in self.catalog.metrics.values()
            if metric.family == "records"
        }

    def series(
        self, scope: Scope, metrics: Iterable[str], period: Period, interval: str
    ) -> dict[str, list[Point]]:
        """Return for each metric one point for every interval of a period.

        Record metrics are net changes (added less removed) on the basis ``added``.

        Raises ``InvalidQueryError`` for metrics that cannot be added up over days.
        """
        wanted = [self.metric(id_) for id_ in metrics]
        buckets = {bucket_start(day, interval): 0 for day in period}
        result = {}
        for product in (_of(RECORD_DELTAS, "added"), USAGE_DELTA):
            chosen = [metric for metric in wanted if metric.family == product.family]
            result |= self._series(scope, chosen, product, period, interval, buckets)
        return {metric.id: result[metric.id] for metric in wanted}

    def _series(
        self,
        scope: Scope,
        metrics: list[Metric],
        product: Product,
        period: Period,
        interval: str,
        buckets: dict[date, int],
    ) -> dict[str, list[Point]]:
        """Return the series of one family's metrics."""
        if not metrics:
            return {}
        signed = {metric.id: _signed_fields(metric) for metric in metrics}
        sums = {metric.id: dict(buckets) for metric in metrics}
        fields = sorted({field for pairs in signed.values() for field, _ in pairs})
        for day, values in daily_totals(product, scope.id, period, fields):
            for id_, pairs in signed.items():
                number = sum(sign * values.get(field, 0) for field, sign in pairs)
                sums[id_][bucket_start(day, interval)] += number
        return {
            id_: [Point(max(day, period.since), value) for day, value in found.items()]
            for id_, found in sums.items()
        }

    def breakdowns(
        self, scope: Scope, period: Period, basis: Basis = "added", size: int = 10
    ) -> list[Breakdown]:
        """Return a table for every dimension: its largest values with their numbers.

        Records are those at the end of the period, usage is that of the period. Values are
        ranked by records, or by views and downloads where a dimension has only usage; ties by
        id. ``missing`` is what has no value.
        """
        usage = folded_deltas(USAGE_DELTA, scope.id, period, UsageState())
        held = state_at(_of(RECORD_SNAPSHOTS, basis), scope.id, period.until)
        renderer = current_documents()
        renderer.prefetch([usage.cells, held.cells])
        return [
            self._breakdown(dimension, held, usage, renderer.label, size)
            for dimension in self.catalog.dimensions.values()
            if not dimension.hidden
        ]

    def _breakdown(
        self, dimension: Dimension, held: RecordState, usage: UsageState, label: Any, size: int
    ) -> Breakdown:
        """Return the table of one dimension."""
        keys = {*held.cells.get(dimension.id, ()), *usage.cells.get(dimension.id, ())}
        rows = [self._row(dimension, key, held, usage, label) for key in sorted(keys - {MISSING})]
        rows.sort(key=lambda row: (*(-number for number in row.values.values()), row.id))
        return Breakdown(
            dimension=dimension,
            metrics=tuple(self.metric(id_) for id_ in _columns(dimension)),
            rows=rows[:size],
            count=len(rows),
            missing=self._row(dimension, MISSING, held, usage, lambda *_: "").values,
            totals=self._row_of(TOTAL, dimension, held, usage),
        )

    def _row(
        self, dimension: Dimension, key: str, held: RecordState, usage: UsageState, label: Any
    ) -> Row:
        """Return one value of a dimension."""
        values = self._row_of((dimension.id, key), dimension, held, usage)
        return Row(key, label(dimension, key), values)

    def _row_of(
        self, cell: Any, dimension: Dimension, held: RecordState, usage: UsageState
    ) -> dict[str, int]:
        """Return the numbers of one cell, by the columns of a dimension's table."""
        tally, events = held.cell(cell), usage.cell(cell)
        numbers = {"records": tally.total}
        for id_ in _columns(dimension):
            metric = self.metric(id_)
            if metric.event:
                counted = events.get(metric.event, UsageTally())
                numbers[id_] = counted.number(metric.counter)
        return {id_: numbers[id_] for id_ in _columns(dimension)}

    def first_day(self, scope: Scope) -> date | None:
        """Return the first day with usage or with a record that joined."""
        days = (first_day(p, scope.id) for p in (USAGE_DELTA, _of(RECORD_DELTAS, "added")))
        return min((day for day in days if day), default=None)

    def as_of(self) -> datetime | None:
        """Return up to which moment everything that was indexed is counted."""
        names = [product.name for product in (*RECORD_DELTAS, USAGE_DELTA)]
        marks = bookmarks.read(names)
        return min(marks.values()) if len(marks) == len(names) else None

    def metric(self, id_: str) -> Metric:
        """Return a metric; raise ``InvalidQueryError`` when there is none of this id."""
        if id_ not in self.catalog.metrics:
            allowed = ", ".join(self.catalog.metrics)
            raise InvalidQueryError("metric", f"{id_!r} is not one of {allowed}.")
        return self.catalog.metrics[id_]


def _of(products: tuple[Product, ...], basis: str) -> Product:
    """Return the product of a basis."""
    return next(product for product in products if product.basis == basis)


def _written(moment: datetime | None) -> dict[str, Any]:
    """Return when an answer's document was made; nothing for what was never written."""
    return {"timestamp": moment.replace(microsecond=0).isoformat() if moment else None}


_FLOW_FIELDS = {
    "records": (["records_added"], ["records_removed"]),
    "parents": (["parents_added"], ["parents_removed"]),
    "files": (["files.added.file_count"], ["files.removed.file_count"]),
    "data_volume": (["files.added.data_volume"], ["files.removed.data_volume"]),
}
"""The mapped fields that count what was added and removed, by record metric."""


def _signed_fields(metric: Metric) -> list[tuple[str, int]]:
    """Return the mapped fields that add up to a metric, with their signs."""
    if metric.distinct or (metric.family == "records" and metric.id not in _FLOW_FIELDS):
        raise InvalidQueryError("metric", f"{metric.id} cannot be added up over days.")
    if metric.event:
        return [(f"totals.{metric.event}.{metric.field}", 1)]
    added, removed = _FLOW_FIELDS[metric.id]
    return [(field, 1) for field in added] + [(field, -1) for field in removed]


def _flow(moved: dict[str, int], metric: Metric) -> dict[str, int]:
    """Return what was added and removed; nothing for metrics that do not add up."""
    if metric.id not in _FLOW_FIELDS:
        return {}
    added, removed = _FLOW_FIELDS[metric.id]
    return {"added": sum(moved[f] for f in added), "removed": sum(moved[f] for f in removed)}


def _stock(snapshot: dict[str, Any], metric: Metric) -> int:
    """Return the number of a record metric in a snapshot."""
    if metric.unit in ("files", "bytes"):
        return snapshot["total_files"][metric.field]
    value = snapshot[f"total_{metric.field}"]
    return value if isinstance(value, int) else sum(value.values())


def _columns(dimension: Dimension) -> tuple[str, ...]:
    """Return the metrics that a dimension's table shows."""
    columns = ("records",) if "records" in dimension.families else ()
    return columns + (("views", "downloads") if "usage" in dimension.families else ())
