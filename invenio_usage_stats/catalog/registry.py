# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The catalog as an application sees it."""

from collections.abc import Collection, Iterable, Iterator
from importlib.metadata import entry_points

from ..errors import CatalogError
from .base import REPORTS, VISITS, Dimension, Family, Metric

ADDED = "invenio_usage_stats.dimensions"
"""The entry points under which packages add dimensions."""


def added_dimensions(configured: Iterable[Dimension]) -> Iterator[Dimension]:
    """Yield the dimensions that installed packages add, then those of the instance.

    Raises ``CatalogError`` for anything else than a dimension of records' properties: what events
    and files tell is read from fields that the package itself knows.
    """
    for entry in (*(point.load() for point in entry_points(group=ADDED)), *configured):
        if not isinstance(entry, Dimension) or entry.source != "record":
            raise CatalogError(f"{entry!r} cannot be added: it must be a Dimension of a record.")
        yield entry


class Catalog:
    """Hold the metrics and dimensions by id and refuse two of one name."""

    def __init__(
        self,
        metrics: Iterable[Metric],
        dimensions: Iterable[Dimension],
        off: Collection[Family] = (),
    ) -> None:
        """Take what there is; ``off``: families that an instance does not count."""
        every = (self._by_id(metrics), self._by_id(dimensions))
        self.metrics = {i: m for i, m in every[0].items() if m.family not in off}
        self.dimensions = {i: d for i, d in every[1].items() if not d.families <= set(off)}
        self.every = Catalog(*(entries.values() for entries in every)) if off else self
        """The same with all families."""

    @staticmethod
    def _by_id(entries: Iterable) -> dict:
        """Return entries by id; raise ``CatalogError`` when an id stands twice."""
        table: dict = {}
        for entry in entries:
            if entry.id in table:
                raise CatalogError(f"The catalog has two entries named {entry.id!r}.")
            table[entry.id] = entry
        return table

    def usage_metrics(self, event: str) -> tuple[Metric, ...]:
        """Return the metrics that count one kind of event, in catalog order."""
        return tuple(m for m in self.metrics.values() if m.event == event)

    def of_family(self, family: Family) -> tuple[Dimension, ...]:
        """Return the dimensions of a family's documents, hidden ones included."""
        return tuple(d for d in self.dimensions.values() if family in d.families)

    def shown(self, family: Family | None = None) -> tuple[Dimension, ...]:
        """Return the dimensions that readers may see: of a family's documents, or of all."""
        found = self.of_family(family) if family else self.dimensions.values()
        return tuple(d for d in found if not d.hidden)

    def of_record(self) -> tuple[Dimension, ...]:
        """Return the dimensions whose values a record's facts hold."""
        return tuple(d for d in self.dimensions.values() if d.of_record)

    def of_event(self) -> tuple[Dimension, ...]:
        """Return the dimensions whose values only the event knows."""
        return tuple(d for d in self.dimensions.values() if d.source == "event")

    def counting(self, metric: str) -> Dimension:
        """Return the dimension whose number of keys a metric is."""
        return next(d for d in self.dimensions.values() if d.counted_as == metric)

    def counter(self, event: str, counter: str) -> Metric:
        """Return the metric of a kind of event that a counter holds."""
        return next(m for m in self.usage_metrics(event) if m.counter == counter)

    def base(self, metric: Metric) -> Metric:
        """Return the number of events, or of records, of which a metric tells something."""
        if metric.event:
            return self.counter(metric.event, "events")
        return next(m for m in self.metrics.values() if not m.event and m.counter == "records")

    @property
    def events(self) -> tuple[str, ...]:
        """Return the kinds of events of records, in catalog order."""
        return tuple(dict.fromkeys(m.event for m in self.metrics.values() if m.family == "usage"))

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return all kinds of events that metrics count, in catalog order."""
        return tuple(dict.fromkeys(m.event for m in self.metrics.values() if m.event))

    @property
    def visits(self) -> tuple[Metric, ...]:
        """Return the metrics that count visits to pages of communities, in catalog order."""
        return tuple(m for m in self.metrics.values() if m.family == VISITS)

    @property
    def reports(self) -> tuple[Metric, ...]:
        """Return the metrics that count what software has reported."""
        return tuple(m for m in self.metrics.values() if m.family == REPORTS)
