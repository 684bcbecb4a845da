# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Cells: the numbers of each value of a dimension, and which of them are withheld."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property

from invenio_i18n import lazy_gettext as _

from ..aggregations.shares import MISSING
from ..catalog import Dimension, Metric
from ..errors import InvalidQueryError, UnanswerableError
from ..reader.holdings import NOTHING
from ..reader.periods import Period
from ..reader.rankings import ranked_by_bounds
from .question import Question
from .results import Number
from .withholding import is_small, smallest_shown, withheld_columns

Values = dict[str, Number]
INEXACT = _("%(metric)s: this does not follow exactly for parts of these records.")


class Cells:
    """Know the numbers of each value of a dimension in a period."""

    def __init__(
        self,
        question: Question,
        dimension: Dimension,
        metrics: list[Metric],
        period: Period,
        besides: Iterable[str] = (),
    ) -> None:
        """Take what is asked; ``besides``: values that are parts, too, if they have no number."""
        self.question, self.metrics = question, metrics
        self.counted = {metric.id: question.counted(metric) for metric in metrics}
        for metric in self.counted.values():
            _check(dimension, metric)
            question.require(metric)
        self.read = self._read()
        usage = [m for m in self.read if m.event]
        records = len(usage) < len(self.read)
        self.table = (
            question.usage(dimension.id).table(period, dimension.id, usage) if usage else None
        )
        stocks = question.walked.table(dimension.id, period.until) if records else {}
        self.stocks = {key: stock for key, stock in stocks.items() if any(stock)}
        used = self.table.used() if self.table else set()
        self.parts = {*used, *self.stocks, *besides}
        self.hidden = self._withheld()

    def _read(self) -> list[Metric]:
        """Return what is counted, and what decides on withholding it."""
        counted = list(self.counted.values())
        bases = map(self.question.catalog.base, counted if smallest_shown() else ())
        return list(dict.fromkeys((*counted, *bases)))

    @cached_property
    def keys(self) -> list[str]:
        """Return the values that have any number, and that the ranking does not withhold."""
        hidden = self.hidden[self.metrics[0].id]
        return [key for key in self.parts if key != MISSING and key not in hidden]

    @property
    def count(self) -> int:
        """Return how many values can be ranked."""
        return len(self.keys)

    def bound(self, key: str, metric: str) -> Number:
        """Return a number that is exact if it adds up, else too large if anything."""
        counted = self.counted[metric]
        if counted.event:
            return self.table.bound(key, counted.id)
        return getattr(self.stocks.get(key, NOTHING), counted.counter)

    def exact(self, key: str) -> Values:
        """Return the numbers of a value."""
        row = self._row(key)
        return {id_: row[counted.id] for id_, counted in self.counted.items()}

    def _row(self, key: str) -> Values:
        """Return the numbers of a value that were read."""
        used = self.table.exact(key) if self.table else {}
        held = self.stocks.get(key, NOTHING)
        return {m.id: used[m.id] if m.event else getattr(held, m.counter) for m in self.read}

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
        return {id_: None if key in self.hidden[id_] else value for id_, value in found.items()}

    def _withheld(self) -> dict[str, set[str]]:
        """Return which values are withheld of each metric."""
        limit, base = smallest_shown(), self.question.catalog.base
        rows = {key: self._row(key) for key in ({*self.parts, MISSING} if limit else ())}
        columns = {m.id: {key: row[m.id] for key, row in rows.items()} for m in self.read}
        bases = {metric.id: base(metric).id for metric in self.counted.values()}
        found = withheld_columns(columns, bases, limit)
        if any(found.values()):
            self.question.note("withheld")
        return {id_: found[counted.id] for id_, counted in self.counted.items()}


def _check(dimension: Dimension, metric: Metric) -> None:
    """Raise ``InvalidQueryError`` for a metric that a dimension does not break down."""
    if not _breaks_down(dimension, metric):
        raise InvalidQueryError("metric", f"{metric.id} are not known by {dimension.id}.")


def _breaks_down(dimension: Dimension, metric: Metric) -> bool:
    """Tell whether a metric is known by the values of a dimension."""
    return metric.family in dimension.families and (metric.event or not metric.distinct)


def largest(question: Question, dimension: Dimension, metric: Metric) -> list[str]:
    """Return the values of a dimension with most of a metric."""
    cells = Cells(question, dimension, [metric], question.period)
    return cells.ranked(question.query.size)


def shown_part(question: Question, metric: Metric, period: Period, value: Number) -> Number:
    """Return a number of chosen records or events, unless it is to be withheld.

    It is withheld where a ranking of the chosen values would withhold it.
    """
    limit = smallest_shown()
    if not limit or not question.chosen or value is None:
        return value
    judge = metric if metric.additive else question.catalog.base(metric)
    dimensions = (d for d in question.chosen if _breaks_down(d, judge))
    hidden = (_is_hidden(question, d, judge, period) for d in dimensions)
    if is_small(value, limit) or any(hidden):
        question.note("withheld")
        return None
    return value


def _is_hidden(question: Question, dimension: Dimension, metric: Metric, period: Period) -> bool:
    """Tell whether a ranking withholds some of the chosen values, and others beside them."""
    others = tuple(f for f in question.query.filters if f.dimension != dimension.id)
    wanted, query = question.chosen[dimension], replace(question.query, filters=others)
    whole = Question(question.identity, question.scope, query)
    hidden = Cells(whole, dimension, [metric], period, wanted).hidden[metric.id]
    return bool(hidden & wanted) and not hidden <= wanted
