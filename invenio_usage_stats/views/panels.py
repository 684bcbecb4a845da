# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The panels: each component of a layout as the view model holds it."""

from typing import Any

from invenio_i18n import gettext as _
from invenio_i18n import lazy_gettext

from ..catalog import Metric
from ..reader.periods import today
from ..services.results import Total
from .address import Address
from .format import BYTES, Formatter
from .layout import Component
from .numbers import Numbers
from .tables import table_view

PERIODS = {
    "30d": lazy_gettext("30 days"),
    "12m": lazy_gettext("12 months"),
    "ytd": lazy_gettext("This year"),
    "5y": lazy_gettext("5 years"),
    "all": lazy_gettext("All time"),
}
"""The periods that a dashboard offers."""


class Panels:
    """Turn components into plain dictionaries."""

    def __init__(self, numbers: Numbers, address: Address, text: Formatter) -> None:
        self.numbers, self.address, self.text = numbers, address, text

    def __call__(self, component: Component) -> dict[str, Any]:
        """Return a panel."""
        panel = getattr(self, component.kind)(component)
        return {"name": component.name, "kind": component.kind, "css": component.css, **panel}

    def period(self, component: Component) -> dict[str, Any]:
        """Return the choice of a period."""
        since, until = self.numbers.period.since, self.numbers.period.until
        return {
            "title": self.title(component, _("Period")),
            "label": f"{self.text.day(since)} – {self.text.day(until)}",
            "choices": [self._choice(name, label) for name, label in PERIODS.items()],
            "since": since.isoformat(),
            "until": until.isoformat(),
            "latest": today().isoformat(),
            "hidden": [list(pair) for pair in self.address.hidden()],
        }

    def _choice(self, name: str, label: Any) -> dict[str, Any]:
        """Return a period by name."""
        current = name == self.address.name
        return {"label": str(label), "href": self.address.named(name), "current": current}

    def card(self, component: Component) -> dict[str, Any]:
        """Return a headline number."""
        metric, numbers = component.entry, self.numbers.totals[component.entry.id]
        return {
            "metric": metric.id,
            "title": self.title(component, metric.label),
            "short": self.text.short(numbers.value, metric.unit),
            "notes": [self._when(metric, numbers.value), *self._flow(metric, numbers)],
            "href": self._metric_link(metric),
        }

    def _when(self, metric: Metric, value: int) -> str:
        """Return whether a number is of the period or of its last day, in full if shortened."""
        full = "" if metric.unit == BYTES else self.text.full(value, metric.unit)
        number = "" if full == self.text.short(value, metric.unit) else full
        if metric.event:
            return _("%(number)s in this period", number=number).strip()
        until = self.text.day(self.numbers.period.until)
        return _("%(number)s on %(day)s", number=number, day=until).strip()

    def _flow(self, metric: Metric, numbers: Total) -> list[str]:
        """Return what was added and removed, if that is known of a metric."""
        if numbers.added is None:
            return []
        added = self.text.short(numbers.added, metric.unit)
        removed = self.text.short(numbers.removed, metric.unit)
        return [_("%(added)s added, %(removed)s removed", added=added, removed=removed)]

    def _metric_link(self, metric: Metric) -> str | None:
        """Return the URL that shows a metric in the chart, if there is a chart for it."""
        if not self.numbers.of_kind("chart") or metric.id not in self.numbers.series:
            return None
        default = metric.id == self.numbers.default_metric
        return self.address.link(metric=None if default else metric.id)

    def chart(self, component: Component) -> dict[str, Any]:
        """Return the chart, which draws the chosen one of the series."""
        return {"title": self.title(component, "")}

    def table(self, component: Component) -> dict[str, Any]:
        """Return the table of a dimension."""
        breakdown = self.numbers.breakdowns[component.entry.id]
        title = self.title(component, breakdown.dimension.label)
        return {"title": title, **table_view(component, breakdown, self.text)}

    def title(self, component: Component, default: Any) -> str:
        """Return the title that the layout gives, or the default."""
        return self.text.translated(component.props.get("title") or default)
