# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The state of a dashboard: what its URL asks for, checked, and what follows from it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from werkzeug.datastructures import MultiDict

from ...catalog import Catalog, Dimension, Metric
from ...catalog.base import BASES, Basis
from ...errors import InvalidQueryError
from ...reader.periods import (
    INTERVALS,
    Period,
    count_intervals,
    fitting_interval,
    parse_name,
    parse_range,
    today,
    year_start,
)
from ...services.query import Query
from ..layouts.layout import Component, Layout, Tab, listed
from .address import TRUE, Address, known

POINTS = 400
"""The most intervals that a chart shows."""
ASKED = ("interval", "cumulative", "dimension", "basis", "level")
"""Parameters of the page that are checked as those of the API, by one schema."""


@dataclass(frozen=True)
class State:
    """Be what a dashboard shows."""

    address: Address
    """What the URL must say for it, and nothing else."""
    tabs: list[Tab]
    tab: Tab
    head: Tab
    """The rows above all tabs."""
    table: Component | None
    """The table of which all values are shown, instead of a tab."""
    page: int
    query: Query
    """What all panels have in common."""
    period: Period
    earliest: date
    """The first day that the dashboard looks back to."""
    intervals: list[str]
    interval: str
    default_interval: str
    default_metric: str
    metric: str
    """What the chart shows."""
    dimension: Dimension | None
    """What the chart is split by."""

    @property
    def components(self) -> list[Component]:
        """Return the panels of the page."""
        own = [self.table] if self.table else list(self.tab.components)
        return [*self.head.components, *own]


def adds_up(catalog: Catalog, metric: Metric) -> bool:
    """Tell whether a metric has a series: the sizes of sets cannot be added up over days."""
    sets = {dimension.counted_as for dimension in catalog.dimensions.values()}
    return not metric.distinct and metric.id not in sets


def charted(catalog: Catalog) -> list[str]:
    """Return the ids of the metrics that have a series."""
    return [id_ for id_, metric in catalog.metrics.items() if adds_up(catalog, metric)]


def read_state(
    address: Address,
    layout: Layout,
    catalog: Catalog,
    years: int,
    first_day: Callable[[Basis], date | None],
) -> State:
    """Return the state that an address asks for.

    ``first_day``: tells when all time begins on a basis. Raises ``InvalidQueryError`` for a
    malformed one.
    """
    _check(address, catalog)
    tabs, tab = layout.tabs, _tab(layout.tabs, address)
    table = listed(known(address.table, layout.tables, "table"), catalog)
    period = _period(address, years, first_day)
    query = _query(address, catalog, period)
    offered = offered_intervals(period)
    default_interval = _coarser(fitting_interval(period), offered)
    shown = [*layout.head.components, *tab.components]
    default = default_metric(catalog, shown)
    metric = known(address.metric, charted(catalog), "metric") or default
    own = _own(address, metric, default, tab is tabs[0], default_interval)
    return State(
        address=own,
        tabs=tabs,
        tab=tab,
        head=layout.head,
        table=table,
        page=query.page,
        query=query,
        period=period,
        earliest=earliest(years),
        intervals=offered,
        interval=_coarser(query.interval or default_interval, offered),
        default_interval=default_interval,
        default_metric=default,
        metric=metric,
        dimension=_dimension(query, catalog, catalog.metrics[metric]),
    )


def _check(address: Address, catalog: Catalog) -> None:
    """Raise ``InvalidQueryError`` for what an address asks for beside a query, malformed."""
    known(address.explain, [TRUE], "explain")
    for one in address.sort:
        known(one.rpartition(":")[2], catalog.metrics, "sort")


def _period(address: Address, years: int, first_day: Callable[[Basis], date | None]) -> Period:
    """Return the period of an address."""
    basis = known(address.basis, BASES, "basis") or BASES[0]
    beginning = partial(first_day, basis) if address.name == "all" else lambda: None
    return read_period(address, beginning, years)


