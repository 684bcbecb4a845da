# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Counting what software has reported: of a scope, of a record, and by software."""

from collections import ChainMap, Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from ..aggregations.columns import Columns
from ..aggregations.reports import WHOLE, Row, Rows, by_software
from ..aggregations.sheets.sheet import REPORTS
from ..catalog import Metric
from ..catalog import base as catalog
from ..reader.periods import Period
from ..reader.usage import usage_by_interval
from .choosing import Places
from .counting import Counted, Counting, Table, since_beginning


class Wanted(NamedTuple):
    """Choose rows by the ordinals of records, and by software; none for all."""

    records: Collection[int] | None = None
    whole: bool = False
    """Whether works as a whole count: their rows name no version."""
    software: Collection[str] | None = None

    def has(self, row: Row) -> bool:
        """Tell whether a row is chosen."""
        work, record, name = row
        if self.software is not None and name not in self.software:
            return False
        if self.records is None:
            return True
        return work in self.records if self.whole else record in self.records


class OfReports(Counting):
    """Count reported downloads: all metrics of theirs are one number."""

    def __init__(self, columns: Columns, places: Places, wanted: Wanted) -> None:
        """Take where to read, and what is chosen."""
        super().__init__(columns)
        self.places, self.wanted = places, wanted

    def _rows(self, periods: list[Period]) -> Iterator[Rows]:
        """Yield what is chosen of each period."""
        places = map(self.places, periods)
        for usage in usage_by_interval(self.columns, places, [REPORTS], self.covered):
            chosen = filter(lambda pair: self.wanted.has(pair[0]), usage.beside.reports.items())
            yield Counter(dict(chosen))

    def by_interval(self, periods: list[Period], interval: str, metrics: list[Metric]) -> list:
        """Return the numbers of each period."""
        return [_named(rows.total(), metrics) for rows in self._rows(periods)]

    def until(self, periods: list[Period], interval: str, metrics: list[Metric]) -> list[Counted]:
        """Return the numbers up to the end of each period."""
        parts = (rows.total() for rows in self._rows(since_beginning(periods)))
        return [_named(number, metrics) for number in accumulate(parts)][1:]

    def table(self, period: Period, dimension: str, metrics: list[Metric]) -> Table:
        """Return the numbers of each software."""
        (rows,) = self._rows([period])
        found = by_software(rows)
        columns = {key: (number,) for key, number in found.items()}
        at = dict.fromkeys((metric.id for metric in metrics), 0)
        return Table(columns, at, set(), lambda key: _named(found[key], metrics))

    def cells(
        self, periods: list[Period], dimension: str, keys: list[str], metrics: list[Metric]
    ) -> dict[str, list[Counted]]:
        """Return the numbers of some software, period by period."""
        parts = [by_software(rows) for rows in self._rows(periods)]
        return {key: [_named(part[key], metrics) for part in parts] for key in keys}

    def by_record(self, period: Period, *, works: bool) -> Counter[int]:
        """Return the numbers by the ordinal of the record, or of the work."""
        found: Counter[int] = Counter()
        (rows,) = self._rows([period])
        for (work, record, _), number in rows.items():
            found[work if works else record] += number
        del found[WHOLE]
        return found


class Apart(Counting):
    """Count uses of records, and what is reported, each by its own."""

    def __init__(self, uses: Counting, reports: Counting) -> None:
        super().__init__(uses.columns)
        self.uses, self.reports = uses, reports

    def _both(
        self, metrics: list[Metric], ask: Callable[[Counting, list[Metric]], list[Counted]]
    ) -> list[Counted]:
        """Return the rows of both."""
        pairs = (self.uses, _not_reported(metrics)), (self.reports, _reported(metrics))
        parts = [ask(counting, own) for counting, own in pairs if own]
        return [dict(ChainMap(*row)) for row in zip(*parts, strict=True)]

    def by_interval(self, periods: list[Period], interval: str, metrics: list[Metric]) -> list:
        """Return the numbers of each period."""
        return self._both(metrics, lambda one, own: one.by_interval(periods, interval, own))

    def totals(self, periods: list[Period], metrics: list[Metric]) -> list[Counted]:
        """Return the numbers of each of some periods that may lie anywhere."""
        return self._both(metrics, lambda one, own: one.totals(periods, own))

    def until(self, periods: list[Period], interval: str, metrics: list[Metric]) -> list[Counted]:
        """Return the numbers from the beginning to the end of each of consecutive periods."""
        return self._both(metrics, lambda one, own: one.until(periods, interval, own))

    def table(self, period: Period, dimension: str, metrics: list[Metric]) -> Table:
        """Return the numbers by value of a property of records or events."""
        return self.uses.table(period, dimension, metrics)

    def cells(
        self, periods: list[Period], dimension: str, keys: list[str], metrics: list[Metric]
    ) -> dict[str, list[Counted]]:
        """Return the numbers of each period for each of some values of such a property."""
        return self.uses.cells(periods, dimension, keys, metrics)


def _reported(metrics: Iterable[Metric]) -> list[Metric]:
    """Return the metrics of what is reported."""
    return [metric for metric in metrics if metric.family == catalog.REPORTS]


def _not_reported(metrics: Iterable[Metric]) -> list[Metric]:
    """Return the other metrics."""
    return [metric for metric in metrics if metric.family != catalog.REPORTS]


def _named(number: int, metrics: list[Metric]) -> Counted:
    """Return a number as that of each metric."""
    return {metric.id: number for metric in metrics}
