# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Headline numbers."""

from typing import Any

from invenio_i18n import gettext as _

from ...catalog import Metric
from ...catalog.base import BESIDE
from ...services.results import Change, Total
from ..layouts.layout import Component
from ..model.address import TRUE
from ..model.format import BYTES
from ..model.state import adds_up
from .context import Context, Menu, explaining

UNKNOWN = "–"
VISITOR_DAYS = "visitor-days"


def card_panel(context: Context, component: Component) -> dict[str, Any]:
    """Return a headline number, with what has changed since the earlier period."""
    metric, text = component.entry, context.text
    total = context.numbers.total(metric)
    known = total.value is not None
    return {
        "metric": metric.id,
        "value": total.value,
        "earlier": total.compared and total.compared.value,
        "short": text.short(total.value, metric.unit) if known else UNKNOWN,
        "full": text.full(total.value, metric.unit) if known else _("not known"),
        "why": None if known else _unknown(context, metric),
        "notes": [_when(context, metric, total), *_flow(context, metric, total)] if known else [],
        "href": _metric_link(context, metric),
        "definition": str(metric.definition),
        "change": _change(context, metric, total) if known else None,
        "menu": _menu(context, metric),
    }


def _menu(context: Context, metric: Metric) -> Menu:
    """Return the menu of a card; how its number came about stands below the chart."""
    found = context.menu("totals", metric, _pairs(context, metric))
    href = _metric_link(context, metric, explain=TRUE)
    return [*found, explaining(href)] if href else found


def _pairs(context: Context, metric: Metric) -> list[tuple[str, str]]:
    """Return the parameters of the question that a card answers."""
    return [("metric", metric.id), *context.links.comparison()]


def _unknown(context: Context, metric: Metric) -> str:
    """Return why a number cannot be given."""
    notes = context.numbers.read.notes
    code = "visitors" if metric.counter == "visitors" else "inexact"
    if metric.family in BESIDE:
        code = metric.family
    note = notes.get(code) or notes.get("software") or notes.get("withheld")
    return str(note.text) if note else _("This number is not known.")


def _when(context: Context, metric: Metric, total: Total) -> str:
    """Return whether a number is of the period or of its last day, in full if shortened."""
    full = "" if metric.unit == BYTES else context.text.full(total.value, metric.unit)
    number = "" if full == context.text.short(total.value, metric.unit) else full
    if metric.unit == VISITOR_DAYS:
        return _("%(number)s visitor-days in this period", number=full)
    if metric.event:
        return _("%(number)s in this period", number=number).strip()
    until = context.text.day(context.state.period.until)
    return _("%(number)s on %(day)s", number=number, day=until).strip()


def _flow(context: Context, metric: Metric, total: Total) -> list[str]:
    """Return what was added and removed, if that is known of a metric."""
    if total.added is None or total.removed is None:
        return []
    added = context.text.short(total.added, metric.unit)
    removed = context.text.short(total.removed, metric.unit)
    return [_("%(added)s added, %(removed)s removed", added=added, removed=removed)]


def _metric_link(context: Context, metric: Metric, **changes: str) -> str | None:
    """Return the URL that shows a metric in the chart, if there is a chart for it."""
    numbers, state = context.numbers, context.state
    if not numbers.of_kind("chart") or not adds_up(numbers.catalog, metric):
        return None
    default = metric.id == state.default_metric
    return state.address.link(metric=None if default else metric.id, **changes)


def _change(context: Context, metric: Metric, total: Total) -> dict[str, Any] | None:
    """Return what has changed since the earlier period; nothing where none is asked for."""
    if total.compared is None:
        return None
    if total.compared.value is None:
        nothing = {"text": "", "word": "", "sentence": "", "previous": ""}
        return {**nothing, "none": _("no earlier data")}
    return _known_change(context, metric, total.compared)


def _known_change(context: Context, metric: Metric, change: Change) -> dict[str, Any]:
    """Return a change as sign, word and sentence, with the earlier number."""
    text, earlier = context.text, context.numbers.read.earlier
    amount = text.readable(abs(change.change), metric.unit)
    if change.relative is not None:
        amount = text.percent(abs(change.relative))
    previous = text.readable(change.value, metric.unit)
    known = {"amount": amount, "previous": previous}
    days = {"since": text.day(earlier.since), "until": text.day(earlier.until)}
    return {
        "text": text.signed(change.change, amount),
        "word": _word(change, metric),
        "sentence": _sentence(change, metric, {**known, **days}),
        "previous": text.short(change.value, metric.unit),
        "none": None,
    }


def _word(change: Change, metric: Metric) -> str:
    """Return in which direction a number has changed."""
    if change.change == 0:
        return _("unchanged")
    if change.change > 0:
        return _("more")
    return _("less") if metric.unit == BYTES else _("fewer")


def _sentence(change: Change, metric: Metric, values: dict[str, str]) -> str:
    """Return a change in a sentence."""
    if not metric.event:
        return _of_state(change, values)
    if change.change == 0:
        return _("As many as from %(since)s to %(until)s: %(previous)s.", **values)
    if change.change > 0:
        return _("%(amount)s more than %(previous)s from %(since)s to %(until)s.", **values)
    return _("%(amount)s less than %(previous)s from %(since)s to %(until)s.", **values)


def _of_state(change: Change, values: dict[str, str]) -> str:
    """Return the change of what there is in a sentence."""
    if change.change == 0:
        return _("As many as on %(until)s: %(previous)s.", **values)
    if change.change > 0:
        return _("%(amount)s more than %(previous)s on %(until)s.", **values)
    return _("%(amount)s less than %(previous)s on %(until)s.", **values)
