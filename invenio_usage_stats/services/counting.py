# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Counting usage: of a whole scope, or of one value of a dimension.

All that counts answers alike, by the ids of metrics. A number that does not follow exactly is
``None``.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple, Self

from ..aggregations.columns import Columns, Numbers
from ..aggregations.shares import Cell
from ..aggregations.sheets.sheet import CELLS, LINES, MARKS, Usage
from ..aggregations.sheets.spans import ONE_DAY
from ..catalog import Metric
from ..indices import SHEETS
from ..reader.periods import Period, bucket_start
from ..reader.spans import Covered
from ..reader.totals import histogram, sums
from ..reader.uniques import numbers_by_interval, numbers_until
from ..reader.usage import BEGINNING, usage_by_interval

Counted = dict[str, int | None]
"""Numbers by the id of their metric."""


class Table(NamedTuple):
    """Be numbers by value of a dimension.

    ``rows``: all columns; ``at``: in which column a metric is; ``bounds``: the metrics of which
    rows are too large, if anything; ``exact``: gives a value's numbers exactly; ``telling``: the
    columns that tell what has any of the numbers, where these are not known themselves.
    """

    rows: Mapping[str, Sequence[int | None]]
    at: dict[str, int]
    bounds: set[str]
    exact: Callable[[str], Counted]
    telling: Sequence[int] = ()

    def bound(self, key: str, metric: str) -> int | None:
        """Return a number of a value that is not smaller than the exact one."""
        row = self.rows.get(key)
        return row[self.at[metric]] if row else 0

    def used(self) -> set[str]:
        """Return the values that have any of the numbers."""
        columns = self.telling or list(self.at.values())
        return {key for key, row in self.rows.items() if any(row[column] for column in columns)}


