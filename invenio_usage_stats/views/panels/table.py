# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Tables of dimensions."""

from typing import Any

from ..layout import Component
from ..tables import table_view
from .context import Context


def table_panel(context: Context, component: Component) -> dict[str, Any]:
    """Return the table of a dimension."""
    breakdown = context.numbers.breakdowns[component.entry.id]
    title = context.title(component, breakdown.dimension.label)
    return {"title": title, **table_view(component, breakdown, context.text)}
