# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The chart."""

from typing import Any

from ..layout import Component
from .context import Context


def chart_panel(context: Context, component: Component) -> dict[str, Any]:
    """Return the chart, which draws the chosen one of the series."""
    return {"title": context.title(component, "")}
