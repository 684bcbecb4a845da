# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The tables of a dashboard."""

from typing import Any

from invenio_i18n import gettext as _

from ..catalog import Metric
from ..services.parts import Breakdown, Number, Row
from .format import Formatter
from .layout import Component

SIZE = 10
"""How many values a table shows; a component's ``limit`` overrides it."""


def limit(component: Component) -> int:
    """Return how many values a table shows."""
    return max(1, int(component.props.get("limit", SIZE)))


def table_view(component: Component, breakdown: Breakdown, text: Formatter) -> dict[str, Any]:
    """Return a table with its texts."""
    rows = breakdown.rows[: limit(component)]
    return {
        "id": breakdown.dimension.id,
        "columns": [{"id": m.id, "label": str(m.label)} for m in breakdown.metrics],
        "rows": [_row(row, breakdown, text) for row in rows],
        "missing": _missing(breakdown, text),
        "count": _count(len(rows), breakdown.count),
    }


def _row(row: Row, breakdown: Breakdown, text: Formatter) -> dict[str, Any]:
    """Return a value with its numbers."""
    label = text.label(breakdown.dimension, row.id, row.label)
    return {"id": row.id, "label": label, "cells": _cells(row.values, breakdown, text)}


def _missing(breakdown: Breakdown, text: Formatter) -> dict[str, Any] | None:
    """Return the row of what has no value; nothing when everything has one."""
    if not any(value != 0 for value in breakdown.missing.values()):
        return None
    cells = _cells(breakdown.missing, breakdown, text)
    return {"id": "", "label": _("Not given"), "cells": cells}


def _cells(
    values: dict[str, Number], breakdown: Breakdown, text: Formatter
) -> list[dict[str, Any]]:
    """Return the numbers of a row with their shares of the whole."""
    return [
        _cell(metric, values.get(metric.id, 0), breakdown.totals.get(metric.id, 0), text)
        for metric in breakdown.metrics
    ]


def _cell(metric: Metric, value: Number, whole: int, text: Formatter) -> dict[str, Any]:
    """Return a number with its share; of one that is withheld a word."""
    if value is None:
        word = _("withheld")
        return {"column": metric.id, "value": None, "text": word, "share": 0.0, "percent": ""}
    share, percent = text.share(value, whole)
    return {
        "column": metric.id,
        "value": value,
        "text": text.full(value, metric.unit),
        "share": min(share, 100.0),
        "percent": percent,
    }


def _count(shown: int, count: int) -> str:
    """Return how many of the values are shown; nothing when it is all of them."""
    if shown >= count:
        return ""
    return _("The first %(shown)s of %(count)s values.", shown=shown, count=count)
