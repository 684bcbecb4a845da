# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The numbers of a page: what its panels ask of one scope and period, from one reading."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from flask_principal import Identity

from ..catalog import Metric
from ..reader.freshness import Freshness
from ..reader.methods import MethodChange, method_changes
from ..reader.periods import Period
from .explaining import explain
from .paging import ONE_PAGE
from .parts import Note
from .query import Filter, Query
from .question import Question
from .results import Explanation, OneSeries, Top, Total
from .scopes import Scope
from .series import of_metrics
from .top import top
from .totals import of_period
from .value_series import of_values


class PageNumbers:
    """Answer the panels of a page: the same numbers as those of single questions."""

    def __init__(
        self, identity: Identity, scope: Scope, query: Query, dimensions: Iterable[str] = ()
    ) -> None:
        """Take what all panels have in common.

        ``dimensions``: those that tables will show one after the other; they are read together.
        """
        self.question = Question(identity, scope, query)
        self.catalog = self.question.catalog
        usage = {dimension.id for dimension in self.catalog.shown("usage")}
        self.question.ahead = tuple(id_ for id_ in dict.fromkeys(dimensions) if id_ in usage)
        self.notes: dict[str, Note] = {}
        """What a reader of the numbers given so far must know, by code."""

    @property
    def period(self) -> Period:
        """Return the period."""
        return self.question.period

    @property
    def earlier(self) -> Period | None:
        """Return the period to compare with, if there is one."""
        return self.question.earlier

    @cached_property
    def freshness(self) -> Freshness:
        """Return how fresh and complete the numbers are."""
        return self.question.freshness

    @cached_property
    def method_changes(self) -> tuple[MethodChange, ...]:
        """Return when usage was counted in another way from then on."""
        return method_changes(self.period)

    def comparable(self, metric: Metric) -> bool:
        """Tell whether the earlier period has all numbers of a metric."""
        return self.question.comparable(metric)

    def totals(self, ids: Iterable[str]) -> dict[str, Total]:
        """Return metrics of the period by id, with their changes.

        Those that add up over records also say what joined and left.
        """
        question, metrics = self._asked(), self._metrics(ids)
        people = [metric for metric in metrics if metric.distinct]
        others = [metric for metric in metrics if not metric.distinct]
        found = of_period(question, others) if others else {}
        found |= of_period(question, people, moved=False) if people else {}
        return self._noted(question, found)

    def series(
        self, ids: Iterable[str], interval: str, *, cumulative: bool = False
    ) -> dict[str, OneSeries]:
        """Return a series for each metric, by id."""
        metrics, question = self._metrics(ids), self._asked(cumulative=cumulative)
        question.check_cost(len(metrics))
        found = of_metrics(question, metrics, interval)
        return self._noted(question, {one.metric: one for one in found})

    def split(
        self, id_: str, dimension: str, interval: str, size: int, *, cumulative: bool = False
    ) -> list[OneSeries]:
        """Return the series of a metric for its largest values of a dimension."""
        changes = {"dimension": dimension, "size": size, "cumulative": cumulative}
        question = self._asked(**changes, compare=None)
        question.check_cost(size)
        found = of_values(question, self.catalog.metrics[id_], interval).of(ONE_PAGE)
        return self._noted(question, found)

    def top(
        self,
        name: str,
        ids: Iterable[str] = (),
        size: int = 10,
        page: int = 1,
        *,
        counted: bool = False,
    ) -> Top:
        """Return a page of the ranking of a dimension's values or of a list.

        ``ids``: its metrics; none for those that it has by default. ``counted``: count the rows
        of a list, too, which takes longer than to show some.
        """
        changes = {"dimension": name, "metrics": tuple(ids), "size": size, "page": page}
        changes |= {"counted": counted}
        question = self._asked(**changes, compare=None)
        return self._noted(question, top(question))

    def explain(self, id_: str) -> Explanation:
        """Return how a metric came about."""
        question = self._asked(metrics=(id_,), compare=None)
        return self._noted(question, explain(question))

    def label(self, one: Filter) -> str:
        """Return the label of the value that a filter names."""
        dimension, documents = self.catalog.dimensions[one.dimension], self.question.documents
        documents.prefetch([{dimension.id: [one.value]}])
        return documents.label.text(dimension, one.value, self.question.locale)

    def _metrics(self, ids: Iterable[str]) -> list[Metric]:
        """Return metrics by their ids."""
        return [self.catalog.metrics[id_] for id_ in ids]

    def _asked(self, **changes: Any) -> Question:
        """Return the question of a panel."""
        return self.question.varied(**changes)

    def _noted(self, question: Question, found: Any) -> Any:
        """Return an answer, and keep its notes."""
        self.notes |= question.notes
        return found
