# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The choice of a period."""

from typing import Any

from invenio_i18n import gettext as _
from invenio_i18n import lazy_gettext

from ...reader.periods import today
from ..layout import Component
from .context import Context

PERIODS = {
    "30d": lazy_gettext("30 days"),
    "12m": lazy_gettext("12 months"),
    "ytd": lazy_gettext("This year"),
    "5y": lazy_gettext("5 years"),
    "all": lazy_gettext("All time"),
}
"""The periods that a dashboard offers."""


def period_panel(context: Context, component: Component) -> dict[str, Any]:
    """Return the choice of a period."""
    since, until = context.numbers.period.bounds
    return {
        "title": context.title(component, _("Period")),
        "label": f"{context.text.day(since)} – {context.text.day(until)}",
        "choices": [_choice(context, name, label) for name, label in PERIODS.items()],
        "since": since.isoformat(),
        "until": until.isoformat(),
        "latest": today().isoformat(),
        "hidden": [list(pair) for pair in context.address.hidden()],
    }


def _choice(context: Context, name: str, label: Any) -> dict[str, Any]:
    """Return a period by name."""
    current = name == context.address.name
    return {"label": str(label), "href": context.address.named(name), "current": current}
