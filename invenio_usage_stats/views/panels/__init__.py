# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The panels: each component of a layout as the view model holds it, by its kind."""

from collections.abc import Callable
from typing import Any

from ..layouts.layout import Component
from ..layouts.rules import further
from ..model.numbers import FAILURES
from .card import card_panel
from .chart import chart_panel
from .context import Context
from .listing import LABELS, list_panel
from .map import map_panel
from .own import own_panel
from .period import period_panel
from .reasons import failure
from .table import table_panel

Builder = Callable[[Context, Component], dict[str, Any]]

KINDS: dict[str, Builder] = {
    "card": card_panel,
    "chart": chart_panel,
    "list": list_panel,
    "map": map_panel,
    "own": own_panel,
    "period": period_panel,
    "table": table_panel,
}
"""What builds a panel, by the kind of its component."""


def build_panel(context: Context, component: Component, id_: str) -> dict[str, Any]:
    """Return a panel as plain data; one that has no answer says why."""
    frame = {
        "id": id_,
        "name": component.name,
        "kind": "table" if component.kind == "list" else component.kind,
        "css": component.css,
        "title": context.title(component) or str(LABELS.get(str(component.entry), "")),
        "error": None,
        "why": None,
        "way": None,
        "menu": [],
    }
    props = further(component.kind, component.props)
    frame |= {"props": props} if props else {}
    try:
        return {**frame, **KINDS[component.kind](context, component)}
    except FAILURES as error:
        own = _own(context, component)
        return {**frame, **own, **failure(context, error, component.entry)}


def _own(context: Context, component: Component) -> dict[str, Any]:
    """Return what a panel without an answer has of its own."""
    if component.kind == "chart":
        metric = context.numbers.catalog.metrics[context.state.metric]
        return {"title": context.title(component) or str(metric.label)}
    return {"metric": component.entry.id} if component.kind == "card" else {}
