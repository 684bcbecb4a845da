# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The numbers that the panels of a page need, asked of the service once."""

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any

from flask_principal import Identity
from invenio_search.engine import search

from ...catalog import Metric
from ...errors import SearchEngineError, SetupError, UsageStatsError
from ...reader.freshness import Freshness
from ...reader.methods import MethodChange
from ...services import UsageStatsService
from ...services.numbers import PageNumbers
from ...services.query import Filter
from ...services.results import Change, Explanation, OneSeries, Top, Total
from ...services.scopes import Scope
from ..layouts.layout import Component
from .state import State, adds_up

AWAY = (SearchEngineError, SetupError, search.exceptions.OpenSearchException)
"""What tells that no numbers can be read at the moment."""
FAILURES = (UsageStatsError, search.exceptions.OpenSearchException)
"""What one panel may fail with."""
PARTS = 6
"""How many values a chart is split by."""


class Numbers:
    """Ask for what a page shows, and for nothing else.

    Metrics of records and of usage are asked for apart: one kind may have an answer where the
    other has none. What has failed is not asked for again.
    """

    def __init__(
        self, service: UsageStatsService, identity: Identity, scope: Scope, state: State
    ) -> None:
        self.service, self.identity, self.scope, self.state = service, identity, scope, state
        self.catalog = service.catalog
        tables = [c.entry.id for c in state.components if c.kind in ("table", "map")]
        self.read: PageNumbers = service.numbers(identity, scope, state.query, tables)
        self._found: dict[Hashable, Any] = {}
        self._away: Exception | None = None

    def of_kind(self, kind: str) -> list[Component]:
        """Return the components of a kind."""
        return [component for component in self.state.components if component.kind == kind]

    @property
    def cards(self) -> list[Metric]:
        """Return the metrics of the cards."""
        return list(dict.fromkeys(component.entry for component in self.of_kind("card")))

    @property
    def charted(self) -> list[Metric]:
        """Return the metrics of which the page has a series."""
        found = [metric for metric in self.cards if adds_up(self.catalog, metric)]
        if self.of_kind("chart"):
            found.append(self.catalog.metrics[self.state.metric])
        return list(dict.fromkeys(found))

    def freshness(self) -> Freshness:
        """Return how fresh and complete the numbers are."""
        return self._once("freshness", lambda: self.read.freshness)

    def method_changes(self, metric: Metric) -> list[MethodChange]:
        """Return when a metric was counted in another way from then on."""
        if not metric.event:
            return []
        found = self._once("methods", lambda: self.read.method_changes)
        return [change for change in found if change.kind in ("", metric.event)]

    def total(self, metric: Metric) -> Total:
        """Return the number of a card, with its change where all that is earlier was recorded."""
        ids = [other.id for other in self.cards if other.family == metric.family]
        found = self._once(("totals", metric.family), lambda: self.read.totals(ids))[metric.id]
        if found.compared is None or self.read.comparable(metric):
            return found
        return replace(found, compared=Change(None, None, None))

    def one(self, metric: Metric) -> Total:
        """Return the number of a metric, whether it has a card or not."""
        if metric in self.cards:
            return self.total(metric)
        return self._once(("total", metric), lambda: self.read.totals([metric.id]))[metric.id]

    def series(self, metric: Metric) -> OneSeries:
        """Return the series of a metric, with the earlier one where all of it was recorded."""
        ids = [other.id for other in self.charted if other.family == metric.family]
        state = self.state

        def ask() -> dict[str, OneSeries]:
            cumulative = state.address.is_cumulative
            return self.read.series(ids, state.interval, cumulative=cumulative)

        found = self._once(("series", metric.family), ask)[metric.id]
        if found.compared is None or self.read.comparable(metric):
            return found
        return replace(found, compared=None)

    def split(self, metric: Metric, dimension: str) -> list[OneSeries]:
        """Return the series of the largest values of a dimension."""
        state = self.state
        parts = (metric.id, dimension, state.interval, PARTS)
        cumulative = state.address.is_cumulative
        return self._once(("split", *parts), lambda: self.read.split(*parts, cumulative=cumulative))

    def top(self, name: str, metrics: tuple[str, ...] = (), size: int = 10, page: int = 1) -> Top:
        """Return a page of a ranking of a dimension's values or of a list."""
        parts, counted = (name, metrics, size, page), self.state.table is not None
        return self._once(("top", *parts), lambda: self.read.top(*parts, counted=counted))

    def label(self, one: Filter) -> str:
        """Return what the value of a filter is called; itself while nothing can be read."""
        try:
            return self._once(one, lambda: self.read.label(one))
        except AWAY:
            return one.value

    def explain(self, metric: Metric) -> Explanation:
        """Return how a number came about."""
        return self._once(("explain", metric.id), lambda: self.read.explain(metric.id))

    def _once(self, key: Hashable, ask: Callable[[], Any]) -> Any:
        """Return what is asked for once; raises again what it has raised."""
        if self._away:
            raise self._away
        if key not in self._found:
            try:
                self._found[key] = ask()
            except AWAY as error:
                self._away = error
                raise
            except UsageStatsError as error:
                self._found[key] = error
        if isinstance(self._found[key], UsageStatsError):
            raise self._found[key]
        return self._found[key]
