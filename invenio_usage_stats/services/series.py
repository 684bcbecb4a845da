# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Series: numbers interval by interval, of a whole or of the largest values of a dimension."""

from collections.abc import Iterable
from datetime import date, timedelta

from ..catalog import Metric
from ..catalog.labels import label_text
from ..errors import InvalidQueryError
from ..reader.holdings import Flow, Flows, Holdings
from ..reader.periods import Period, bucket_start, fitting_interval, intervals
from ..reader.usage import BEGINNING
from .cells import Cells, largest, shown_part
from .question import Question
from .results import Number, OneSeries, Point, Series
from .withholding import smallest_shown, withheld

DEFAULT = ("views",)
Values = list[Number]


def series(question: Question) -> Series:
    """Return the series that a question asks for."""
    interval = question.query.interval or fitting_interval(question.period)
    metrics = question.metrics(DEFAULT)
    if question.query.dimension is None:
        question.check_cost(len(metrics))
        found = _of_metrics(question, metrics, interval)
    else:
        question.check_cost(question.query.size or 1)
        found = _of_values(question, metrics[0], interval)
    return Series(interval=interval, series=found, **question.head())


def _of_metrics(question: Question, metrics: list[Metric], interval: str) -> list[OneSeries]:
    """Return a series for each metric."""
    now = _values(question, metrics, question.period, interval)
    before = {}
    if question.comparison:
        before = _values(question, metrics, question.comparison.period, interval)
    return [
        OneSeries(
            metric=metric.id,
            unit=metric.unit,
            id=None,
            label=None,
            points=_points(question, now[metric.id], question.period, interval),
            compared=_earlier(question, metric, before, interval),
        )
        for metric in metrics
    ]


def _earlier(
    question: Question, metric: Metric, before: dict[str, Values], interval: str
) -> list[Point] | None:
    """Return the points of the earlier period; nothing for what was not recorded then."""
    if not before:
        return None
    values = before[metric.id]
    if question.unrecorded(metric):
        values = [None] * len(values)
    return _points(question, values, question.comparison.period, interval)


def _values(
    question: Question, metrics: list[Metric], period: Period, interval: str
) -> dict[str, Values]:
    """Return the values of each metric, interval by interval."""
    counted = {metric.id: question.counted(metric) for metric in metrics}
    usage = list(dict.fromkeys(m for m in counted.values() if m.event))
    records = list(dict.fromkeys(m for m in counted.values() if not m.event))
    found = _used(question, usage, period, interval) if usage else {}
    found |= {m.id: _held(question, m, period, interval) for m in records}
    return {id_: found[metric.id] for id_, metric in counted.items()}


def _used(
    question: Question, metrics: list[Metric], period: Period, interval: str
) -> dict[str, Values]:
    """Return the values of metrics of usage."""
    parts = intervals(period, interval)
    if question.query.cumulative:
        rows = question.usage().until(parts, interval, metrics)
    else:
        rows = question.usage().by_interval(parts, interval, metrics)
    if any(value is None for row in rows for value in row.values()):
        question.note("inexact")
    return {
        metric.id: [
            shown_part(question, metric, _whole(question, part), row[metric.id])
            for part, row in zip(parts, rows, strict=True)
        ]
        for metric in metrics
    }


def _whole(question: Question, part: Period) -> Period:
    """Return the days that a point of a series counts."""
    return Period(BEGINNING, part.until) if question.query.cumulative else part


def _held(question: Question, metric: Metric, period: Period, interval: str) -> Values:
    """Return the values of a metric of records: net changes, or what there is."""
    if metric.distinct:
        return _people(question.walked, period, interval, question.query.cumulative)
    flows = question.holdings.flows(period, interval)
    before = _day_before(period) if question.query.cumulative else None
    start = getattr(question.holdings.stock(before), metric.counter) if before else None
    return _net(flows, metric, period, interval, start)


def _net(flows: Flows, metric: Metric, period: Period, interval: str, start: int | None) -> Values:
    """Return net changes; running sums on top of ``start``, if there is one."""
    found: Values = []
    for part in intervals(period, interval):
        flow = flows.get(bucket_start(part.since, interval), Flow())
        value = getattr(flow.net, metric.counter)
        if start is not None:
            start = value = start + value
        found.append(value)
    return found


def _people(holdings: Holdings, period: Period, interval: str, cumulative: bool) -> Values:
    """Return the owners of what joined in each interval, or of what there is at its end."""
    parts = intervals(period, interval)
    if cumulative:
        return holdings.owners([part.until for part in parts])
    found = holdings.newcomers(period, interval)
    return [len(found.get(bucket_start(part.since, interval), ())) for part in parts]


def _day_before(period: Period) -> date:
    """Return the day before a period."""
    return period.since - timedelta(days=1)


def _points(question: Question, values: Values, period: Period, interval: str) -> list[Point]:
    """Return values as points; small numbers of a part of a scope are withheld."""
    parts = [part.since for part in intervals(period, interval)]
    limit = smallest_shown()
    narrow = bool(question.wanted or question.query.dimension)
    hidden = withheld(dict(enumerate(values)), limit) if limit and narrow else set()
    if hidden:
        question.note("withheld")
    return [
        Point(day, None if n in hidden else value)
        for n, (day, value) in enumerate(zip(parts, values, strict=True))
    ]


def _of_values(question: Question, metric: Metric, interval: str) -> list[OneSeries]:
    """Return a series for each of the largest values of a dimension."""
    dimension = question.catalog.dimensions.get(question.query.dimension)
    if dimension is None or dimension.hidden:
        raise InvalidQueryError("dimension", f"{question.query.dimension} has no series.")
    counted = question.counted(metric)
    keys = largest(question, dimension, counted)
    question.check_cost(len(keys))
    parts = intervals(question.period, interval)
    if counted.event:
        rows = question.usage(dimension.id).cells(parts, dimension.id, keys, [counted])
        values = {key: [row[counted.id] for row in rows[key]] for key in keys}
        if question.query.cumulative:
            raise InvalidQueryError("cumulative", "cannot be given with a dimension for usage.")
    else:
        values = dict(_held_by_value(question, counted, dimension.id, keys, interval))
    if counted.event and smallest_shown():
        for n, part in enumerate(parts):
            hidden = Cells(question, dimension, [counted], part).hidden[counted.id]
            for key in hidden & values.keys():
                values[key][n] = None
    question.documents.prefetch([{dimension.id: keys}])
    label = question.documents.label
    return [
        OneSeries(
            metric=metric.id,
            unit=metric.unit,
            id=key,
            label=label_text(dimension, key, label(dimension, key), question.locale),
            points=_points(question, values[key], question.period, interval),
        )
        for key in keys
    ]


def _held_by_value(
    question: Question, metric: Metric, dimension: str, keys: list[str], interval: str
) -> Iterable[tuple[str, Values]]:
    """Yield the values of a metric of records for each value of a dimension."""
    holdings, period = question.walked, question.period
    stocks = {}
    if question.query.cumulative:
        stocks = holdings.table(dimension, _day_before(period))
    for key in keys:
        start = None
        if question.query.cumulative:
            start = getattr(stocks[key], metric.counter) if key in stocks else 0
        flows = holdings.cell_flows((dimension, key), period, interval)
        yield key, _net(flows, metric, period, interval, start)
