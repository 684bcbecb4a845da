# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The chart."""

from typing import Any

from invenio_i18n import gettext as _
from invenio_i18n import lazy_gettext

from ...catalog import Dimension, Metric
from ...errors import UnanswerableError
from ..layouts.layout import Component
from ..model.address import TRUE
from ..model.numbers import FAILURES, PARTS
from .context import EXPLAINED, Context, breaks_down, explaining

INTERVALS = {
    "day": lazy_gettext("Day"),
    "week": lazy_gettext("Week"),
    "month": lazy_gettext("Month"),
    "quarter": lazy_gettext("Quarter"),
    "year": lazy_gettext("Year"),
}


def chart_panel(context: Context, component: Component) -> dict[str, Any]:
    """Return the chart, which draws the chosen one of the series."""
    metric = context.numbers.catalog.metrics[context.state.metric]
    context.numbers.series(metric)
    return {
        "controls": {
            "interval": _intervals(context),
            "cumulative": _cumulative(context),
            "dimension": _dimensions(context, metric),
        },
        "explain": _explain(context, metric) if context.state.address.is_explained else None,
        "menu": [*context.menu("series", metric, series_pairs(context)), _asking(context)],
    }


def series_pairs(context: Context) -> list[tuple[str, str]]:
    """Return the parameters of the question that the chart answers."""
    state = context.state
    found = [("metric", state.metric), ("interval", state.interval)]
    if state.address.is_cumulative:
        found.append(("cumulative", TRUE))
    if _is_split(context):
        return [*found, ("dimension", state.dimension.id), ("size", str(PARTS))]
    return [*found, *context.links.comparison()]


def _is_split(context: Context) -> bool:
    """Tell whether the chart is split, which it is not where the parts have no answer."""
    state, numbers = context.state, context.numbers
    if state.dimension is None or not numbers.of_kind("chart"):
        return state.dimension is not None
    try:
        return bool(numbers.split(numbers.catalog.metrics[state.metric], state.dimension.id))
    except FAILURES:
        return False


def _intervals(context: Context) -> list[dict[str, Any]]:
    """Return the intervals that give a readable number of points."""
    state = context.state
    return [
        {
            "value": one,
            "label": str(INTERVALS[one]),
            "href": state.address.link(interval=None if one == state.default_interval else one),
            "current": one == state.interval,
        }
        for one in state.intervals
    ]


def _cumulative(context: Context) -> list[dict[str, Any]]:
    """Return the choice between intervals and running sums."""
    address = context.state.address
    labels = {"false": _("Per period"), TRUE: _("Cumulative")}
    return [
        {
            "value": value,
            "label": label,
            "href": address.link(cumulative=value),
            "current": (value == TRUE) == address.is_cumulative,
        }
        for value, label in labels.items()
    ]


def _dimensions(context: Context, metric: Metric) -> dict[str, Any] | None:
    """Return by what the chart can be split."""
    state, address = context.state, context.state.address
    able = [d for d in context.numbers.catalog.shown() if _splits(context, d, metric)]
    if not able:
        return None
    current = state.dimension.id if state.dimension else ""
    named = {"": _("nothing"), **{d.id: str(d.label) for d in able}}
    return {
        "label": _("Split by"),
        "hidden": address.hidden("dimension"),
        "choices": [
            {
                "value": id_,
                "label": label,
                "href": address.link(dimension=id_ or None),
                "current": id_ == current,
            }
            for id_, label in named.items()
        ],
    }


def _splits(context: Context, dimension: Dimension, metric: Metric) -> bool:
    """Tell whether a split has anything to show: a record has its own properties only."""
    own = context.numbers.scope.kind == "record" and dimension.source == "record"
    return dimension is context.state.dimension or (breaks_down(dimension, metric) and not own)


def _asking(context: Context) -> dict[str, Any]:
    """Return the entry of the menu that explains the number, or that ends this."""
    address = context.state.address
    if address.is_explained:
        return {"label": _("No explanation"), "href": address.link(explain=None), "download": False}
    return explaining(address.link(explain=TRUE))


def _explain(context: Context, metric: Metric) -> dict[str, Any]:
    """Return how the number of the chart's metric came about, or why that is not known."""
    try:
        found = context.numbers.explain(metric)
    except UnanswerableError as error:
        return {"title": str(EXPLAINED), "steps": [], "why": str(error)}
    last = len(found.steps) - 1
    steps = [
        {
            "label": step.label,
            # the steps to a number of usage are events
            "value": context.text.readable(
                step.value, metric.unit if n == last or not metric.event else ""
            ),
            "text": step.text,
        }
        for n, step in enumerate(found.steps)
        if step.value is not None
    ]
    return {"title": str(EXPLAINED), "steps": steps, "why": None}
