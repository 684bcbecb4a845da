# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What the panels of a page share."""

from dataclasses import dataclass
from typing import Any

from invenio_i18n import gettext as _
from invenio_i18n import lazy_gettext

from ...catalog import Dimension, Metric
from ...services.query import Filter
from ..layouts.layout import Component
from ..model.format import Formatter
from ..model.links import Links
from ..model.numbers import Numbers
from ..model.state import State

Menu = list[dict[str, Any]]
EXPLAINED = lazy_gettext("How this number came about")


@dataclass(frozen=True)
class Context:
    """Hold the numbers of a page, its state, and the reader's language."""

    numbers: Numbers
    state: State
    links: Links
    text: Formatter

    def title(self, component: Component) -> str:
        """Return the title that the layout gives, or the label of what is shown."""
        label = getattr(component.entry, "label", "")
        return self.text.translated(component.props.get("title") or label)

    def toggle(self, dimension: str, value: str) -> str:
        """Return the link that filters by a value, or that removes this filter."""
        return self.state.address.toggled(Filter(dimension, value))

    def filtered(self, dimension: str, value: str) -> bool:
        """Tell whether a value is filtered by."""
        return str(Filter(dimension, value)) in self.state.address.filter

    def menu(self, question: str, metric: Metric | None, pairs: list[tuple[str, str]]) -> Menu:
        """Return the menu of a panel: what is counted, files, and the question to the API.

        ``pairs``: parameters of the question beside those of the page.
        """
        found = []
        if metric is not None:
            href = f"#{definition_id(metric)}"
            found.append({"label": _("What is counted"), "href": href, "download": False})
        links = self.links.of_question(question, pairs)
        for name, label in (("csv", _("CSV")), ("xlsx", _("Excel"))):
            if name in links:
                found.append({"label": label, "href": links[name], "download": True})
        found.append({"label": _("API"), "href": links["api"], "download": False})
        return found


def explaining(href: str) -> dict[str, Any]:
    """Return the entry of a menu that leads to how a number came about."""
    return {"label": str(EXPLAINED), "href": href, "download": False}


def definition_id(metric: Metric) -> str:
    """Return the anchor of a metric's definition."""
    return f"definition-{metric.id}"


def breaks_down(dimension: Dimension, metric: Metric) -> bool:
    """Tell whether a dimension has the numbers of a metric."""
    people = not metric.event and metric.distinct
    return metric.family in dimension.families and not people
