# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Dashboards as configured: titles, tabs, rows and components."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import current_app

from .. import config
from ..catalog import Catalog, Dimension, Metric
from .rules import COLUMNS, Checker

DEFAULT = "global"
"""The type whose settings stand in for those of a type without any."""

WORDS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight"),
    *("nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
)
YEARS = 15
"""How far back a dashboard looks unless its settings say so."""

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
        wide = WORDS[self.width - 1]
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
    own: bool = False
    """Whether a template gave some of them, which were not looked at when the process began."""

    @classmethod
    def of(cls, kind: str, changes: Mapping[str, Any] | None = None) -> "Appearance":
        """Return the configured settings of a type, with changes."""
        given = dict(changes or {})
        own = {"tabs": given.pop("tabs")} if "tabs" in given else None
        layout = given.pop("layout", own) or _of(kind, "STATS_DASHBOARD_LAYOUT")
        ui = {**_of(kind, "STATS_DASHBOARD_UI_CONFIG"), **given}
        checker = Checker("dashboard_config")
        appearance = cls(checker.ui(ui), layout, bool(changes))
        appearance.log(checker)
        return appearance

    @property
    def years(self) -> int:
        """Return how far back a dashboard looks."""
        return self.ui.get("maxHistoryYears", YEARS)

    def tabs(self, catalog: Catalog) -> list[Tab]:
        """Return the tabs with the components that exist; whatever is wrong is left out."""
        known = components(catalog)
        tabs = self.right(known)["tabs"]
        return [Tab(tab["name"], tab["label"], _rows(tab, known)) for tab in tabs] or [
            Tab("", "", [])
        ]

    def right(self, known: Mapping[str, Any]) -> dict[str, Any]:
        """Return what can be shown of the layout."""
        checker = Checker("dashboard_config", known)
        layout = checker.layout(self.layout)
        self.log(checker)
        return layout

    def log(self, checker: Checker) -> None:
        """Log what is wrong with settings that a template gave."""
        if self.own:
            for problem in checker.problems:
                current_app.logger.warning("Usage statistics: %s", problem)


def _of(kind: str, setting: str) -> Mapping[str, Any]:
    """Return the part of a setting that is for a type; of our own when it is no dictionary."""
    settings = current_app.config[setting]
    if not isinstance(settings, Mapping):
        settings = getattr(config, setting)
    return settings.get(kind) or settings.get(DEFAULT) or {}


def components(catalog: Catalog) -> dict[str, tuple[str, Metric | Dimension | None]]:
    """Return kind and catalog entry of every component by its name."""
    cards = {m.component: ("card", m) for m in catalog.metrics.values() if m.component}
    tables = {d.component: ("table", d) for d in catalog.dimensions.values() if d.component}
    return {**{name: (kind, None) for name, kind in SINGLE.items()}, **cards, **tables}


def _rows(tab: Mapping[str, Any], known: Mapping[str, Any]) -> list[Row]:
    """Return the rows of a tab."""
    return [
        Row(row["name"], [_component(entry, known) for entry in row["components"]])
        for row in tab["rows"]
    ]


def _component(entry: Mapping[str, Any], known: Mapping[str, Any]) -> Component:
    """Return a component of a row."""
    props = dict(entry)
    name, width = props.pop("component"), props.pop("width", COLUMNS)
    return Component(name, *known[name], width, props)
