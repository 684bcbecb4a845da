# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The numbers of a page: what its panels ask of one scope and period, from one reading."""

from collections.abc import Iterable
from functools import cached_property

from flask_principal import AnonymousIdentity

from ..aggregations.shares import MISSING
from ..catalog import Dimension, Metric
from ..reader.periods import Period
from .cells import Cells
from .parts import Breakdown, Number, Point, Row
from .query import Query
from .question import Question
from .results import Total
from .scopes import Scope
from .series import of_metrics
from .top import default_metrics
from .totals import values


class PeriodNumbers:
    """Answer the panels of a page: the same numbers as those of single questions.

    Nothing here depends on who asks, once the scope may be read.
    """

    def __init__(self, scope: Scope, period: Period) -> None:
        query = Query(since=period.since, until=period.until)
        self.question = Question(AnonymousIdentity(), scope, query)
        self.catalog, self.documents = self.question.catalog, self.question.documents
        self.question.ahead = tuple(d.id for d in self.catalog.of_family("usage") if not d.hidden)

    def totals(self, ids: Iterable[str]) -> dict[str, Total]:
        """Return metrics by id; those that add up over records with what joined and left."""
        metrics = [self.catalog.metrics[id_] for id_ in ids]
        adding = [metric for metric in metrics if metric.additive]
        others = [metric for metric in metrics if not metric.additive]
        return self._values(adding, moved=True) | self._values(others, moved=False)

    def _values(self, metrics: list[Metric], moved: bool) -> dict[str, Total]:
        """Return metrics of the period by id."""
        return values(self.question, metrics, [self.question.period], moved)[0]

    def series(self, ids: Iterable[str], interval: str) -> dict[str, list[Point]]:
        """Return for each metric one point for every interval; of records the net change."""
        metrics = [self.catalog.metrics[id_] for id_ in ids]
        found = of_metrics(self.question, metrics, interval)
        return {one.metric: one.points for one in found}

    def breakdowns(
        self, size: int = 10, dimensions: Iterable[Dimension] | None = None
    ) -> list[Breakdown]:
        """Return the tables of some dimensions, or of all: their largest values.

        Values are ranked by the first column; ties by id.
        """
        shown = [d for d in self.catalog.dimensions.values() if not d.hidden]
        wanted = shown if dimensions is None else dimensions
        return [self._breakdown(dimension, size) for dimension in wanted]

    def _breakdown(self, dimension: Dimension, size: int) -> Breakdown:
        """Return the table of one dimension."""
        metrics = [self.catalog.metrics[id_] for id_ in default_metrics(dimension)]
        cells = Cells(self.question, dimension, metrics, self.question.period)
        largest = cells.ranked(size)
        self.documents.prefetch([{dimension.id: largest}])
        label = self.documents.label
        return Breakdown(
            dimension=dimension,
            metrics=tuple(metrics),
            rows=[Row(key, label(dimension, key), cells.shown(key)) for key in largest],
            count=cells.count,
            missing=cells.shown(MISSING),
            totals={metric.id: self._whole[metric.id] for metric in metrics},
        )

    @cached_property
    def _whole(self) -> dict[str, Number]:
        """Return what shares are of."""
        shown = (d for d in self.catalog.dimensions.values() if not d.hidden)
        ids = dict.fromkeys(id_ for d in shown for id_ in default_metrics(d))
        metrics = [self.catalog.metrics[id_] for id_ in ids]
        return {id_: total.value for id_, total in self._values(metrics, moved=False).items()}
