# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The panels: each component of a layout as the view model holds it, by its kind."""

from collections.abc import Callable
from typing import Any

from flask import current_app
from invenio_i18n import gettext as _

from ...errors import CostError, UnanswerableError, UsageStatsError
from ..layouts.layout import Component
from ..layouts.rules import further
from ..model.numbers import AWAY, FAILURES
from .card import card_panel
from .chart import chart_panel
from .context import Context
from .listing import LABELS, list_panel
from .map import map_panel
from .own import own_panel
from .period import period_panel
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
        "menu": [],
    }
    props = further(component.kind, component.props)
    frame |= {"props": props} if props else {}
    try:
        return {**frame, **KINDS[component.kind](context, component)}
    except FAILURES as error:
        return {**frame, **_own(component), **failure(context, error)}


def _own(component: Component) -> dict[str, Any]:
    """Return what a panel without an answer has of its own."""
    return {"metric": component.entry.id} if component.kind == "card" else {}


def failure(context: Context, error: Exception) -> dict[str, str]:
    """Return why a panel has no answer: ``why`` if that is because of filters, or of one record."""
    if isinstance(error, AWAY):
        current_app.logger.error("Statistics could not be read.", exc_info=error)
        return {"error": _("The numbers cannot be read at the moment. Please try again later.")}
    if isinstance(error, UnanswerableError) and not isinstance(error, CostError):
        chosen = bool(context.state.address.filter) or context.numbers.scope.kind == "record"
        return {"why" if chosen else "error": str(error)}
    return {"error": _sentence(error)}


def _sentence(error: Exception) -> str:
    """Return what one of our own errors says."""
    if isinstance(error, UsageStatsError) and str(error):
        return str(error)
    return _("This panel has no numbers here.")
