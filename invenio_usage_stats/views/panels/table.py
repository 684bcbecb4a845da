# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Tables of the values of dimensions."""

from typing import Any

from ...services.top import default_metrics
from ..layouts.layout import Component
from .context import Context
from .ranking import ranked


def table_panel(context: Context, component: Component) -> dict[str, Any]:
    """Return the table of a dimension, whose rows are filters."""
    dimension = component.entry
    table = ranked(context, component, default_metrics(dimension))
    return table.view(
        label=str(dimension.label),
        href=lambda row: context.toggle(dimension.id, row.id),
        current=lambda row: context.filtered(dimension.id, row.id),
    )
