# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The panels: each component of a layout as the view model holds it, by its kind."""

from collections.abc import Callable
from typing import Any

from ..layout import Component
from .card import card_panel
from .chart import chart_panel
from .context import Context
from .period import period_panel
from .table import table_panel

Builder = Callable[[Context, Component], dict[str, Any]]

KINDS: dict[str, Builder] = {
    "card": card_panel,
    "chart": chart_panel,
    "period": period_panel,
    "table": table_panel,
}
"""What builds a panel, by the kind of its component."""


def build_panel(context: Context, component: Component) -> dict[str, Any]:
    """Return a panel as plain data."""
    panel = KINDS[component.kind](context, component)
    return {"name": component.name, "kind": component.kind, "css": component.css, **panel}
