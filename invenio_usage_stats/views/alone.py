# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Parts of dashboards: one panel alone, and views that lead nowhere else."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..catalog import Catalog
from ..errors import InvalidQueryError
from .layout import COLUMNS, Appearance, Component
from .layout import components as known_components

PANEL = "panel"
LISTS = ("choices", "hidden", "menu", "switches", "tabs")
LINKS = ("all", "back", "clear", "controls", "fixed", "home", "pager", "share")
"""Parts of a view model that only lead to other views: lists, and all others."""


def components(
    appearance: Appearance, catalog: Catalog, tab: str | None = None
) -> Iterator[Component]:
    """Yield each component of a dashboard that shows something, once, those of a tab first."""
    known, seen = known_components(catalog), set()
    for entry in _entries(appearance.layout, tab):
        props = dict(entry)
        name, width = props.pop("component", None), props.pop("width", COLUMNS)
        if name in known and name not in seen and known[name][0] != "period":
            seen.add(name)
            yield Component(name, *known[name], width, props)


def _entries(layout: Mapping[str, Any], tab: str | None) -> Iterator[Mapping[str, Any]]:
    """Yield what a layout says of its components: above the tabs, in a tab, in the others."""
    tabs = sorted(layout.get("tabs", ()), key=lambda one: one.get("name") != tab)
    for part in (layout, *tabs):
        for row in part.get("rows", ()):
            yield from row.get("components", ())


def only(
    appearance: Appearance, catalog: Catalog, wanted: str, tab: str | None = None
) -> Appearance:
    """Return a dashboard of one panel, which goes by its component's name or by its kind.

    Panels of a tab are preferred. Raises ``InvalidQueryError`` when the dashboard has none.
    """
    found = list(components(appearance, catalog, tab))
    for component in found:
        if wanted in (component.name, component.kind):
            return replace(appearance, layout=one({**component.props, "component": component.name}))
    names = ", ".join(component.name for component in found)
    raise InvalidQueryError(PANEL, f"{wanted[:50]!r} is not one of {names}.")


def one(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the layout of one panel as wide as the page."""
    components = [{**entry, "width": COLUMNS}]
    return {"tabs": [{"name": PANEL, "rows": [{"name": PANEL, "components": components}]}]}


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
    return None if key == "href" or key in LINKS else bare(value)
