# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Rows of rankings: shares, changes, and the ranking that they make."""

from dataclasses import replace

from ..catalog import Metric
from .question import Question
from .results import Change, Number, Top, TopRow
from .totals import values as total_values

Values = dict[str, Number]


def share(part: Number, whole: Number) -> float | None:
    """Return a part of a whole, from 0 to 1 where parts do not overlap."""
    return round(part / whole, 6) if part is not None and whole else None


def changes(
    question: Question, metrics: list[Metric], values: Values, before: Values
) -> dict[str, Change]:
    """Return what has changed since the earlier period, by metric."""
    found = {}
    for metric in metrics:
        old = None if question.unrecorded(metric) else before[metric.id]
        complete = question.comparable(metric)
        found[metric.id] = Change.between(values[metric.id], old, complete)
    return found


def with_share(row: TopRow, totals: Values) -> TopRow:
    """Return a row with the share of its first metric in the scope's total."""
    first, value = next(iter(row.values.items()))
    return replace(row, share=share(value, totals[first]))


def list_of(
    question: Question,
    metrics: list[Metric],
    rows: list[TopRow],
    count: int | None,
    missing: Values | None = None,
) -> Top:
    """Return a ranking of rows, with their shares of the scope's totals."""
    totals = _told(question, _whole(question, metrics), rows, missing)
    if count is None and question.query.counted:
        question.note("uncounted")
    return Top(
        dimension=question.query.dimension,
        units={metric.id: metric.unit for metric in metrics},
        rows=[with_share(row, totals) for row in rows],
        count=count,
        missing=missing,
        totals=totals,
        page=question.query.page,
        size=question.query.size,
        **question.head(),
    )


def _told(question: Question, totals: Values, rows: list[TopRow], missing: Values | None) -> Values:
    """Return totals without those of which all parts are withheld, and might follow from them."""
    if "withheld" not in question.notes:
        return totals
    parts = [row.values for row in rows] + ([missing] if missing else [])
    return {
        id_: None if all(part[id_] is None for part in parts) else total
        for id_, total in totals.items()
    }


def _whole(question: Question, metrics: list[Metric]) -> dict[str, Number]:
    """Return what shares are of."""

    def read() -> dict[str, Number]:
        (found,) = total_values(question, metrics, [question.period], moved=False)
        return {id_: total.value for id_, total in found.items()}

    return question.once(("whole", *(metric.id for metric in metrics)), read)
