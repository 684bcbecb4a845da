# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Rankings: the values of a dimension by any metric, exact over any period."""

from ..aggregations.reports import REPORTED
from ..aggregations.shares import MISSING
from ..catalog import Dimension
from ..errors import InvalidQueryError
from .cells import Cells
from .lists import LISTS
from .question import Question
from .results import Top, TopRow
from .rows import changes, list_of


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
    found = ("records",) if "records" in dimension.families else ()
    found += ("views", "downloads") if "usage" in dimension.families else ()
    return found + ((REPORTED.id,) if REPORTED.family in dimension.families else ())


def _of_dimension(question: Question, dimension: Dimension) -> Top:
    """Return the ranking of a dimension's values."""
    metrics = question.metrics(default_metrics(dimension))
    question.check_rows(metrics)
    now = Cells(question, dimension, metrics, question.period)
    before = None
    if question.earlier:
        before = Cells(question, dimension, metrics, question.earlier)
    shown = now.page()
    question.documents.prefetch([{dimension.id: shown}])
    if dimension.multiple:
        question.note("sums")
    rows = [_row(question, dimension, key, now, before) for key in shown]
    return list_of(question, metrics, rows, now.count, now.shown(MISSING))


def _row(
    question: Question, dimension: Dimension, key: str, now: Cells, before: Cells | None
) -> TopRow:
    """Return one place of a ranking."""
    values = now.shown(key)
    return TopRow(
        id=key,
        label=question.documents.label.text(dimension, key, question.locale),
        values=values,
        compared=before and changes(question, now.metrics, values, before.shown(key)),
    )
