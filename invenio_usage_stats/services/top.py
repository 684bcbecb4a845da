# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Rankings: the values of a dimension by any metric, exact over any period."""

from collections.abc import Callable

from ..aggregations.shares import MISSING
from ..catalog import Dimension, Metric
from ..catalog.labels import label_text
from ..errors import InvalidQueryError, UnanswerableError
from ..reader.periods import Period
from ..reader.rankings import ranked_by_bounds
from .lists import LISTS
from .question import Question
from .results import Number, Top, TopRow
from .rows import changes, list_of
from .withholding import smallest_shown, withheld

Values = dict[str, Number]


def top(question: Question) -> Top:
    """Return the ranking that a question asks for."""
    name = question.query.dimension
    if name is None:
        raise InvalidQueryError("dimension", "must be given: what is to be ranked.")
    if name in LISTS:
        return LISTS[name](question)
    dimension = question.catalog.dimensions.get(name)
    if dimension is None or dimension.hidden:
        raise InvalidQueryError("dimension", f"{name} cannot be ranked.")
    return _of_dimension(question, dimension)


def default_metrics(dimension: Dimension) -> tuple[str, ...]:
    """Return the metrics that a dimension's ranking has when none are asked for."""
    records = ("records",) if "records" in dimension.families else ()
    return records + (("views", "downloads") if "usage" in dimension.families else ())


def _of_dimension(question: Question, dimension: Dimension) -> Top:
    """Return the ranking of a dimension's values."""
    metrics = question.metrics(default_metrics(dimension))
    question.check_cost(len(metrics) * (question.query.size or 1))
    now = Cells(question, dimension, metrics, question.period)
    before = None
    if question.comparison:
        before = Cells(question, dimension, metrics, question.comparison.period)
    size, page = question.query.size, question.query.page
    keys = now.ranked(None if size is None else size * page)
    shown = keys[(page - 1) * size :] if size else keys
    question.documents.prefetch([{dimension.id: shown}])
    if dimension.multiple:
        question.note("sums")
    rows = [_row(question, dimension, key, now, before) for key in shown]
    return list_of(question, metrics, rows, now.count, now.shown(MISSING))


def _row(
    question: Question, dimension: Dimension, key: str, now: "Cells", before: "Cells | None"
) -> TopRow:
    """Return one place of a ranking."""
    values = now.shown(key)
    label = question.documents.label(dimension, key)
    return TopRow(
        id=key,
        label=label_text(dimension, key, label, question.locale),
        values=values,
        compared=before and changes(question, now.metrics, values, before.shown(key)),
    )


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
        self._hidden = self._withheld()

    @property
    def keys(self) -> list[str]:
        """Return the values that have any number."""
        used = self.table.bounds if self.table else {}
        found = {key for key, row in used.items() if any(row.values())} | self.stocks.keys()
        return [key for key in found if key != MISSING]

    @property
    def count(self) -> int:
        """Return how many values have any number."""
        return len(self.keys)

    def bound(self, key: str, metric: str) -> Number:
        """Return a number that is exact if it adds up, else too large if anything."""
        counted = self.counted[metric]
        if counted.event:
            return self.table.bounds.get(key, {}).get(counted.id, 0)
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
        if self.counted[first].distinct:
            exact = lambda key: self.exact(key)[first]  # noqa: E731
        bounds = {key: self.bound(key, first) for key in self.keys}
        if any(bound is None for bound in bounds.values()):
            raise UnanswerableError(f"{first} does not follow exactly for parts of these records.")
        return ranked_by_bounds(bounds, exact, size)

    def shown(self, key: str) -> Values:
        """Return the numbers of a value, without what is withheld."""
        found = self.exact(key)
        if any(value is None for value in found.values()):
            self.question.note("inexact")
        return {id_: None if key in self._hidden[id_] else v for id_, v in found.items()}

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
