# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Counting the usage of what is chosen: line by line, or event by event."""

from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from invenio_i18n import lazy_gettext as _

from ..aggregations.columns import Columns
from ..aggregations.shares import TOTAL
from ..aggregations.sheets.sheet import CELLS, MARKS, Usage
from ..catalog import Metric
from ..errors import UnanswerableError
from ..reader.filters import VISITORS, Choice, Chosen, Gathered
from ..reader.periods import Period
from ..reader.raw import RawUsage
from ..reader.spans import Place
from ..reader.usage import BEGINNING, usage_by_interval
from .counting import Counted, Counting, Table, growing, since_beginning

Places = Callable[[Period], list[Place]]
"""Says which scopes' sheets to read for which days of a period."""


class Listing(NamedTuple):
    """Be the usage of a period with a line for each record, of which some are chosen."""

    usage: Usage
    choice: Choice


class OfLines(Counting):
    """Count the usage of chosen records, line by line."""

    def __init__(
        self,
        columns: Columns,
        places: Places,
        choice: Choice,
        events: set[str],
        ahead: Collection[str] = (),
    ) -> None:
        """Take where to read, what to choose, and which dimensions only events know.

        ``ahead``: dimensions that will be asked for one after the other.
        """
        super().__init__(columns)
        self.places, self.choice, self.events, self.ahead = places, choice, events, ahead
        self._known: dict[Period, list[Chosen]] = {}

    def _usages(self, periods: list[Period], *sections: str) -> Iterator[Usage]:
        """Yield the usage of each period."""
        only = [CELLS, *self.choice.sections, *sections]
        return usage_by_interval(self.columns, map(self.places, periods), only, self.covered)

    def _chosen(self, period: Period, dimension: str) -> list[Chosen]:
        """Return what is chosen of each sheet of a period, read for what will be asked, too."""
        if dimension not in self.ahead:
            (usage,) = self._usages([period], *self._sections(dimension))
            return list(self.choice.chosen(usage))
        if period not in self._known:
            sections = (s for id_ in self.ahead if id_ not in self.events for s in _parts(id_))
            (usage,) = self._usages([period], *sections)
            self._known[period] = list(self.choice.chosen(usage))
        return self._known[period]

    def listings(self, periods: list[Period]) -> Iterator[Listing]:
        """Yield the chosen lines of each period."""
        return (Listing(usage, self.choice) for usage in self._usages(periods))

    def by_interval(self, periods: list[Period], interval: str, metrics: list[Metric]) -> list:
        """Return the numbers of the lines in each period."""
        usages = self._usages(periods)
        return [self.named(self.choice.numbers(usage), metrics) for usage in usages]

    def until(self, periods: list[Period], interval: str, metrics: list[Metric]) -> list[Counted]:
        """Return the numbers up to the end of each period."""
        grown = growing(self.columns, self._usages(since_beginning(periods)))
        return [self.named(self.choice.numbers(usage), metrics) for usage in grown][1:]

    def table(self, period: Period, dimension: str, metrics: list[Metric]) -> Table:
        """Return the numbers of the lines by value of a dimension of records' properties."""
        self._sections(dimension)
        chosen = self._chosen(period, dimension)
        found = self.choice.table(chosen, dimension)
        rows = {key: self._row(part) for key, part in found.items()}

        def exact(key: str) -> Counted:
            return self.named(rows.get(key) or self._row(None), metrics)

        return Table(rows, self.at(metrics), set(), exact, self._telling(metrics))

    def _telling(self, metrics: list[Metric]) -> list[int]:
        """Return the columns that tell what has any of the metrics: visitors leave events."""
        counters = ((m.event, "events" if m.counter == VISITORS else m.counter) for m in metrics)
        return [self.columns.at[name] for name in counters]

    def cells(
        self, periods: list[Period], dimension: str, keys: list[str], metrics: list[Metric]
    ) -> dict[str, list[Counted]]:
        """Return the numbers of some values, period by period."""
        found: dict[str, list[Counted]] = {key: [] for key in keys}
        for usage in self._usages(periods, *self._sections(dimension)):
            table = self.choice.table(self.choice.chosen(usage), dimension)
            for key, numbers in found.items():
                numbers.append(self.named(self._row(table.get(key)), metrics))
        return found

    def _row(self, part: Gathered | None) -> list[int | None]:
        """Return the numbers of a part; of none zeros."""
        return (part or Gathered(self.columns)).numbers(self.choice.unknown)

    def _sections(self, dimension: str) -> tuple[str, str]:
        """Return the sections of a dimension; raise ``UnanswerableError`` for events'."""
        if dimension in self.events:
            raise UnanswerableError(
                _(
                    "This belongs to single events, and sheets do not tell which of them meet "
                    "these filters: ask for at most 92 days."
                )
            )
        return _parts(dimension)


def _parts(dimension: str) -> tuple[str, str]:
    """Return the sections of a dimension."""
    return CELLS + dimension, MARKS + dimension


class OfEvents(Counting):
    """Count single events, where sheets do not tell which of them meet all filters."""

    def __init__(self, columns: Columns, raw: RawUsage) -> None:
        super().__init__(columns)
        self.raw = raw
        self._known: dict[Period, Usage] = {}

    def _usages(self, periods: list[Period]) -> Iterator[Usage]:
        """Yield the usage of each period; raise ``UnanswerableError`` for too long a time."""
        if len(periods) == 1:
            yield self._usage(periods[0])
            return
        self.raw.check(Period(periods[0].since, periods[-1].until))
        for period in periods:
            yield Usage(self.columns, self.raw.sheets(period))

    def _usage(self, period: Period) -> Usage:
        """Return the usage of a period, which is read once."""
        if period not in self._known:
            self.raw.check(period)
            self._known[period] = Usage(self.columns, self.raw.sheets(period))
        return self._known[period]

    def listings(self, periods: list[Period]) -> Iterator[Listing]:
        """Yield the lines that the events of each period make."""
        everything = Choice(self.columns, [])
        return (Listing(usage, everything) for usage in self._usages(periods))

    def by_interval(self, periods: list[Period], interval: str, metrics: list[Metric]) -> list:
        """Return the numbers of the events in each period."""
        return [self.named(usage.numbers(TOTAL), metrics) for usage in self._usages(periods)]

    def until(self, periods: list[Period], interval: str, metrics: list[Metric]) -> list[Counted]:
        """Refuse: the beginning is always too far away."""
        self.raw.check(Period(BEGINNING, periods[-1].until))
        return []

    def table(self, period: Period, dimension: str, metrics: list[Metric]) -> Table:
        """Return the numbers by value of a dimension."""
        (usage,) = self._usages([period])
        return Table(
            usage.sums(dimension),
            self.at(metrics),
            {metric.id for metric in metrics if metric.distinct},
            lambda key: self.named(usage.numbers((dimension, key)), metrics),
        )

    def cells(
        self, periods: list[Period], dimension: str, keys: list[str], metrics: list[Metric]
    ) -> dict[str, list[Counted]]:
        """Return the numbers of some values, period by period."""
        found: dict[str, list[Counted]] = {key: [] for key in keys}
        for usage in self._usages(periods):
            for key, row in found.items():
                row.append(self.named(usage.numbers((dimension, key)), metrics))
        return found
