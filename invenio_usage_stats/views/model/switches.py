# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a reader can change beside the period: tabs, filters, level, basis and comparison."""

from typing import Any

from flask_babel import lazy_pgettext
from invenio_i18n import gettext as _
from invenio_i18n import lazy_gettext

from ...catalog import Metric
from ...catalog.base import Basis
from ...services.query import Filter, Level
from ..panels.context import Context
from .address import NO_COMPARISON

LEVELS: dict[Level, Any] = {
    "record": lazy_gettext("Each version"),
    "parent": lazy_gettext("All versions as one"),
}
OF_RECORD: dict[Level, Any] = {
    "record": lazy_pgettext("statistics", "This version"),
    "parent": lazy_pgettext("statistics", "All versions"),
}
"""What is counted on the page about one record."""
BASES: dict[Basis, Any] = {
    "added": lazy_pgettext("statistics", "Added"),
    "created": lazy_pgettext("statistics", "Created"),
    "published": lazy_pgettext("statistics", "Published"),
}
COMPARED = {
    "previous": lazy_gettext("The period before"),
    "year": lazy_gettext("A year before"),
    NO_COMPARISON: lazy_gettext("Nothing"),
}


def tabs(context: Context) -> list[dict[str, Any]]:
    """Return links to the tabs; nothing when there is only one."""
    state = context.state
    if len(state.tabs) < 2:
        return []
    return [
        {
            "name": tab.name,
            "label": context.text.translated(tab.label) or tab.name,
            "href": state.address.on_tab(None if tab is state.tabs[0] else tab.name),
            "current": tab is state.tab,
        }
        for tab in state.tabs
    ]


def pills(context: Context) -> list[dict[str, str]]:
    """Return the filters with links that remove them."""
    return [_pill(context, one) for one in context.state.query.filters]


def _pill(context: Context, one: Filter) -> dict[str, str]:
    """Return a filter."""
    dimension = context.numbers.catalog.dimensions[one.dimension]
    label = _(
        "%(dimension)s: %(value)s",
        dimension=dimension.label,
        value=context.numbers.label(one),
    )
    return {
        "label": label,
        "href": context.toggle(one.dimension, one.value),
        "remove": _("Remove the filter %(filter)s", filter=label),
    }


def switches(context: Context) -> list[dict[str, Any]]:
    """Return the choices that change any number of the page."""
    address, metrics = context.state.address, _metrics(context)
    found = []
    lists = any(c.entry == "records" for c in context.numbers.of_kind("list"))
    own = context.numbers.scope.kind == "record"
    if own or lists or any(metric.works for metric in metrics):
        levels = OF_RECORD if own else LEVELS
        found.append(_switch(context, "level", _("Versions"), levels, context.state.query.level))
    if any(metric.family == "records" for metric in metrics):
        found.append(_switch(context, "basis", _("Records by"), BASES, context.state.query.basis))
    if address.name != "all" and (context.numbers.cards or context.numbers.of_kind("chart")):
        current = address.comparison or NO_COMPARISON
        found.append(_switch(context, "compare", _("Compare with"), COMPARED, current))
    return found


def _metrics(context: Context) -> list[Metric]:
    """Return the metrics that the page shows."""
    numbers = context.numbers
    known = numbers.catalog.metrics
    found = [*numbers.cards, *numbers.charted]
    for component in numbers.of_kind("table"):
        if "records" in component.entry.families:
            found += [m for m in known.values() if m.family == "records" and m.additive]
    return found


def _switch(
    context: Context, name: str, label: str, labels: dict[Any, Any], current: str
) -> dict[str, Any]:
    """Return a choice between a few values of a parameter."""
    address = context.state.address
    choices = [
        {
            "value": value,
            "label": str(text),
            "href": address.link(**{name: value, "page": None}),
            "current": value == current,
        }
        for value, text in labels.items()
    ]
    return {"name": name, "label": label, "choices": choices}
