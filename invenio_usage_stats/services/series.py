# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Series: numbers interval by interval."""

from ..catalog import Metric
from ..reader.holdings import Holdings
from ..reader.periods import Period, bucket_start, fitting_interval, intervals
from ..reader.usage import BEGINNING
from .cells import shown_part
from .parts import Amount
from .points import Values, day_before, net_changes, points, running
from .question import Question
from .results import OneSeries, Point, Series
from .value_series import of_values

DEFAULT = ("views",)


def series(question: Question) -> Series:
    """Return the series that a question asks for."""
    interval = question.query.interval or fitting_interval(question.period)
    metrics = question.metrics(DEFAULT)
    if question.query.dimension is None:
        question.check_cost(len(metrics))
        found = of_metrics(question, metrics, interval)
    else:
        question.check_cost(question.query.size or 1)
        found = of_values(question, metrics[0], interval)
    return Series(interval=interval, series=found, **question.head())


def of_metrics(question: Question, metrics: list[Metric], interval: str) -> list[OneSeries]:
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
            points=points(question, now[metric.id], question.period, interval),
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
        values = [Amount(None)] * len(values)
    return points(question, values, question.comparison.period, interval)


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
            Amount(shown_part(question, metric, _whole(question, part), row[metric.id]))
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
        numbers = _people(question.walked, period, interval, question.query.cumulative)
        return [Amount(number) for number in numbers]
    flows = question.holdings.flows(period, interval)
    if not question.query.cumulative:
        return net_changes(flows, metric, period, interval)
    start = getattr(question.holdings.stock(day_before(period)), metric.counter)
    return running(net_changes(flows, metric, period, interval), start)


def _people(holdings: Holdings, period: Period, interval: str, cumulative: bool) -> list[int]:
    """Return the owners of what joined in each interval, or of what there is at its end."""
    parts = intervals(period, interval)
    if cumulative:
        return holdings.owners([part.until for part in parts])
    found = holdings.newcomers(period, interval)
    return [len(found.get(bucket_start(part.since, interval), ())) for part in parts]
