# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Results of the service: plain data with units, as JSON objects or as the rows of one table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from .head import RATIO, Result
from .parts import Change, Line, Number, Point, plain


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
        """Yield a row for each metric, with what was added and removed, and what has changed."""
        until = self.period.until
        for id_, total in self.metrics.items():
            yield self.line(until, id_, total.unit, total.value)
            yield from self.moved(until, id_, total.unit, (total.added, total.removed))
            yield from self.changed(id_, total.unit, total.compared)


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
        """Yield a row for each point, and for those of the earlier period."""
        for one in self.series:
            yield from self._points(one, one.metric, one.points)
            yield from self._points(one, f"{one.metric}.compared", one.compared or ())

    def _points(self, one: OneSeries, metric: str, points: Iterable[Point]) -> Iterator[Line]:
        """Yield rows of some points, with what was added and removed."""
        dimension = self.query.dimension or ""
        of = (dimension, one.id, one.label or "") if one.id is not None else ()
        for point in points:
            yield self.line(point.day, metric, one.unit, point.value, *of)
            yield from self.moved(point.day, metric, one.unit, (point.added, point.removed), *of)


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
        """Yield a row for each number, and for what has no value of the dimension."""
        for row in self.all_rows():
            yield from self._row(row)
        for metric, value in (self.missing or {}).items():
            of = (self.dimension, "", "")
            name, unit = f"{metric}.missing", self.units[metric]
            yield self.line(self.period.until, name, unit, value, *of)

    def _row(self, row: TopRow) -> Iterator[Line]:
        """Yield the numbers of one place, the share beside the metric that it is of."""
        until, first = self.period.until, next(iter(row.values))
        of = (self.dimension, row.id, row.label)
        for metric, value in row.values.items():
            unit, compared = self.units[metric], row.compared or {}
            yield self.line(until, metric, unit, value, *of)
            if metric == first:
                yield self.line(until, f"{metric}.share", RATIO, row.share, *of)
            yield from self.changed(metric, unit, compared.get(metric), *of)

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
    """Be the state at the end of a day: what there is, and what was used until then.

    ``counts``: how many values each dimension has in all.
    """

    date: date
    units: dict[str, str]
    metrics: dict[str, Number]
    dimensions: dict[str, list[Part]]
    counts: dict[str, int]
    page: int
    size: int | None

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
