# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Parts of dashboards: one panel alone, and views that lead nowhere else."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ...catalog import Catalog
from ...errors import InvalidQueryError
from ..layouts.layout import COLUMNS, Appearance, Component
from ..layouts.layout import components as known_components
from ..model.state import default_metric

PANEL = "panel"
CHART = "chart"
LISTS = ("choices", "hidden", "menu", "switches", "tabs")
LINKS = ("all", "back", "clear", "controls", "fixed", "home", "pager", "way")
"""Parts of a view model that only lead to other views: lists, and all others."""


def components(
    appearance: Appearance, catalog: Catalog, tab: str | None = None
) -> Iterator[Component]:
    """Yield each component of a dashboard that shows something, once, those of a tab first."""
    known, seen = known_components(catalog), set()
    for entry in _entries(appearance.right(known_components(catalog.every)), tab):
        props = dict(entry)
        name, width = props.pop("component"), props.pop("width", COLUMNS)
        if name in known and name not in seen and known[name][0] != "period":
            seen.add(name)
            yield Component(name, *known[name], width, props)


def _entries(layout: Mapping[str, Any], tab: str | None) -> Iterator[Mapping[str, Any]]:
    """Yield what a layout says of its components: above the tabs, in a tab, in the others."""
    tabs = sorted(layout["tabs"], key=lambda one: one["name"] != tab)
    for part in (layout, *tabs):
        for row in part["rows"]:
            yield from row["components"]


def only(
    appearance: Appearance, catalog: Catalog, wanted: str, tab: str | None = None
) -> Appearance:
    """Return a dashboard of one panel, which goes by its component's name or by its kind.

    Panels of a tab are preferred. Raises ``InvalidQueryError`` when the dashboard has none.
    """
    found = list(components(appearance, catalog, tab))
    for component in found:
        if wanted in (component.name, component.kind):
            entry = {**component.props, "component": component.name}
            return alone(appearance, catalog, entry, tab)
    names = ", ".join(component.name for component in found)
    raise InvalidQueryError(PANEL, f"{wanted[:50]!r} is not one of {names}.")


def alone(
    appearance: Appearance, catalog: Catalog, entry: Mapping[str, Any], tab: str | None = None
) -> Appearance:
    """Return a dashboard of one panel, in which a chart shows what it shows among the others."""
    metric = default_metric(catalog, list(components(appearance, catalog, tab)))
    panel = {"metric": metric, **entry} if _is_chart(entry, catalog) else entry
    row = {"name": PANEL, "components": [{**panel, "width": COLUMNS}]}
    return replace(appearance, layout={"tabs": [{"name": PANEL, "rows": [row]}]})


def _is_chart(entry: Mapping[str, Any], catalog: Catalog) -> bool:
    """Tell whether a component of a layout is a chart."""
    kind, _ = known_components(catalog).get(entry.get("component"), (None, None))
    return kind == CHART


def bare(part: Any) -> Any:
    """Return a view model, or a part of one, without what leads to another view of it.

    Links to records and communities stay.
    """
    if isinstance(part, dict):
        return {key: _bare(key, value) for key, value in part.items()}
    return [bare(value) for value in part] if isinstance(part, list) else part


def _bare(key: str, value: Any) -> Any:
    """Return an entry of a view model without what leads to another view."""
    if key == "link":
        return value
    if key in LISTS:
        return []
    sharing = key == "share" and isinstance(value, dict)
    return None if sharing or key == "href" or key in LINKS else bare(value)
