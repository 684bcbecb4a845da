# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Points of series: from numbers by interval to what is shown."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import accumulate

from ..catalog import Metric
from ..reader.holdings import Flow, Flows
from ..reader.periods import Period, bucket_start, intervals
from ..reader.usage import BEGINNING
from .parts import Amount, Point
from .question import Question
from .withholding import smallest_shown, withheld, withheld_sums

Values = list[Amount]


def points(question: Question, values: Values, period: Period, interval: str) -> list[Point]:
    """Return values as points; small numbers of a part of a scope are withheld."""
    days = [part.since for part in intervals(period, interval)]
    hidden = _withheld(question, values)
    if hidden:
        question.note("withheld")
    return [
        Point(day, None) if n in hidden else Point(day, *amount)
        for n, (day, amount) in enumerate(zip(days, values, strict=True))
    ]


def _withheld(question: Question, values: Values) -> set[int]:
    """Return which points are withheld: with one of its numbers all that a point tells."""
    limit = smallest_shown()
    if not limit or not (question.chosen or question.query.dimension):
        return set()
    if question.query.cumulative:
        return withheld_sums((amount.value for amount in values), limit)
    columns = (dict(enumerate(column)) for column in zip(*values, strict=True))
    return set().union(*(withheld(column, limit) for column in columns))


def net_changes(flows: Flows, metric: Metric, period: Period, interval: str) -> Values:
    """Return what was added less what was removed in each interval."""
    starts = (bucket_start(part.since, interval) for part in intervals(period, interval))
    return [_amount(flows.get(start, Flow()), metric.counter) for start in starts]


def _amount(flow: Flow, counter: str) -> Amount:
    """Return a counter of a flow."""
    added, removed = getattr(flow.added, counter), getattr(flow.removed, counter)
    return Amount(added - removed, added, removed)


def running(values: Iterable[Amount], start: int) -> Values:
    """Return running sums on top of a number."""
    numbers = (amount.value for amount in values)
    return [Amount(number) for number in accumulate(numbers, initial=start)][1:]


def day_before(period: Period) -> date:
    """Return the day before a period."""
    return period.since - timedelta(days=1)


def whole_of(question: Question, part: Period) -> Period:
    """Return the days that a point of a series counts."""
    return Period(BEGINNING, part.until) if question.query.cumulative else part
