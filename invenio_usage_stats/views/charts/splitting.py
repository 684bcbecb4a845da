# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The series of a page: whole, or split by the values of a dimension."""

from typing import Any

from ...catalog import Dimension, Metric
from ...errors import UnanswerableError
from ...services.parts import Number
from ...services.results import OneSeries
from ..panels.context import Context
from ..panels.reasons import unanswered
from .lines import Line, counts_whole, parts_of
from .series import SeriesView


def series_of(context: Context, metric: Metric) -> dict[str, Any]:
    """Return the series of a metric as the chart draws it."""
    numbers, state = context.numbers, context.state
    history = numbers.freshness(), numbers.method_changes(metric)
    view = SeriesView(metric, state, context.text, *history, level=_level(context, metric))
    whole, earlier = numbers.series(metric), numbers.read.earlier
    if state.dimension is None:
        return view.whole(whole, earlier)
    if metric.id != state.metric:
        return {**view.whole(whole, earlier), "complete": False}
    return _split(context, view, whole, state.dimension)


def _level(context: Context, metric: Metric) -> Number:
    """Return how much is held when the period ends; nothing of what has no such number here."""
    held = not metric.event and metric in context.numbers.cards
    return context.numbers.total(metric).value if held else None


def _split(
    context: Context, view: SeriesView, whole: OneSeries, dimension: Dimension
) -> dict[str, Any]:
    """Return a series in parts, or whole where the parts have no answer."""
    metric = view.metric
    try:
        split = context.numbers.split(metric, dimension.id)
    except UnanswerableError as error:
        shown = view.whole(whole, context.numbers.read.earlier)
        return {**shown, **unanswered(context, error, dimension)}
    adding = counts_whole(metric, dimension)
    lines = parts_of(whole, split, adding)
    stacked = adding and not context.state.address.is_cumulative and _can_be_stacked(lines)
    return view.parts(whole, lines, stacked)


def _can_be_stacked(lines: list[Line]) -> bool:
    """Tell whether parts can stand upon each other: all are known, and none is negative."""
    values = [point.value for line in lines for point in line.points]
    return all(value is not None and value >= 0 for value in values)
