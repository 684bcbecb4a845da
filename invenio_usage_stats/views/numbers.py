# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The numbers that the panels of a tab need, asked of the service once."""

from functools import cached_property
from typing import Any

from ..catalog import Catalog, Metric
from ..reader.periods import Period, fitting_interval
from ..services import UsageStatsService
from ..services.numbers import PeriodNumbers
from ..services.parts import Breakdown, Point
from ..services.results import Total
from ..services.scopes import Scope
from .address import Address, known
from .layout import Tab
from .tables import limit


def adds_up(catalog: Catalog, metric: Metric) -> bool:
    """Tell whether a metric has a series: the sizes of sets cannot be added up over days."""
    sets = {dimension.counted_as for dimension in catalog.dimensions.values()}
    return not metric.distinct and metric.id not in sets


class Numbers:
    """Ask for what a tab shows, and for nothing else."""

    def __init__(
        self, service: UsageStatsService, scope: Scope, period: Period, tab: Tab, address: Address
    ) -> None:
        self.service, self.scope, self.period = service, scope, period
        self.components = list(tab.components)
        self.interval = fitting_interval(period)
        self.default_metric = self._default_metric()
        self.metric = known(address.metric, self._charted(), "metric") or self.default_metric

    def of_kind(self, kind: str) -> list[Any]:
        """Return the components of a kind."""
        return [component for component in self.components if component.kind == kind]

    @property
    def cards(self) -> list[Metric]:
        """Return the metrics of the cards."""
        return [component.entry for component in self.of_kind("card")]

    @cached_property
    def _read(self) -> PeriodNumbers:
        """Return the numbers of the period, which totals and tables share."""
        return self.service.numbers(self.scope, self.period)

    @cached_property
    def totals(self) -> dict[str, Total]:
        """Return the numbers of the cards."""
        return self._read.totals([metric.id for metric in self.cards])

    @cached_property
    def series(self) -> dict[str, list[Point]]:
        """Return the series of the chart and of the cards."""
        catalog = self.service.catalog
        wanted = dict.fromkeys(m.id for m in self.cards if adds_up(catalog, m))
        if self.of_kind("chart"):
            wanted[self.metric] = None
        if not wanted:
            return {}
        return self._read.series(list(wanted), self.interval)

    @cached_property
    def breakdowns(self) -> dict[str, Breakdown]:
        """Return the tables by the dimension's id, if there is one."""
        tables = self.of_kind("table")
        if not tables:
            return {}
        dimensions = dict.fromkeys(component.entry for component in tables)
        found = self._read.breakdowns(max(map(limit, tables)), dimensions)
        return {breakdown.dimension.id: breakdown for breakdown in found}

    def _charted(self) -> list[str]:
        """Return the ids of the metrics that have a series."""
        catalog = self.service.catalog
        return [id_ for id_, metric in catalog.metrics.items() if adds_up(catalog, metric)]

    def _default_metric(self) -> str:
        """Return the chart's configured metric, else that of the first card with a series."""
        charted = self._charted()
        wanted = [component.props.get("metric") for component in self.of_kind("chart")]
        wanted += [metric.id for metric in self.cards]
        return next((id_ for id_ in wanted if id_ in charted), charted[0])