class Counting(ABC):
    """Count usage."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.covered: Covered = {}
        """The sheets that cover periods, as far as they were looked for."""

    def sharing(self, covered: Covered) -> Self:
        """Return this, with what was looked for before."""
        self.covered = covered
        return self

    @abstractmethod
    def by_interval(self, periods: list[Period], interval: str, metrics: list[Metric]) -> list:
        """Return the numbers (``Counted``) of each of some consecutive periods."""

    @abstractmethod
    def until(self, periods: list[Period], interval: str, metrics: list[Metric]) -> list[Counted]:
        """Return the numbers from the beginning to the end of each of consecutive periods."""

    @abstractmethod
    def table(self, period: Period, dimension: str, metrics: list[Metric]) -> Table:
        """Return the numbers by value of a dimension."""

    @abstractmethod
    def cells(
        self, periods: list[Period], dimension: str, keys: list[str], metrics: list[Metric]
    ) -> dict[str, list[Counted]]:
        """Return the numbers of each period for each of some values of a dimension."""

    def totals(self, periods: list[Period], metrics: list[Metric]) -> list[Counted]:
        """Return the numbers of each of some periods that may lie anywhere."""
        return [self.by_interval([period], "", metrics)[0] for period in periods]

    def named(self, numbers: Iterable[int | None], metrics: list[Metric]) -> Counted:
        """Return the numbers of some metrics, from a row with all columns."""
        row = tuple(numbers)
        return {id_: row[column] for id_, column in self.at(metrics).items()}

    def at(self, metrics: list[Metric]) -> dict[str, int]:
        """Return in which column each metric is."""
        return {metric.id: self.columns.at[metric.event, metric.counter] for metric in metrics}


class OfScope(Counting):
    """Count all usage of a scope: sums by the search engine, sets from sheets."""

    def __init__(self, columns: Columns, scope: str, ahead: Collection[str] = ()) -> None:
        """Take the scope; ``ahead``: dimensions that will be asked for one after the other."""
        super().__init__(columns)
        self.scope, self.ahead = scope, ahead
        self._known: dict[Period, Usage] = {}

    def by_interval(self, periods: list[Period], interval: str, metrics: list[Metric]) -> list:
        """Return the numbers of each period."""
        if any(metric.distinct for metric in metrics):
            rows = numbers_by_interval(self.columns, self.scope, periods)
            return self._beside(rows, metrics, lambda own: self.by_interval(periods, interval, own))
        whole = Period(periods[0].since, periods[-1].until)
        if len(periods) == 1:
            (found,) = sums(SHEETS, self.scope, [whole], _paths(metrics))
            return [_counted(found, metrics)]
        found = histogram(SHEETS, self.scope, whole, _paths(metrics), interval)
        return [_counted(found.get(bucket_start(p.since, interval), {}), metrics) for p in periods]

    def totals(self, periods: list[Period], metrics: list[Metric]) -> list[Counted]:
        """Return the numbers of each period, those that add up in one request."""
        adding = [metric for metric in metrics if not metric.distinct]
        found = sums(SHEETS, self.scope, periods, _paths(adding))
        counted = [_counted(values, adding) for values in found]
        distinct = [metric for metric in metrics if metric.distinct]
        if distinct:
            for period, values in zip(periods, counted, strict=True):
                values |= self.by_interval([period], "", distinct)[0]
        return counted

    def until(self, periods: list[Period], interval: str, metrics: list[Metric]) -> list[Counted]:
        """Return the numbers up to the end of each period."""
        if any(metric.distinct for metric in metrics):
            rows = numbers_until(self.columns, self.scope, periods)
            return self._beside(rows, metrics, lambda own: self.until(periods, interval, own))
        before = Period(BEGINNING, periods[0].since - ONE_DAY)
        (start,) = self.totals([before], metrics)
        parts = self.by_interval(periods, interval, metrics)
        return list(accumulate(parts, _plus, initial=start))[1:]

    def _beside(
        self,
        rows: Iterable[Numbers],
        metrics: list[Metric],
        count: Callable[[list[Metric]], list[Counted]],
    ) -> list[Counted]:
        """Return rows of columns by metric, and beside them what has no column."""
        of_columns = [metric for metric in metrics if metric in self.columns.metrics]
        found = [self.named(row, of_columns) for row in rows]
        own = [metric for metric in metrics if metric not in self.columns.metrics]
        return [a | b for a, b in zip(found, count(own), strict=True)] if own else found

    def table(self, period: Period, dimension: str, metrics: list[Metric]) -> Table:
        """Return the cells of a dimension."""
        usage = self._usage([period], dimension, metrics)[0]
        return Table(
            usage.sums(dimension),
            self.at(metrics),
            {metric.id for metric in metrics if metric.distinct},
            lambda key: self.named(self._exact(usage, (dimension, key), metrics), metrics),
        )

    def cells(
        self, periods: list[Period], dimension: str, keys: list[str], metrics: list[Metric]
    ) -> dict[str, list[Counted]]:
        """Return the cells of some values, period by period."""
        found: dict[str, list[Counted]] = {key: [] for key in keys}
        for usage in self._usages(periods, dimension, metrics):
            for key, row in found.items():
                exact = self._exact(usage, (dimension, key), metrics)
                row.append(self.named(exact, metrics))
        return found

    def _exact(self, usage: Usage, cell: Cell, metrics: list[Metric]) -> Iterable[int]:
        """Return the numbers of a cell, without counting sets that nobody asks for."""
        if any(metric.distinct for metric in metrics):
            return usage.numbers(cell)
        return usage.sums(cell[0]).get(cell[1], self.columns.zero)

    def _usage(self, periods: list[Period], dimension: str, metrics: list[Metric]) -> list[Usage]:
        """Return the usage of few periods."""
        return list(self._usages(periods, dimension, metrics))

    def _usages(
        self, periods: list[Period], dimension: str, metrics: list[Metric]
    ) -> Iterator[Usage]:
        """Yield the usage of each period, read as far as the metrics need it."""
        only = [CELLS + dimension]
        if any(metric.distinct for metric in metrics):
            only += [LINES, MARKS + dimension]
        elif dimension in self.ahead:
            return map(self._read_ahead, periods)
        places = ([(self.scope, period)] for period in periods)
        return usage_by_interval(self.columns, places, only, self.covered)

    def _read_ahead(self, period: Period) -> Usage:
        """Return the usage of a period with all dimensions that will be asked for."""
        if period not in self._known:
            only = [CELLS + dimension for dimension in self.ahead]
            places = [[(self.scope, period)]]
            found = usage_by_interval(self.columns, places, only, self.covered)
            (self._known[period],) = found
        return self._known[period]


class OfValue(OfScope):
    """Count the usage of one value of a dimension: its cell has every number."""

    def __init__(
        self, columns: Columns, scope: str, cell: Cell, others: Counting, single: bool = False
    ) -> None:
        """Take a cell, and what counts where a cell is not enough.

        ``single``: whether no event has two values of the cell's dimension.
        """
        super().__init__(columns, scope)
        self.cell, self.others, self.single = cell, others, single

    def by_interval(self, periods: list[Period], interval: str, metrics: list[Metric]) -> list:
        """Return the numbers of the cell in each period."""
        dimension, key = self.cell
        return super().cells(periods, dimension, [key], metrics)[key]

    def totals(self, periods: list[Period], metrics: list[Metric]) -> list[Counted]:
        """Return the numbers of the cell in each period."""
        return self.by_interval(periods, "", metrics)

    def until(self, periods: list[Period], interval: str, metrics: list[Metric]) -> list[Counted]:
        """Return the numbers of the cell up to the end of each period."""
        parts = self._usages(since_beginning(periods), self.cell[0], metrics)
        grown = growing(self.columns, parts)
        return [self.named(self._exact(u, self.cell, metrics), metrics) for u in grown][1:]

    def table(self, period: Period, dimension: str, metrics: list[Metric]) -> Table:
        """Return the numbers by value of another dimension, counted line by line."""
        if self.is_known(dimension):
            return self._alone(super().table(period, dimension, metrics), metrics)
        return self.others.table(period, dimension, metrics)

    def is_known(self, dimension: str) -> bool:
        """Tell whether the cell has the numbers by value of a dimension: no event has two."""
        return self.single and dimension == self.cell[0]

    def _alone(self, table: Table, metrics: list[Metric]) -> Table:
        """Return a table with the row of the cell only."""
        key, zero = self.cell[1], dict.fromkeys(self.at(metrics), 0)
        rows = {key: table.rows[key]} if key in table.rows else {}
        return table._replace(rows=rows, exact=lambda k: table.exact(k) if k == key else zero)

    def cells(
        self, periods: list[Period], dimension: str, keys: list[str], metrics: list[Metric]
    ) -> dict[str, list[Counted]]:
        """Return the numbers of values of another dimension, counted line by line."""
        if self.is_known(dimension):
            return super().cells(periods, dimension, keys, metrics)
        return self.others.cells(periods, dimension, keys, metrics)


def since_beginning(periods: list[Period]) -> list[Period]:
    """Return consecutive periods, and before them all the time until they begin."""
    return [Period(BEGINNING, periods[0].since - ONE_DAY), *periods]


def growing(columns: Columns, parts: Iterable[Usage]) -> Iterator[Usage]:
    """Yield the usage of all parts so far; the same object grows with each step."""
    usage = Usage(columns)
    for part in parts:
        for sheet in part.sheets:
            usage.add(sheet)
        yield usage


def _plus(left: Counted, right: Counted) -> Counted:
    """Return two rows of numbers that add up as one."""
    return {id_: number + right[id_] for id_, number in left.items()}


def _paths(metrics: Iterable[Metric]) -> list[str]:
    """Return the mapped fields of metrics."""
    return [metric.path for metric in metrics]


def _counted(found: dict[str, int], metrics: list[Metric]) -> Counted:
    """Return mapped fields by metric."""
    return {metric.id: found.get(metric.path, 0) for metric in metrics}
