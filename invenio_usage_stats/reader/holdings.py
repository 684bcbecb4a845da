# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a scope holds, and what joins and leaves it: from stored deltas and snapshots."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from operator import add, sub
from typing import NamedTuple, Self

import msgspec

from ..aggregations.packing import unpack
from ..aggregations.records.counts import Counts, Table
from ..aggregations.records.states import DayChange, RecordState
from ..aggregations.records.states import unpack as unpack_state
from ..aggregations.shares import MISSING, Cell
from ..aggregations.snapshots.monthly import deltas_from
from ..catalog.base import Basis
from ..indices import RECORD_DELTAS, RECORD_SNAPSHOTS, Page, Product, of_scope, pages
from .periods import FIRST_DAY, Period, bucket_start
from .states import state_at, states
from .totals import Sums, histogram, sums

FLOWS = {
    "records": ("records_added", "records_removed"),
    "parents": ("parents_added", "parents_removed"),
    "files": ("files.added.file_count", "files.removed.file_count"),
    "volume": ("files.added.data_volume", "files.removed.data_volume"),
}
"""The mapped fields of deltas that count what was added and removed, by counter."""
FIELDS = [field for pair in FLOWS.values() for field in pair]


def of_basis(products: tuple[Product, ...], basis: Basis) -> Product:
    """Return the product of a basis."""
    return next(product for product in products if product.basis == basis)


class Stock(NamedTuple):
    """Be numbers of records, works, files and bytes."""

    records: int = 0
    parents: int = 0
    files: int = 0
    volume: int = 0

    def plus(self, other: Self) -> Self:
        """Return the sum of two stocks."""
        return self._make(map(add, self, other))

    def minus(self, other: Self) -> Self:
        """Return what is left of a stock without another."""
        return self._make(map(sub, self, other))


NOTHING = Stock()


def stock_of(counts: Counts) -> Stock:
    """Return the numbers of a cell."""
    return Stock(counts.records, counts.parents, counts.files, counts.volume)


def stocks_of(table: Table) -> dict[str, Stock]:
    """Return the numbers of a dimension's cells."""
    return {key: stock_of(Counts(*numbers)) for key, numbers in table.items()}


class Flow(NamedTuple):
    """Be what joined and what left."""

    added: Stock = NOTHING
    removed: Stock = NOTHING

    @property
    def net(self) -> Stock:
        """Return what there is more."""
        return self.added.minus(self.removed)

    def plus(self, other: Self) -> Self:
        """Return two flows as one."""
        return Flow(self.added.plus(other.added), self.removed.plus(other.removed))


Flows = dict[date, Flow]
"""What moved in each interval in which anything did, by the interval's first day."""


class _Delta(msgspec.Struct, gc=False):
    period_start: str
    state: str


class _Named(msgspec.Struct, gc=False):
    """Be what a packed delta says of owners."""

    uploaders: set[str] = set()


_decode = msgspec.json.Decoder(Page[_Delta]).decode
_decode_named = msgspec.msgpack.Decoder(_Named).decode


class Holdings(ABC):
    """Answer what is held, and what moves."""

    def expect(self, periods: Iterable[Period]) -> None:  # noqa: B027
        """Hear of which periods ``flow`` will be asked, if reading them together is cheaper."""

    @abstractmethod
    def stock(self, day: date) -> Stock:
        """Return what is held at the end of a day."""

    @abstractmethod
    def flows(self, period: Period, interval: str) -> Flows:
        """Return what moved in each interval of a period."""

    @abstractmethod
    def flow(self, period: Period) -> Flow:
        """Return what moved in a period."""

    @abstractmethod
    def owners(self, days: list[date]) -> list[int]:
        """Return how many own what is held at the end of each of some days, in order."""

    @abstractmethod
    def newcomers(self, period: Period, interval: str) -> dict[date, set[str]]:
        """Return the owners of what joined in each interval."""

    @abstractmethod
    def table(self, dimension: str, day: date) -> dict[str, Stock]:
        """Return what is held of each value of a dimension."""

    @abstractmethod
    def cell_flows(self, cell: Cell, period: Period, interval: str) -> Flows:
        """Return what moved under one value of a dimension."""


def until(day: date) -> Period:
    """Return all days up to one."""
    return Period(FIRST_DAY, max(day, FIRST_DAY))


