# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The map of the world: countries in shades, never without the table of the same numbers."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from babel.lists import format_list
from invenio_i18n import gettext as _

from ...catalog import Metric
from ...services.results import Top
from ...services.top import default_metrics
from ..charts.shades import Shades
from ..layouts.layout import Component
from ..model.format import Formatter
from .context import Context, breaks_down
from .ranking import SIZE, Table, number_view

ALL = 300
"""More than there are countries."""
NAMED = 3
"""How many countries the sentence about the map names."""


def map_panel(context: Context, component: Component) -> dict[str, Any]:
    """Return the map of the chart's metric, or of the first that countries have."""
    dimension, ids = component.entry, _ids(context, component)
    metric = context.numbers.catalog.metrics[ids[0]]
    found = context.numbers.top(dimension.id, ids, ALL)
    link = partial(context.toggle, dimension.id)
    title = _("%(metric)s by country", metric=metric.label)
    table = _table(context, component, found)
    return {
        "metric": metric.id,
        "title": context.text.translated(component.props.get("title") or title),
        "menu": table.pop("menu"),
        **map_view(metric, found, context.text, link),
        "table": table,
    }


def _ids(context: Context, component: Component) -> tuple[str, ...]:
    """Return the metrics of the ranking, the one that is shown on the map first."""
    dimension, catalog = component.entry, context.numbers.catalog
    known = default_metrics(dimension)
    wanted = (component.props.get("metric"), context.state.metric)
    able = (id_ for id_ in wanted if id_ and breaks_down(dimension, catalog.metrics[id_]))
    return tuple(dict.fromkeys((next(able, known[0]), *known)))


def _table(context: Context, component: Component, found: Top) -> dict[str, Any]:
    """Return the largest countries as a table."""
    dimension, limit = component.entry, int(component.props.get("limit", SIZE))
    largest = replace(found, rows=found.rows[:limit], size=limit)
    table = Table(context, component, largest).view(
        label=str(dimension.label),
        href=lambda row: context.toggle(dimension.id, row.id),
        current=lambda row: context.filtered(dimension.id, row.id),
    )
    return {"title": str(dimension.label), **table}


def map_view(
    metric: Metric, found: Top, text: Formatter, link: Callable[[str], str]
) -> dict[str, Any]:
    """Return the countries of a metric with their texts and shades.

    ``link``: the URL of the view with a country's filter.
    """
    shades = Shades.of(row.values[metric.id] for row in found.rows)
    countries = [
        {
            "id": row.id,
            "label": row.label,
            "href": link(row.id),
            "class": shades(row.values[metric.id]),
            **number_view(row.values[metric.id], metric, found, text),
        }
        for row in found.rows
    ]
    return {
        "countries": countries,
        "legend": _legend(shades, metric, text),
        "summary": _summary(countries, text),
        "unknown": _unknown(metric, found, text),
        "note": _("Boundaries are schematic and imply no position."),
    }


def _legend(shades: Shades, metric: Metric, text: Formatter) -> list[dict[str, Any]]:
    """Return what each shade stands for."""
    found = [{"class": 0, "text": _("none")}]
    for shade, low, high in shades.ranges():
        ends = [text.short(number, metric.unit) for number in dict.fromkeys((low, high))]
        found.append({"class": shade, "text": "–".join(ends)})
    return found


def _summary(countries: Sequence[dict[str, Any]], text: Formatter) -> str:
    """Return the map in one sentence, for readers who do not see it."""
    known = [country for country in countries if country["value"]]
    largest = sorted(known, key=lambda country: (-country["value"], country["id"]))[:NAMED]
    if not largest:
        return _("No country is known in this period.")
    named = [f"{country['label']} ({country['text']})" for country in largest]
    return _("The most: %(countries)s.", countries=format_list(named, locale=text.locale))


def _unknown(metric: Metric, found: Top, text: Formatter) -> str | None:
    """Return how much has no known country."""
    value = (found.missing or {}).get(metric.id)
    if not value:
        return None
    shown = number_view(value, metric, found, text)
    return _(
        "Of %(number)s (%(percent)s) the country is not known.",
        number=shown["text"],
        percent=shown["percent"],
    )
