# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Totals: every metric of a period, and what has changed since an earlier one."""

from dataclasses import dataclass

from ..catalog import Metric
from ..reader.holdings import Flow, Stock, until
from ..reader.periods import Period
from .cells import shown_part
from .counting import Counted
from .question import Question
from .results import Change, Number, Total, Totals
from .withholding import is_small, smallest_shown


@dataclass(frozen=True)
class _Held:
    """Be the record metrics of a period."""

    stock: Stock
    flow: Flow | None
    owners: int | None
    newcomers: int | None


def totals(question: Question) -> Totals:
    """Return the totals that a question asks for."""
    every = question.catalog.metrics.items()
    metrics = question.metrics(tuple(id_ for id_, metric in every if question.knows(metric)))
    return Totals(metrics=of_period(question, metrics), **question.head())


def of_period(question: Question, metrics: list[Metric], moved: bool = True) -> dict[str, Total]:
    """Return metrics of the period by id, with their changes if there is a comparison."""
    question.check_cost(len(metrics))
    periods = [question.period]
    if question.earlier:
        periods.append(question.earlier)
    now, *before = values(question, metrics, periods, moved)
    if not before:
        return {metric.id: now[metric.id] for metric in metrics}
    return {m.id: _compared(question, m, now[m.id], before[0][m.id]) for m in metrics}


def values(
    question: Question, metrics: list[Metric], periods: list[Period], moved: bool = True
) -> list[dict[str, Total]]:
    """Return the metrics of each of some periods; ``moved``: with what joined and left."""
    counted = {metric.id: question.counted(metric) for metric in metrics}
    usage = question.known(m for m in counted.values() if m.event)
    rows = question.usage().totals(periods, usage) if usage else [{} for _ in periods]
    _expect(question, list(counted.values()), periods, moved)
    held = [_held(question, list(counted.values()), period, moved) for period in periods]
    found = []
    for period, row, records in zip(periods, rows, held, strict=True):
        numbers = {}
        for metric in metrics:
            source = counted[metric.id]
            numbers[metric.id] = (
                _used(question, source, period, row)
                if source.event
                else _shown(question, source, period, _of_records(source, records))
            )
        found.append(numbers)
    return found


def _expect(question: Question, metrics: list[Metric], periods: list[Period], moved: bool) -> None:
    """Let what is held, and what moves, be read for all periods at once."""
    if any(not metric.event and not metric.distinct for metric in metrics):
        whole = [until(period.until) for period in periods]
        question.holdings.expect([*whole, *(periods if moved else ())])


def _used(question: Question, metric: Metric, period: Period, row: Counted) -> Total:
    """Return a metric of usage, with a note when it does not follow exactly."""
    if metric.id not in row:
        return Total(metric.unit, None)
    value = row[metric.id]
    if value is None:
        question.note("visitors" if metric.counter == "visitors" else "inexact")
    return Total(metric.unit, shown_part(question, metric, period, value))


def _held(question: Question, metrics: list[Metric], period: Period, moved: bool) -> _Held | None:
    """Return the record metrics of a period; none when nobody asks for any."""
    records = [metric for metric in metrics if not metric.event]
    if not records:
        return None
    holdings, day = question.holdings, period.until
    numbers = any(not metric.distinct for metric in records)
    people = any(metric.distinct for metric in records)
    newcomers = question.walked.newcomers(period, "year") if people and moved else {}
    return _Held(
        stock=holdings.stock(day) if numbers else Stock(),
        flow=holdings.flow(period) if numbers and moved else None,
        owners=question.walked.owners([day])[0] if people else None,
        newcomers=len(set().union(*newcomers.values())) if moved else None,
    )


def _of_records(metric: Metric, held: _Held) -> Total:
    """Return a metric of records."""
    if metric.distinct:
        return Total(metric.unit, held.owners, held.newcomers)
    sides = held.flow or (None, None)
    added, removed = (side and getattr(side, metric.counter) for side in sides)
    return Total(metric.unit, getattr(held.stock, metric.counter), added, removed)


def _shown(question: Question, metric: Metric, period: Period, total: Total) -> Total:
    """Return a metric of records without what is to be withheld."""
    value = shown_part(question, metric, period, total.value)
    if value is None:
        return Total(total.unit, None)
    limit = smallest_shown()
    if question.chosen and any(is_small(number, limit) for number in _moves(total)):
        question.note("withheld")
        return Total(total.unit, value)
    return total


def _moves(total: Total) -> tuple[Number, ...]:
    """Return what was added and removed, and what follows from it: the change, and what was."""
    if total.added is None or total.removed is None:
        return (total.added,)
    change = total.added - total.removed
    return total.added, total.removed, change, total.value - change


def _compared(question: Question, metric: Metric, now: Total, before: Total) -> Total:
    """Return a number with its change."""
    unknown = question.unrecorded(metric)
    complete = question.comparable(metric)
    change = Change.between(now.value, None if unknown else before.value, complete)
    return Total(now.unit, now.value, now.added, now.removed, change)