class Stored(Holdings):
    """Read holdings of a whole scope."""

    def __init__(self, scope: str, basis: Basis, owners: str) -> None:
        """Take the scope, and the dimension whose values are owners."""
        self.scope, self.owner_dimension = scope, owners
        self.deltas = of_basis(RECORD_DELTAS, basis)
        self.snapshots = of_basis(RECORD_SNAPSHOTS, basis)
        self._states: dict[date, RecordState] = {}
        self._moved: dict[Period, list[tuple[date, DayChange]]] = {}
        self._flow: dict[Period, Flow] = {}
        self._flows: dict[tuple[Period, str], Flows] = {}

    def expect(self, periods: Iterable[Period]) -> None:
        """Read what moved in all of them at once."""
        missing = [period for period in dict.fromkeys(periods) if period not in self._flow]
        found = sums(self.deltas, self.scope, missing, FIELDS) if missing else []
        self._flow |= zip(missing, map(_flow, found), strict=True)

    def stock(self, day: date) -> Stock:
        """Return what is held: all that ever joined without all that left."""
        return self.flow(until(day)).net

    def flows(self, period: Period, interval: str) -> Flows:
        """Return what moved, from mapped fields."""
        if (period, interval) not in self._flows:
            found = histogram(self.deltas, self.scope, period, FIELDS, interval)
            self._flows[period, interval] = {day: _flow(sums_) for day, sums_ in found.items()}
        return self._flows[period, interval]

    def flow(self, period: Period) -> Flow:
        """Return what moved, from mapped fields."""
        self.expect([period])
        return self._flow[period]

    def state(self, day: date) -> RecordState:
        """Return the state of all cells at the end of a day."""
        if day not in self._states:
            self._states[day] = state_at(self.snapshots, self.scope, day)
        return self._states[day]

    def moved(self, period: Period) -> list[tuple[date, DayChange]]:
        """Return the deltas of a period, in order."""
        if period not in self._moved:
            first = {self.scope: period.since}
            found = deltas_from(self.deltas, first, period.until).get(self.scope, [])
            self._moved[period] = [(day, unpack_state(text, DayChange)) for day, text in found]
        return self._moved[period]

    def owners(self, days: list[date]) -> list[int]:
        """Return how many owners the states of days have."""
        if len(days) == 1:
            return [owners_of(self.state(days[0]), self.owner_dimension)]
        wanted, found = set(days), []
        for day, state in states(self.snapshots, self.scope, Period(days[0], days[-1])):
            if day in wanted:
                found.append(owners_of(state, self.owner_dimension))
        return found

    def newcomers(self, period: Period, interval: str) -> dict[date, set[str]]:
        """Return the owners that the deltas name; nothing else of these is decoded."""
        query = of_scope(self.scope, "period_start", gte=period.since, lte=period.until)
        found: defaultdict[date, set[str]] = defaultdict(set)
        for text in pages(self.deltas.target, query):
            for hit in _decode(text).hits.hits:
                day = date.fromisoformat(hit.source.period_start[:10])
                named = _decode_named(unpack(hit.source.state)).uploaders
                found[bucket_start(day, interval)] |= named
        return dict(found)

    def table(self, dimension: str, day: date) -> dict[str, Stock]:
        """Return the cells of a state."""
        return stocks_of(self.state(day).table(dimension))

    def cell_flows(self, cell: Cell, period: Period, interval: str) -> Flows:
        """Return the cells of deltas."""
        return flows_of(self.moved(period), cell, interval)


class StoredCell(Stored):
    """Read holdings of one value of a dimension."""

    def __init__(self, scope: str, basis: Basis, owners: str, cell: Cell) -> None:
        super().__init__(scope, basis, owners)
        self.cell = cell

    def expect(self, periods: Iterable[Period]) -> None:
        """Read nothing: a cell is read with its state."""

    def stock(self, day: date) -> Stock:
        """Return the cell of a state."""
        return stock_of(self.state(day).cell(self.cell))

    def flows(self, period: Period, interval: str) -> Flows:
        """Return the cell of deltas."""
        return self.cell_flows(self.cell, period, interval)

    def flow(self, period: Period) -> Flow:
        """Return the cell of deltas, added up."""
        return added_up(self.flows(period, "year").values())


def _flow(values: Sums) -> Flow:
    """Return mapped fields as a flow."""
    sides = zip(*FLOWS.values(), strict=True)
    return Flow(*(Stock(*(values.get(field, 0) for field in side)) for side in sides))


def added_up(flows: Iterable[Flow]) -> Flow:
    """Return flows as one."""
    whole = Flow()
    for flow in flows:
        whole = whole.plus(flow)
    return whole


def flows_of(deltas: Iterable[tuple[date, DayChange]], cell: Cell, interval: str) -> Flows:
    """Return what moved in one cell, interval by interval."""
    found: defaultdict[date, Flow] = defaultdict(Flow)
    for day, delta in deltas:
        added, removed = delta.flow(cell)
        if any(added) or any(removed):
            start = bucket_start(day, interval)
            found[start] = found[start].plus(Flow(stock_of(added), stock_of(removed)))
    return dict(found)


def owners_of(state: RecordState, dimension: str) -> int:
    """Return how many owners have any record."""
    table = state.table(dimension)
    return sum(key != MISSING and Counts(*numbers).records > 0 for key, numbers in table.items())


def newcomers_of(deltas: Iterable[tuple[date, DayChange]], interval: str) -> dict[date, set[str]]:
    """Return the owners of what joined, interval by interval."""
    found: defaultdict[date, set[str]] = defaultdict(set)
    for day, delta in deltas:
        found[bucket_start(day, interval)].update(delta.uploaders)
    return dict(found)
