# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Panels that an instance has added: drawn by its template, and by its scripts if it has any."""

from typing import Any

from flask import current_app, render_template
from invenio_base.utils import obj_or_import_string
from invenio_i18n import gettext as _

from ..layouts.layout import Component
from .context import Context


def own_panel(context: Context, component: Component) -> dict[str, Any]:
    """Return what the instance's function makes, with the HTML of its template."""
    try:
        made = _made(context, component)
        html = render_template(component.entry["template"], panel=made, props=component.props)
    except Exception:
        # What an instance has written may raise anything; the other panels are right.
        current_app.logger.exception("Statistics: component %s failed.", component.name)
        return {"error": _("This panel cannot be shown at the moment.")}
    return {**made, "html": html}


def _made(context: Context, component: Component) -> dict[str, Any]:
    """Return what the instance's function makes; nothing where there is none."""
    make = component.entry.get("panel")
    if not make:
        return {}
    scope, period = context.numbers.scope, context.state.period
    return obj_or_import_string(make)(scope, period, component.props)
