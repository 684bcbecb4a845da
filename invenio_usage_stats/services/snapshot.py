# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Snapshots: what there is at the end of a day, and what was used until then."""

from ..catalog import Dimension, Metric
from ..errors import InvalidQueryError
from ..reader.periods import Period
from ..reader.usage import BEGINNING
from .cells import Cells
from .paging import most_parts
from .question import Question
from .results import Number, Part, Snapshot
from .top import default_metrics
from .totals import values


def snapshot(question: Question) -> Snapshot:
    """Return the state at the end of the period that a question names.

    Without metrics in the question all metrics of records; breakdowns are by number of records.
    """
    question.refuse_comparison("a snapshot")
    records = tuple(id_ for id_, m in question.catalog.metrics.items() if not m.event)
    metrics = question.metrics(records)
    dimensions = _dimensions(question)
    question.limit_rows(most_parts(len(metrics), len(dimensions)))
    question.check_cost(len(metrics) * (1 + len(dimensions) * (question.query.size or 1)), 1)
    until = Period(BEGINNING, question.period.until)
    (found,) = values(question, metrics, [until], moved=False)
    cells = {dimension: _cells(question, dimension, metrics, until) for dimension in dimensions}
    return Snapshot(
        date=question.period.until,
        units={metric.id: metric.unit for metric in metrics},
        metrics={id_: total.value for id_, total in found.items()},
        dimensions={d.id: _parts(question, d, some) for d, some in cells.items()},
        counts={dimension.id: some.count for dimension, some in cells.items()},
        page=question.query.page,
        size=question.query.size,
        **question.head(),
    )


def _dimensions(question: Question) -> list[Dimension]:
    """Return the dimensions of a snapshot: the one that is asked for, or all of records."""
    name, known = question.query.dimension, question.catalog.dimensions
    if name is None:
        return [] if question.scope.kind == "record" else list(question.catalog.shown("records"))
    if name not in known or known[name].hidden:
        raise InvalidQueryError("dimension", f"{name} has no state.")
    return [known[name]]


def _cells(question: Question, dimension: Dimension, metrics: list[Metric], until: Period) -> Cells:
    """Return the numbers of a dimension's values."""
    shown = [m for m in metrics if m.family in dimension.families and not _of_people(m)]
    if not shown:
        shown = [question.catalog.metrics[id_] for id_ in default_metrics(dimension)]
    return Cells(question, dimension, shown, until)


def _parts(question: Question, dimension: Dimension, cells: Cells) -> list[Part]:
    """Return a page of the values of a dimension, the largest first."""
    keys = cells.page()
    question.documents.prefetch([{dimension.id: keys}])
    return [_part(question, dimension, key, cells.shown(key)) for key in keys]


def _part(question: Question, dimension: Dimension, key: str, numbers: dict[str, Number]) -> Part:
    """Return the state of one value."""
    label = question.documents.label.text(dimension, key, question.locale)
    return Part(key, label, numbers)


def _of_people(metric: Metric) -> bool:
    """Tell whether a metric counts people, who are not known by value."""
    return not metric.event and metric.distinct
