# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What stands around the panels: title, notices, and the foot with definitions and freshness."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app
from invenio_i18n import gettext as _

from ...catalog import Metric
from ...reader.freshness import Freshness
from ...services.scopes import Scope
from ...services.top import default_metrics
from ..layouts.layout import Appearance
from ..panels.context import Context, definition_id
from ..panels.listing import COLUMNS
from .format import Formatter
from .links import Place, api_url
from .numbers import AWAY, FAILURES

LAG = timedelta(hours=24)
"""How old the numbers may be without a notice."""
Notice = dict[str, str]


def empty(scope: Scope, appearance: Appearance, place: Place, text: Formatter) -> dict[str, Any]:
    """Return what does not depend on numbers, and all else empty."""
    ui = appearance.ui
    title, description = (text.translated(ui.get(key)) for key in ("title", "description"))
    return {
        "name": title or _("Statistics"),
        "title": title if ui.get("show_title", True) else "",
        "description": description if ui.get("show_description", True) else "",
        "scope": {"kind": scope.kind, "id": scope.id, "title": scope.title},
        "url": place.url,
        "view_url": place.view_url,
        "api_url": api_url(scope, "totals").rpartition("/")[0],
        "query": "?",
        "error": None,
        "home": None,
        **{name: [] for name in ("notices", "tabs", "pills", "switches", "head", "rows")},
        **dict.fromkeys(("clear", "metric", "default_metric", "share")),
        "series": {},
        "foot": {"definitions": [], "notes": [], "as_of": None},
        "status": "",
    }


def attempted(ask: Callable[[], Any]) -> Any:
    """Return an answer; none when the search engine is away, which each panel says."""
    try:
        return ask()
    except AWAY as error:
        current_app.logger.error("Statistics could not be read.", exc_info=error)
        return None


def notices(context: Context, fresh: Freshness | None) -> list[Notice]:
    """Return what a reader must know before reading any number."""
    if fresh is None:
        return []
    found = [_nothing(context, fresh), _lag(context, fresh), _estimated(context, fresh)]
    return [notice for notice in found if notice]


def _nothing(context: Context, fresh: Freshness) -> Notice | None:
    """Say that there is nothing to count yet, or was not in this period."""
    first = fresh.first_day
    if first is None:
        return {"kind": "info", "text": _("There is nothing to count yet.")}
    if first > context.state.period.until:
        day = context.text.day(first)
        return {"kind": "info", "text": _("There is nothing to count before %(day)s.", day=day)}
    return None


def _lag(context: Context, fresh: Freshness) -> Notice | None:
    """Say that the numbers are old."""
    if fresh.first_day is None or fresh.as_of is None or datetime.now(UTC) - fresh.as_of < LAG:
        return None
    moment = context.text.moment(fresh.as_of)
    sentence = _("The numbers are late: nothing is counted after %(moment)s.", moment=moment)
    return {"kind": "warning", "text": sentence}


def _estimated(context: Context, fresh: Freshness) -> Notice | None:
    """Say that early numbers are estimated."""
    before = fresh.estimated_before
    if before is None or context.state.period.since >= before:
        return None
    day = context.text.day(before)
    sentence = _(
        "Before %(day)s, memberships and properties of records are those of that day.", day=day
    )
    return {"kind": "info", "text": sentence}


def foot(context: Context, fresh: Freshness | None) -> dict[str, Any]:
    """Return what the numbers mean, and how fresh they are."""
    moment = fresh.as_of if fresh else None
    text = context.text
    return {
        "definitions": [_definition(metric) for metric in _shown(context)],
        "notes": _notes(context),
        "as_of": _("Data as of %(moment)s.", moment=text.moment(moment))
        if moment
        else _("The numbers have not been computed yet."),
    }


def _definition(metric: Metric) -> dict[str, str]:
    """Return what exactly a metric counts."""
    return {
        "id": definition_id(metric),
        "label": str(metric.label),
        "text": str(metric.definition),
    }


def _shown(context: Context) -> list[Metric]:
    """Return the metrics that the page shows anywhere."""
    numbers = context.numbers
    ids = [metric.id for metric in (*numbers.cards, *numbers.charted)]
    for kind in ("table", "map"):
        for component in numbers.of_kind(kind):
            ids += component.props.get("metrics") or default_metrics(component.entry)
    for component in numbers.of_kind("list"):
        ids += component.props.get("metrics") or COLUMNS[component.entry]
    known = numbers.catalog.metrics
    return [known[id_] for id_ in dict.fromkeys(ids) if id_ in known]


def _notes(context: Context) -> list[str]:
    """Return what a reader must know to read the numbers right."""
    notes = [_("Days are UTC days. An interval that is not complete is drawn as a dashed line.")]
    if context.numbers.of_kind("table"):
        notes.append(_("What restricted records say about themselves is counted as not given."))
    told = context.numbers.read.notes
    return notes + [str(told[code].text) for code in ("withheld", "inexact") if code in told]


def status(context: Context) -> str:
    """Return in one sentence what is shown, for readers who do not see what has changed."""
    metric = context.numbers.catalog.metrics[context.state.metric]
    try:
        total = context.numbers.one(metric)
    except FAILURES:
        return _("Updated.")
    if total.value is None:
        return _("Updated.")
    number = context.text.full(total.value, metric.unit)
    return _("%(metric)s: %(number)s. Updated.", metric=metric.label, number=number)
