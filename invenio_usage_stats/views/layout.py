# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Dashboards as configured: titles, tabs, rows and components."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import current_app

from ..catalog import Catalog, Dimension, Metric

DEFAULT = "global"
"""The type whose settings stand in for those of a type without any."""

COLUMNS = 16
WORDS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight"),
    *("nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
)
SINGLE = {"DateRangeSelector": "period", "StatsChart": "chart"}
"""Components that show no entry of the catalog."""


class Component(NamedTuple):
    """Be one panel: its name and kind, what it shows, how wide it is, and further settings."""

    name: str
    kind: str
    """``period``, ``card``, ``chart`` or ``table``."""

    entry: Metric | Dimension | None
    width: int
    props: dict[str, Any]

    @property
    def css(self) -> str:
        """Return the classes of its column: small panels stand in pairs on narrow screens."""
        narrow = "eight" if self.kind == "card" else "sixteen"
        wide = WORDS[min(max(self.width, 1), COLUMNS) - 1]
        return f"{wide} wide computer {narrow} wide tablet {narrow} wide mobile column"


class Row(NamedTuple):
    """Be a row of panels."""

    name: str
    components: list[Component]


class Tab(NamedTuple):
    """Be a tab of rows."""

    name: str
    label: Any
    rows: list[Row]

    @property
    def components(self) -> Iterator[Component]:
        """Yield all panels."""
        return (component for row in self.rows for component in row.components)


@dataclass(frozen=True)
class Appearance:
    """Be the settings of one type of dashboard."""

    ui: Mapping[str, Any] = field(default_factory=dict)
    layout: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, kind: str, changes: Mapping[str, Any] | None = None) -> "Appearance":
        """Return the configured settings of a type, with changes."""
        given = dict(changes or {})
        own = {"tabs": given.pop("tabs")} if "tabs" in given else None
        layout = given.pop("layout", own) or _of(kind, "STATS_DASHBOARD_LAYOUT")
        return cls({**_of(kind, "STATS_DASHBOARD_UI_CONFIG"), **given}, layout)

    @property
    def years(self) -> int:
        """Return how far back a dashboard looks."""
        return max(1, int(self.ui.get("maxHistoryYears") or 15))

    def tabs(self, catalog: Catalog) -> list[Tab]:
        """Return the tabs with the components that exist."""
        known = _known(catalog)
        return [
            Tab(str(tab.get("name", n)), tab.get("label", ""), _rows(tab, known))
            for n, tab in enumerate(self.layout.get("tabs", ()))
        ] or [Tab("", "", [])]


def _of(kind: str, setting: str) -> Mapping[str, Any]:
    """Return the part of a setting that is for a type."""
    settings = current_app.config[setting]
    return settings.get(kind) or settings.get(DEFAULT) or {}


def _known(catalog: Catalog) -> dict[str, tuple[str, Metric | Dimension | None]]:
    """Return kind and catalog entry of every component by its name."""
    cards = {m.component: ("card", m) for m in catalog.metrics.values() if m.component}
    tables = {d.component: ("table", d) for d in catalog.dimensions.values() if d.component}
    return {**{name: (kind, None) for name, kind in SINGLE.items()}, **cards, **tables}


def _rows(tab: Mapping[str, Any], known: Mapping[str, Any]) -> list[Row]:
    """Return the rows of a tab."""
    return [
        Row(str(row.get("name", "")), list(_components(row.get("components", ()), known)))
        for row in tab.get("rows", ())
    ]


def _components(
    entries: Iterable[Mapping[str, Any]], known: Mapping[str, Any]
) -> Iterator[Component]:
    """Yield the components of a row; a name that nobody knows is logged and left out."""
    for entry in entries:
        props = dict(entry)
        name, width = props.pop("component", None), int(props.pop("width", COLUMNS))
        if name in known:
            yield Component(name, *known[name], width, props)
        else:
            current_app.logger.warning("Dashboards have no component named %r.", name)
