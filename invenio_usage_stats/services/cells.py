# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Cells: the numbers of each value of a dimension, and which of them are withheld."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from invenio_i18n import lazy_gettext as _

from ..aggregations.shares import MISSING
from ..catalog import Dimension, Metric
from ..errors import InvalidQueryError, UnanswerableError
from ..reader.periods import Period
from ..reader.rankings import ranked_by_bounds
from .question import Question
from .results import Number
from .withholding import is_small, smallest_shown, withheld

Values = dict[str, Number]
INEXACT = _("%(metric)s: this does not follow exactly for parts of these records.")


class Cells:
    """Know the numbers of each value of a dimension in a period."""

    def __init__(
        self, question: Question, dimension: Dimension, metrics: list[Metric], period: Period
    ) -> None:
        self.question, self.metrics = question, metrics
        self.counted = {metric.id: question.counted(metric) for metric in metrics}
        for metric in self.counted.values():
            _check(dimension, metric)
        usage = [m for m in self.counted.values() if m.event]
        records = [m for m in self.counted.values() if not m.event]
        self.table = (
            question.usage(dimension.id).table(period, dimension.id, usage) if usage else None
        )
        stocks = question.walked.table(dimension.id, period.until) if records else {}
        self.stocks = {key: stock for key, stock in stocks.items() if any(stock)}
        self.hidden = self._withheld()

    @cached_property
    def keys(self) -> list[str]:
        """Return the values that have any number."""
        used = self.table.used() if self.table else set()
        return [key for key in used | self.stocks.keys() if key != MISSING]

    @property
    def count(self) -> int:
        """Return how many values have any number."""
        return len(self.keys)

    def bound(self, key: str, metric: str) -> Number:
        """Return a number that is exact if it adds up, else too large if anything."""
        counted = self.counted[metric]
        if counted.event:
            return self.table.bound(key, counted.id)
        return getattr(self.stocks[key], counted.counter) if key in self.stocks else 0

    def exact(self, key: str) -> Values:
        """Return the numbers of a value."""
        used = self.table.exact(key) if self.table else {}
        return {
            id_: used[counted.id] if counted.event else self.bound(key, id_)
            for id_, counted in self.counted.items()
        }

    def ranked(self, size: int | None) -> list[str]:
        """Return the values with most of the first metric; ties by id."""
        first = next(iter(self.counted))
        exact: Callable[[str], Number] | None = None
        if self.table and self.counted[first].id in self.table.bounds:
            exact = lambda key: self.exact(key)[first]  # noqa: E731
        bounds = {key: self.bound(key, first) for key in self.keys}
        if any(bound is None for bound in bounds.values()):
            raise UnanswerableError(INEXACT, metric=self.metrics[0].label)
        return ranked_by_bounds(bounds, exact, size)

    def page(self) -> list[str]:
        """Return the values of the page that is asked for."""
        size, page = self.question.query.size, self.question.query.page
        return self.ranked(size * page)[(page - 1) * size :] if size else self.ranked(None)

    def shown(self, key: str) -> Values:
        """Return the numbers of a value, without what is withheld."""
        found = self.exact(key)
        if any(value is None for value in found.values()):
            self.question.note("inexact")
        small = {id_ for id_, value in found.items() if is_small(value, smallest_shown())}
        if small:
            self.question.note("withheld")
        hidden = {id_ for id_ in found if key in self.hidden[id_]} | small
        return {id_: None if id_ in hidden else value for id_, value in found.items()}

    def _withheld(self) -> dict[str, set[str]]:
        """Return which values are withheld of each metric."""
        limit = smallest_shown()
        if not limit:
            return {id_: set() for id_ in self.counted}
        keys = {*self.keys, MISSING}
        found = {
            id_: withheld({k: self.bound(k, id_) for k in keys}, limit) for id_ in self.counted
        }
        if any(found.values()):
            self.question.note("withheld")
        return found


def _check(dimension: Dimension, metric: Metric) -> None:
    """Raise ``InvalidQueryError`` for a metric that a dimension does not break down."""
    if metric.family not in dimension.families or (not metric.event and metric.distinct):
        raise InvalidQueryError("metric", f"{metric.id} are not known by {dimension.id}.")


def largest(question: Question, dimension: Dimension, metric: Metric) -> list[str]:
    """Return the values of a dimension with most of a metric."""
    cells = Cells(question, dimension, [metric], question.period)
    return cells.ranked(question.query.size)


def shown_part(question: Question, metric: Metric, period: Period, value: Number) -> Number:
    """Return a number of chosen records or events, unless it is to be withheld.

    It is withheld where a ranking of the chosen values would withhold it.
    """
    limit = smallest_shown()
    if not limit or not question.wanted or value is None:
        return value
    hidden = (_is_hidden(question, d, metric, period) for d in question.wanted)
    if is_small(value, limit) or (_has_cells(metric) and any(hidden)):
        question.note("withheld")
        return None
    return value


def _has_cells(metric: Metric) -> bool:
    """Tell whether a metric is known of each value of a dimension."""
    return metric.additive


def _is_hidden(question: Question, dimension: Dimension, metric: Metric, period: Period) -> bool:
    """Tell whether a ranking withholds some of the chosen values, and others beside them."""
    others = tuple(f for f in question.query.filters if f.dimension != dimension.id)
    query = replace(question.query, filters=others)
    cells = Cells(Question(question.identity, question.scope, query), dimension, [metric], period)
    hidden = cells.hidden[metric.id]
    return bool(hidden & question.wanted[dimension]) and not hidden <= question.wanted[dimension]
