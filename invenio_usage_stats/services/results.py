# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Results of the service: plain data with units, as JSON objects or as the rows of one table."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from ..reader.freshness import Freshness
from ..reader.periods import Period
from .parts import Change, Line, Note, Number, Point, plain
from .query import Query
from .scopes import Scope


@dataclass(frozen=True)
class Comparison:
    """Be the earlier period; ``complete``: whether all of it was recorded."""

    period: Period
    complete: bool

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        since, until = self.period.bounds
        days = {"since": since.isoformat(), "until": until.isoformat(), "days": self.period.length}
        return {**days, "complete": self.complete}


@dataclass(frozen=True, kw_only=True)
class Result(ABC):
    """Be what all results have in common."""

    scope: Scope
    query: Query
    period: Period
    comparison: Comparison | None
    freshness: Freshness
    notes: list[Note]

    def to_dict(self) -> dict[str, Any]:
        """Return the result as it stands in answers."""
        since, until = self.period.bounds
        head = {
            "scope": self.scope.to_dict(),
            "query": self.query.to_dict(),
            "period": {
                "name": self.query.name,
                "since": since.isoformat(),
                "until": until.isoformat(),
                "days": self.period.length,
            },
            "comparison": self.comparison and self.comparison.to_dict(),
            "freshness": self.freshness.to_dict(),
            "notes": [note.to_dict() for note in self.notes],
        }
        common = {f.name for f in fields(Result)}
        own = (f.name for f in fields(self) if f.name not in common)
        return {**head, **{name: plain(getattr(self, name)) for name in own}}

    @abstractmethod
    def table(self) -> Iterator[Line]:
        """Yield the result as rows of one table."""

    def line(self, day: date, metric: str, unit: str, value: Number, *of: str) -> Line:
        """Return a row; ``of``: dimension, id and label of a part."""
        dimension, id_, label = of or ("", "", "")
        path = self.scope.path
        return Line(day.isoformat(), path, metric, dimension, id_, label, value, unit)


@dataclass(frozen=True)
class Total:
    """Be one number of a period.

    Metrics of usage: what was counted in it. Metrics of records: what is there at its end, and
    what was added and removed in it; of uploaders, ``added`` are those of what was added.
    """

    unit: str
    value: Number
    added: Number = None
    removed: Number = None
    compared: Change | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        parts = {"added": self.added, "removed": self.removed}
        found = {"value": self.value, "unit": self.unit}
        found |= {name: part for name, part in parts.items() if part is not None}
        return found | ({"compared": plain(self.compared)} if self.compared else {})


@dataclass(frozen=True, kw_only=True)
class Totals(Result):
    """Be the numbers of a period, by metric."""

    metrics: dict[str, Total]

    def table(self) -> Iterator[Line]:
        """Yield a row for each metric."""
        for id_, total in self.metrics.items():
            yield self.line(self.period.until, id_, total.unit, total.value)


@dataclass(frozen=True)
class OneSeries:
    """Be the points of one metric, of all or (``id``) of one value of a dimension."""

    metric: str
    unit: str
    id: str | None
    label: str | None
    points: list[Point]
    compared: list[Point] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {f.name: plain(getattr(self, f.name)) for f in fields(self)}


@dataclass(frozen=True, kw_only=True)
class Series(Result):
    """Be numbers over time: one series for each metric, or for each value of a dimension."""

    interval: str
    series: list[OneSeries]
    page: int = 1
    pages: int = 1

    def table(self) -> Iterator[Line]:
        """Yield a row for each point."""
        dimension = self.query.dimension or ""
        for one in self.series:
            of = (dimension, one.id, one.label or "") if one.id is not None else ()
            for point in one.points:
                yield self.line(point.day, one.metric, one.unit, point.value, *of)


@dataclass(frozen=True, kw_only=True)
class StreamedSeries(Series):
    """Be series of which only the first stretch is there; the others are made while it is read."""

    following: Iterator[list[OneSeries]]

    def table(self) -> Iterator[Line]:
        """Yield a row for each point, one stretch of time after the other."""
        yield from super().table()
        for some in self.following:
            yield from replace(self, series=some, following=iter(())).table()


@dataclass(frozen=True)
class TopRow:
    """Be one place of a ranking; ``share``: its part of the first metric's total."""

    id: str
    label: str
    values: dict[str, Number]
    share: float | None = None
    compared: dict[str, Change] | None = None
    link: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        found = {f.name: plain(getattr(self, f.name)) for f in fields(self)}
        optional = ("compared", "link")
        return {k: value for k, value in found.items() if value is not None or k not in optional}


@dataclass(frozen=True, kw_only=True)
class Top(Result):
    """Be a ranking by its first metric; ties are resolved by id.

    ``count``: how many rows there are in all; ``missing``: what has no value of the dimension.
    """

    dimension: str
    units: dict[str, str]
    rows: list[TopRow]
    count: int | None
    missing: dict[str, Number] | None
    totals: dict[str, Number]
    page: int
    size: int | None

    def table(self) -> Iterator[Line]:
        """Yield a row for each number."""
        for row in self.all_rows():
            for metric, value in row.values.items():
                of = (self.dimension, row.id, row.label)
                yield self.line(self.period.until, metric, self.units[metric], value, *of)

    def all_rows(self) -> Iterable[TopRow]:
        """Return the rows of the table."""
        return self.rows


@dataclass(frozen=True, kw_only=True)
class StreamedTop(Top):
    """Be a ranking whose rows are made while its table is read."""

    following: Iterator[TopRow]

    def all_rows(self) -> Iterable[TopRow]:
        """Return the rows, which can be read once."""
        return self.following


@dataclass(frozen=True)
class Part:
    """Be the state of one value of a dimension."""

    id: str
    label: str
    values: dict[str, Number]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"id": self.id, "label": self.label, "values": self.values}


@dataclass(frozen=True, kw_only=True)
class Snapshot(Result):
    """Be the state at the end of a day: what there is, and what was used until then."""

    date: date
    units: dict[str, str]
    metrics: dict[str, Number]
    dimensions: dict[str, list[Part]]

    def table(self) -> Iterator[Line]:
        """Yield a row for each number."""
        for metric, value in self.metrics.items():
            yield self.line(self.date, metric, self.units[metric], value)
        for dimension, parts in self.dimensions.items():
            for part in parts:
                of = (dimension, part.id, part.label)
                for metric, value in part.values.items():
                    yield self.line(self.date, metric, self.units[metric], value, *of)


@dataclass(frozen=True, kw_only=True)
class SchemaResult(Result):
    """Be what can be asked: metrics, dimensions and parameters."""

    metrics: list[dict[str, Any]]
    dimensions: list[dict[str, Any]]
    parameters: dict[str, Any]

    def table(self) -> Iterator[Line]:
        """Yield nothing: a schema has no numbers."""
        return iter(())


@dataclass(frozen=True)
class Step:
    """Be one step on the way to a number."""

    label: str
    value: Number
    text: str

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"label": self.label, "value": self.value, "text": self.text}


@dataclass(frozen=True, kw_only=True)
class Explanation(Result):
    """Be how a number came about."""

    metric: str
    unit: str
    steps: list[Step]

    def table(self) -> Iterator[Line]:
        """Yield a row for each step."""
        for step in self.steps:
            yield self.line(
                self.period.until, self.metric, self.unit, step.value, "", "", step.label
            )
