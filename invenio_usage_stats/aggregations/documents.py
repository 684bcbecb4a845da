# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Documents: how states look in the search engine and in answers of queries."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from flask import current_app

from ..catalog import Catalog
from ..catalog.labels import Labels
from ..proxies import current_usage_stats
from .shares import MISSING, TOTAL
from .states import RecordDelta, RecordFlow, RecordState, RecordTally, UsageState, UsageTally


def _classes(pair: list[int]) -> dict[str, int]:
    """Return a pair of counts by class."""
    return {"metadata_only": pair[0], "with_files": pair[1]}


def _sizes(tally: RecordTally) -> dict[str, int]:
    """Return count and bytes of files."""
    return {"file_count": tally.files, "data_volume": tally.volume}


def _flow_item(flow: RecordFlow) -> dict[str, Any]:
    """Return what was added and removed."""
    sides = {"added": flow.added, "removed": flow.removed}
    return {
        "records": {name: _classes(side.records) for name, side in sides.items()},
        "parents": {name: _classes(side.parents) for name, side in sides.items()},
        "files": {name: _sizes(side) for name, side in sides.items()},
    }


def _stock_item(tally: RecordTally) -> dict[str, Any]:
    """Return what is there."""
    return {
        "records": _classes(tally.records),
        "parents": _classes(tally.parents),
        "files": _sizes(tally),
    }


class Documents:
    """Render states as documents, with the fields of the catalog."""

    def __init__(self, catalog: Catalog, label: Labels, top_size: int) -> None:
        self.catalog = catalog
        self.label = label
        self.top_size = top_size
        self.events = catalog.events
        self.owners = catalog.counting("uploaders").id

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
        total = delta.cell(TOTAL)
        return {
            "records_added": sum(total.added.records),
            "records_removed": sum(total.removed.records),
            "parents_added": sum(total.added.parents),
            "parents_removed": sum(total.removed.parents),
            "uploaders": len(delta.uploaders),
            **_flow_item(total),
            **self._breakdowns("records", "delta", delta.cells, _flow_item, sorted),
        }

    def record_snapshot(self, state: RecordState) -> dict[str, Any]:
        """Return the counts of a record snapshot."""
        total = state.cell(TOTAL)
        owners = state.cells.get(self.owners, {})
        return {
            "total_records": _classes(total.records),
            "total_parents": _classes(total.parents),
            "total_files": _sizes(total),
            "total_uploaders": sum(key != MISSING and t.total > 0 for key, t in owners.items()),
            **self._breakdowns("records", "snapshot", state.cells, _stock_item, self._top_records),
        }

    def usage_delta(self, state: UsageState) -> dict[str, Any]:
        """Return the counts of a day's usage delta."""
        return self._usage(state, "delta", sorted)

    def usage_snapshot(self, state: UsageState) -> dict[str, Any]:
        """Return the counts of a usage snapshot."""
        return self._usage(state, "snapshot", self._top_usage)

    def _usage(self, state: UsageState, kind: str, largest: Callable) -> dict[str, Any]:
        """Return totals and breakdowns of usage."""
        return {
            "totals": self.usage_item(state.cell(TOTAL)),
            **self._breakdowns("usage", kind, state.cells, self.usage_item, largest),
        }

    def usage_item(self, tallies: dict[str, UsageTally]) -> dict[str, dict[str, int]]:
        """Return the counters of every kind of event."""
        return {
            event: {
                metric.field: tallies.get(event, UsageTally()).number(metric.counter)
                for metric in self.catalog.usage_metrics(event)
            }
            for event in self.events
        }

    def _breakdowns(
        self, family: str, kind: str, cells: dict, item: Callable, largest: Callable
    ) -> dict[str, Any]:
        """Return the items of all dimensions, and what is missing in each."""
        subcounts, missing = {}, {}
        for dimension in self.catalog.shown(family):
            field = dimension.delta_field(family) if kind == "delta" else dimension.snapshot_field
            tallies = cells.get(dimension.id, {})
            keyed = {key: tally for key, tally in tallies.items() if key != MISSING}
            keys: Iterable[str] = sorted(keyed) if dimension.complete else largest(keyed)
            subcounts[field] = [
                {"id": key, "label": self.label(dimension, key), **item(keyed[key])} for key in keys
            ]
            if tallies.get(MISSING):
                missing[field] = item(tallies[MISSING])
        return {"subcounts": subcounts, "missing": missing}

    def _top_records(self, tallies: dict[str, RecordTally]) -> list[str]:
        """Return the keys with most records; ties by id."""
        return sorted(tallies, key=lambda key: (-tallies[key].total, key))[: self.top_size]

    def _top_usage(self, tallies: dict[str, dict[str, UsageTally]]) -> list[str]:
        """Return the keys with most events of any kind; ties by id."""

        def events(key: str, event: str) -> int:
            return tallies[key].get(event, UsageTally()).events

        chosen: set[str] = set()
        for event in self.events:
            used = (key for key in tallies if events(key, event))
            chosen |= set(sorted(used, key=lambda k: (-events(k, event), k))[: self.top_size])
        return sorted(chosen, key=lambda k: (*(-events(k, event) for event in self.events), k))


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
