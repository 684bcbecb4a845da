# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Series: numbers interval by interval."""

from functools import partial

from ..catalog import Metric
from ..reader.holdings import Holdings
from ..reader.periods import Period, bucket_start, fitting_interval, intervals
from .cells import shown_part
from .counting import Counted
from .paging import ONE_PAGE, Maker, Pages, pages_of, stretches, width
from .parts import Amount
from .points import Values, day_before, net_changes, points, running, whole_of
from .question import Question
from .results import OneSeries, Point, Series, StreamedSeries
from .value_series import of_values
from .withholding import smallest_shown

DEFAULT = ("views",)


def series(question: Question) -> Series:
    """Return the series that a question asks for."""
    interval = question.query.interval or fitting_interval(question.period)
    metrics, query = question.metrics(DEFAULT), question.query
    if query.dimension is not None:
        metrics = metrics[:1] * (query.size or 1)
    question.check_cost(len(metrics))
    widths = [width(metric, query) for metric in metrics]
    pages = pages_of(query, question.period, interval, widths)
    made = _maker(question, metrics, interval)
    if query.extent == "stream":
        return _streamed(question, metrics, interval, made)
    found = made.of(pages)
    if pages.count > 1:
        question.note("paged")
    paged = {"page": pages.page, "pages": pages.count}
    return Series(interval=interval, series=found, **paged, **question.head())


def _maker(question: Question, metrics: list[Metric], interval: str) -> Maker:
    """Return what makes the stretches of all series."""
    if question.query.dimension is not None:
        return of_values(question, metrics[0], interval)
    return Maker(len(metrics), partial(of_metrics, question, metrics, interval))


def _streamed(
    question: Question, metrics: list[Metric], interval: str, made: Maker
) -> StreamedSeries:
    """Return series that are made while they are read, if that gives the same numbers."""
    parts = stretches(question.period, interval, made.count)
    grow = question.query.cumulative and any(m.event and not m.additive for m in metrics)
    if grow or smallest_shown():
        parts = iter([ONE_PAGE])
    first = made.of(next(parts))
    following = map(made.of, parts)
    return StreamedSeries(interval=interval, series=first, following=following, **question.head())


def of_metrics(
    question: Question, metrics: list[Metric], interval: str, pages: Pages = ONE_PAGE
) -> list[OneSeries]:
    """Return a series for each metric."""
    period, earlier = pages.cut(question.period, interval), None
    now, before = _values(question, metrics, period, interval), {}
    if question.earlier:
        earlier = pages.cut(question.earlier, interval)
        before = _values(question, metrics, earlier, interval) if earlier else {}
    return [
        OneSeries(
            metric=metric.id,
            unit=metric.unit,
            id=None,
            label=None,
            points=points(question, now[metric.id], period, interval),
            compared=_earlier(question, metric, before, earlier, interval),
        )
        for metric in metrics
    ]


def _earlier(
    question: Question,
    metric: Metric,
    before: dict[str, Values],
    period: Period | None,
    interval: str,
) -> list[Point] | None:
    """Return the points of the earlier period; nothing for what was not recorded then."""
    if question.earlier is None:
        return None
    if period is None:
        return []
    values = before[metric.id]
    if question.unrecorded(metric):
        values = [Amount(None)] * len(values)
    return points(question, values, period, interval)


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
    parts, known = intervals(period, interval), question.known(metrics)
    rows: list[Counted] = [{} for _ in parts]
    if known and question.query.cumulative:
        rows = question.usage().until(parts, interval, known)
    elif known:
        rows = question.usage().by_interval(parts, interval, known)
    if any(value is None for row in rows for value in row.values()):
        question.note("inexact")
    return {
        metric.id: [
            Amount(shown_part(question, metric, whole_of(question, part), row.get(metric.id)))
            for part, row in zip(parts, rows, strict=True)
        ]
        for metric in metrics
    }


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
