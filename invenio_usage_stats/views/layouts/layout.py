# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Dashboards as configured: titles, tabs, rows and components."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import current_app

from ... import config
from ...catalog import Catalog, Dimension, Metric
from ..model.address import Defaults
from .rules import COLUMNS, OWN, Checker, own_components

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
MAP = "StatsMap"
RANKED = ("table", "list")
"""The kinds of components that are tables."""
LISTS = {
    "RecordsTable": "records",
    "FilesTable": "files",
    "UploadersTable": "uploaders",
    "CommunitiesTable": "communities",
    "SubcommunitiesTable": "subcommunities",
}
"""Components that list what has a page of its own."""
ALL = 50
"""How many rows a page of all values of a table has."""


class Component(NamedTuple):
    """Be one panel: its name and kind, what it shows, how wide it is, and further settings."""

    name: str
    kind: str
    """``period``, ``card``, ``chart``, ``table``, ``list``, ``map`` or one of another package."""

    entry: Metric | Dimension | str | None
    """What it shows: an entry of the catalog, or the name of a list."""
    width: int
    props: dict[str, Any]

    @property
    def css(self) -> str:
        """Return the classes of its column: small panels stand in pairs on narrow screens."""
        narrow = "eight" if self.kind == "card" else "sixteen"
        wide = WORDS[self.width - 1]
        return f"{wide} wide computer {narrow} wide tablet {narrow} wide mobile column"

    @property
    def shown(self) -> str | None:
        """Return the name of what a table shows."""
        return self.entry.id if isinstance(self.entry, Dimension) else self.entry

    @property
    def ranking(self) -> str:
        """Return the name of a table among others of the same, which differ in their order."""
        metric = self.props.get("metric")
        return f"{self.shown}.{metric}" if metric else str(self.shown)


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


class Layout(NamedTuple):
    """Be all panels of a dashboard: rows above the tabs, and the tabs."""

    head: Tab
    tabs: list[Tab]
    tables: list[str]
    """The dimensions and lists of which all values can be shown."""


Allowed = Callable[[str], bool]
"""Tells whether a list means something on a page, and may be read there."""


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
        configured = Checker(kind).ui(_of(kind, "STATS_DASHBOARD_UI_CONFIG"))
        checker = Checker("dashboard_config")
        appearance = cls({**configured, **checker.ui(given)}, layout, bool(changes))
        appearance.log(checker)
        return appearance

    @property
    def years(self) -> int:
        """Return how far back a dashboard looks."""
        return self.ui.get("maxHistoryYears", YEARS)

    @property
    def defaults(self) -> Defaults:
        """Return what is shown when the URL says nothing else."""
        given = {"period": self.ui.get("default_period"), "compare": self.ui.get("compare")}
        return Defaults(**{key: value for key, value in given.items() if value})

    def read(self, catalog: Catalog, allowed: Allowed) -> Layout:
        """Return the panels that may be shown; whatever is wrong is left out."""
        every = components(catalog.every)
        right = self.right(every)
        known = {
            name: (kind, entry)
            for name, (kind, entry) in components(catalog).items()
            if kind != "list" or allowed(entry)
        }
        tabs = [Tab(tab["name"], tab["label"], _rows(tab, known)) for tab in right["tabs"]]
        dimensions = [d.id for d in catalog.shown()]
        lists = [name for name in LISTS.values() if allowed(name)]
        head = Tab("head", "", _rows(right, known))
        return Layout(head, tabs or [Tab("", "", [])], [*dimensions, *lists])

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


def components(catalog: Catalog) -> dict[str, tuple[str, Any]]:
    """Return kind and entry of every component by its name."""
    shown = catalog.dimensions.values()
    cards = {m.component: ("card", m) for m in catalog.metrics.values() if m.component}
    tables = {d.component: ("table", d) for d in shown if d.component}
    places = [d for d in shown if d.labels == "countries"]
    maps = {MAP: ("map", places[0])} if places else {}
    lists = {name: ("list", entry) for name, entry in LISTS.items()}
    single = {name: (kind, None) for name, kind in SINGLE.items()}
    return {**single, **lists, **maps, **cards, **tables, **_own()}


def _own() -> dict[str, tuple[str, Any]]:
    """Return the components that the instance has added."""
    added = current_app.config["STATS_DASHBOARD_COMPONENTS"]
    return (
        {name: (OWN, entry) for name, entry in added.items()} if not own_components(added) else {}
    )


def _rows(part: Mapping[str, Any], known: Mapping[str, Any]) -> list[Row]:
    """Return the rows of a tab, or those above all tabs."""
    rows = [
        Row(row["name"], _filled(_components(row["components"], known))) for row in part["rows"]
    ]
    return [row for row in rows if row.components]


def _filled(components: Iterable[Component]) -> list[Component]:
    """Return the components of a row; a table that ends it alone in its line takes the line."""
    found, used, start = list(components), 0, 0
    for component in found:
        start = used if used + component.width <= COLUMNS else 0
        used = start + component.width
    if found and start == 0 and found[-1].kind in RANKED:
        found[-1] = found[-1]._replace(width=COLUMNS)
    return found


def _components(
    entries: Iterable[Mapping[str, Any]], known: Mapping[str, Any]
) -> Iterator[Component]:
    """Yield the components of a row that may be shown."""
    for entry in entries:
        props = dict(entry)
        name, width = props.pop("component"), props.pop("width", COLUMNS)
        if name in known:
            yield Component(name, *known[name], width, props)


def listed(name: str | None, catalog: Catalog) -> Component | None:
    """Return the table of all values of a dimension, or of a list."""
    if name is None:
        return None
    props = {"limit": ALL}
    if name in LISTS.values():
        component = next(own for own, entry in LISTS.items() if entry == name)
        return Component(component, "list", name, COLUMNS, props)
    dimension = catalog.dimensions[name]
    return Component(dimension.component or name, "table", dimension, COLUMNS, props)
