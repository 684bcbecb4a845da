# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The view model: one plain dictionary that the templates and the scripts render alike."""

from datetime import date
from typing import Any

from invenio_i18n import gettext as _
from werkzeug.datastructures import MultiDict

from ..errors import InvalidQueryError
from ..reader.periods import Period
from ..services import UsageStatsService
from ..services.scopes import Scope
from .address import Address, known, read_period
from .format import Formatter, reader_locale
from .layout import Appearance, Tab
from .numbers import Numbers
from .panels import build_panel
from .panels.context import Context
from .series import series_view


def view_model(
    service: UsageStatsService, scope: Scope, appearance: Appearance, args: MultiDict
) -> dict[str, Any]:
    """Return everything that a dashboard shows; ``error`` says what is wrong with the URL."""
    address, text = Address.read(args), Formatter(reader_locale())
    frame = _frame(appearance, text)
    try:
        return {**frame, **_content(service, scope, appearance, address, text)}
    except InvalidQueryError as error:
        return {**frame, "error": str(error), "home": Address(others=address.others).link()}


def unavailable(appearance: Appearance) -> dict[str, Any]:
    """Return a dashboard that says that there are no numbers for this reader."""
    frame = _frame(appearance, Formatter(reader_locale()))
    return {**frame, "notice": _("These statistics are not available.")}


def _frame(appearance: Appearance, text: Formatter) -> dict[str, Any]:
    """Return what does not depend on numbers."""
    ui = appearance.ui
    title, description = (text.translated(ui.get(key)) for key in ("title", "description"))
    return {
        "name": title or _("Statistics"),
        "title": title if ui.get("show_title", True) else "",
        "description": description if ui.get("show_description", True) else "",
        "error": None,
        "notice": None,
        "tabs": [],
        "rows": [],
    }


def _content(
    service: UsageStatsService,
    scope: Scope,
    appearance: Appearance,
    address: Address,
    text: Formatter,
) -> dict[str, Any]:
    """Return the panels of the chosen tab, with everything they share."""
    tabs, first = appearance.tabs(service.catalog), service.first_day(scope)
    tab = _tab(tabs, address)
    period = read_period(address, first, appearance.years)
    numbers = Numbers(service, scope, period, tab, address)
    as_of = service.as_of()
    return {
        "notice": _notice(first, period, text),
        "tabs": _tab_links(tabs, tab, address, text),
        "metric": numbers.metric,
        "default_metric": numbers.default_metric,
        "rows": _rows(tab, Context(numbers, address, text)),
        "series": _series(numbers, text),
        "definitions": _definitions(numbers),
        "notes": _notes(numbers),
        "as_of": text.moment(as_of) if as_of else None,
    }


def _tab(tabs: list[Tab], address: Address) -> Tab:
    """Return the tab that an address names, else the first."""
    name = known(address.tab, [tab.name for tab in tabs], "tab")
    return next((tab for tab in tabs if tab.name == name), tabs[0])


def _tab_links(
    tabs: list[Tab], shown: Tab, address: Address, text: Formatter
) -> list[dict[str, Any]]:
    """Return links to the tabs; nothing when there is only one."""
    if len(tabs) < 2:
        return []
    return [
        {
            "label": text.translated(tab.label) or tab.name,
            "href": address.link(tab=None if tab is tabs[0] else tab.name, metric=None),
            "current": tab is shown,
        }
        for tab in tabs
    ]


def _rows(tab: Tab, context: Context) -> list[dict[str, Any]]:
    """Return the rows of a tab; rows without a known component are left out."""
    return [
        {"id": f"{n}-{row.name}", "panels": [build_panel(context, one) for one in row.components]}
        for n, row in enumerate(tab.rows)
        if row.components
    ]


def _series(numbers: Numbers, text: Formatter) -> dict[str, Any]:
    """Return the series by metric."""
    metrics = numbers.service.catalog.metrics
    return {
        id_: series_view(metrics[id_], points, numbers.period, numbers.interval, text)
        for id_, points in numbers.series.items()
    }


def _notice(first: date | None, period: Period, text: Formatter) -> str | None:
    """Return why there may be nothing to see."""
    if first is None:
        return _("There is nothing to count yet.")
    if first > period.until:
        return _("There is nothing to count before %(day)s.", day=text.day(first))
    return None


def _definitions(numbers: Numbers) -> list[dict[str, str]]:
    """Return what exactly the numbers count."""
    shown = {metric.id: metric for metric in numbers.cards}
    for breakdown in numbers.breakdowns.values():
        shown |= {metric.id: metric for metric in breakdown.metrics}
    return [{"label": str(m.label), "text": str(m.definition)} for m in shown.values()]


def _notes(numbers: Numbers) -> list[str]:
    """Return what a reader must know to read the numbers right."""
    notes = [_("Days are UTC days. An interval that is not complete is drawn as a dashed line.")]
    if numbers.of_kind("table"):
        notes += [
            _("A record can have several values, so shares may add up to more than the whole."),
            _("What restricted records say about themselves is counted as not given."),
        ]
    return notes