def _own(address: Address, metric: str, default: str, first: bool, interval: str) -> Address:
    """Return an address without what would be shown anyway."""
    return replace(
        address,
        metric=None if metric == default else address.metric,
        tab=None if first else address.tab,
        interval=None if address.interval == interval else address.interval,
    )


def _tab(tabs: list[Tab], address: Address) -> Tab:
    """Return the tab that an address names, else the first."""
    name = known(address.tab, [tab.name for tab in tabs], "tab")
    return next((tab for tab in tabs if tab.name == name), tabs[0])


def _query(address: Address, catalog: Catalog, period: Period) -> Query:
    """Return what all panels have in common, checked by the schema of the API."""
    pairs = [(key, getattr(address, key)) for key in ASKED if getattr(address, key)]
    pairs += [("filter", one) for one in address.filter]
    if address.page:
        pairs.append(("page", address.page))
    if address.comparison:
        pairs.append(("compare", address.comparison))
    query = Query.read(MultiDict(pairs), catalog)
    return replace(query, since=period.since, until=period.until, period=None)


def _dimension(query: Query, catalog: Catalog, metric: Metric) -> Dimension | None:
    """Return what the chart is split by; nothing where its metric is not broken down so."""
    if query.dimension is None:
        return None
    allowed = [d.id for d in catalog.shown()]
    dimension = catalog.dimensions[known(query.dimension, allowed, "dimension")]
    return dimension if metric.family in dimension.families else None


def default_metric(catalog: Catalog, components: list[Component]) -> str:
    """Return the chart's configured metric, else that of the first card with a series."""
    able = charted(catalog)
    wanted = [c.props.get("metric") for c in components if c.kind == "chart"]
    wanted += [c.entry.id for c in components if c.kind == "card"]
    return next((id_ for id_ in wanted if id_ in able), able[0])


def offered_intervals(period: Period) -> list[str]:
    """Return the intervals that give a chart at least two points, and not too many."""
    found = [i for i in INTERVALS if period.length < POINTS or i != "day"]
    found = [i for i in found if 2 <= count_intervals(period, i) <= POINTS]
    return found or [fitting_interval(period)]


def _coarser(interval: str, offered: list[str]) -> str:
    """Return an interval if it is offered, else the next one that is longer, else the longest."""
    position = INTERVALS.index(interval)
    return next((one for one in offered if INTERVALS.index(one) >= position), offered[-1])


def read_period(address: Address, first_day: Callable[[], date | None], years: int) -> Period:
    """Return the period that an address asks for, cut off at today.

    Raises ``InvalidQueryError`` for a malformed one, or one that begins before ``years``.
    """
    now, longest = today(), 366 * (years + 2)
    if address.by_days and address.period:
        message = "is given with since or until; give one of them."
        raise InvalidQueryError("period", message)
    if address.by_days:
        names = ("since", "until")
        period = parse_range(address.since, address.until, names, longest)
    else:
        begin = parse_name(f"{years}y", now=now).since
        period = parse_name(address.name, max(first_day() or now, begin), now)
    _check_bounds(period, earliest(years), "since" if address.by_days else "period")
    return Period(period.since, min(period.until, now))


def earliest(years: int) -> date:
    """Return the first day that a dashboard of so many years looks back to.

    It begins a year, of the calendar or a financial one, so that whole years can be shown.
    """
    start, now = year_start(), today()
    return date(max(now.year - years - (start != (1, 1)), 1), *start)


def _check_bounds(period: Period, first: date, parameter: str) -> None:
    """Raise ``InvalidQueryError`` for a period that begins too early, or in the future."""
    if period.since > today():
        raise InvalidQueryError(parameter, f"{period.since} lies in the future.")
    if period.since < first:
        raise InvalidQueryError(parameter, f"{period.since} lies before {first}, the first day.")
