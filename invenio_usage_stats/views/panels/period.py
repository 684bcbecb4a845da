# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The choice of a period."""

from typing import Any

from invenio_i18n import gettext as _
from invenio_i18n import lazy_gettext

from ...reader.periods import today
from ..layouts.layout import Component
from .context import Context

PERIODS = {
    "30d": lazy_gettext("30 days"),
    "12m": lazy_gettext("12 months"),
    "last-quarter": lazy_gettext("Last quarter"),
    "ytd": lazy_gettext("This year"),
    "5y": lazy_gettext("5 years"),
    "all": lazy_gettext("All time"),
}
"""The periods that a dashboard offers."""


def period_panel(context: Context, component: Component) -> dict[str, Any]:
    """Return the choice of a period."""
    period, address = context.state.period, context.state.address
    since, until = (day.isoformat() for day in period.bounds)
    return {
        "title": context.title(component) or _("Period"),
        "label": context.text.days(period),
        "choices": [_choice(context, name, label) for name, label in PERIODS.items()],
        "since": since,
        "until": until,
        "earliest": context.state.earliest.isoformat(),
        "latest": today().isoformat(),
        "hidden": address.hidden("period", "since", "until"),
        "fixed": None if address.by_days else address.fixed(since, until),
    }


def _choice(context: Context, name: str, label: Any) -> dict[str, Any]:
    """Return a period by name."""
    address = context.state.address
    current = name == address.name
    return {"value": name, "label": str(label), "href": address.named(name), "current": current}
