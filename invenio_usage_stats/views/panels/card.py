# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Headline numbers."""

from typing import Any

from invenio_i18n import gettext as _

from ...catalog import Metric
from ...services.results import Total
from ..format import BYTES
from ..layout import Component
from .context import Context


def card_panel(context: Context, component: Component) -> dict[str, Any]:
    """Return a headline number."""
    metric, numbers = component.entry, context.numbers.totals[component.entry.id]
    return {
        "metric": metric.id,
        "title": context.title(component, metric.label),
        "short": context.text.short(numbers.value, metric.unit),
        "notes": [_when(context, metric, numbers.value), *_flow(context, metric, numbers)],
        "href": _metric_link(context, metric),
    }


def _when(context: Context, metric: Metric, value: int) -> str:
    """Return whether a number is of the period or of its last day, in full if shortened."""
    full = "" if metric.unit == BYTES else context.text.full(value, metric.unit)
    number = "" if full == context.text.short(value, metric.unit) else full
    if metric.event:
        return _("%(number)s in this period", number=number).strip()
    until = context.text.day(context.numbers.period.until)
    return _("%(number)s on %(day)s", number=number, day=until).strip()


def _flow(context: Context, metric: Metric, numbers: Total) -> list[str]:
    """Return what was added and removed, if that is known of a metric."""
    if numbers.added is None:
        return []
    added = context.text.short(numbers.added, metric.unit)
    removed = context.text.short(numbers.removed, metric.unit)
    return [_("%(added)s added, %(removed)s removed", added=added, removed=removed)]


def _metric_link(context: Context, metric: Metric) -> str | None:
    """Return the URL that shows a metric in the chart, if there is a chart for it."""
    if not context.numbers.of_kind("chart") or metric.id not in context.numbers.series:
        return None
    default = metric.id == context.numbers.default_metric
    return context.address.link(metric=None if default else metric.id)
