# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Rules of dashboards' settings: what is right of a setting is kept, the rest is said.

So what is reported is exactly what is not shown, and a page never meets a value of a wrong kind.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from invenio_i18n import lazy_gettext

from ...errors import InvalidQueryError
from ...proxies import current_usage_stats
from ...reader.periods import COMPARISONS, parse_name
from ..model.address import NO_COMPARISON

COLUMNS = 16
MOST_YEARS = 200
LAZY = type(lazy_gettext("Statistics"))
Rule = Callable[[Any], str]
"""Say what would be allowed, or nothing when a value is."""


def one_text(value: Any) -> str:
    """Return what is allowed as one text, unless the value is."""
    return "" if isinstance(value, str | LAZY) else "a text"


def text(value: Any) -> str:
    """Return what is allowed as a text in all languages, unless the value is."""
    texts = value.values() if isinstance(value, Mapping) else [value]
    return "a text, or texts by language" if any(map(one_text, texts)) else ""


def switch(value: Any) -> str:
    """Return what is allowed as a switch, unless the value is one."""
    return "" if isinstance(value, bool) else "True or False"


def number(least: int, most: int) -> Rule:
    """Return the rule of a whole number between two others."""

    def rule(value: Any) -> str:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return "" if whole and least <= value <= most else f"a whole number, {least} to {most}"

    return rule


def period(value: Any) -> str:
    """Return what is allowed as the name of a period, unless the value is."""
    try:
        parse_name(value)
    except (InvalidQueryError, TypeError):
        return 'the name of a period, such as "12m", "ytd" or "all"'
    return ""


def comparison(value: Any) -> str:
    """Return with what a period can be compared, unless the value is that."""
    allowed = (*COMPARISONS, NO_COMPARISON)
    return "" if value in allowed else f"one of {', '.join(allowed)}"


def metric(value: Any) -> str:
    """Return which metrics there are, unless the value is one."""
    known = list(current_usage_stats.catalog.metrics)
    return "" if value in known else f"one of {', '.join(known)}"


def metrics(value: Any) -> str:
    """Return what is allowed as columns, unless the value is."""
    wrong = not isinstance(value, list | tuple) or not value or any(map(metric, value))
    known = current_usage_stats.catalog.metrics
    return f"a list of these: {', '.join(known)}" if wrong else ""


def own_components(value: Any) -> str:
    """Return what is allowed as components of the instance's own, unless the value is."""
    entries = value.values() if isinstance(value, Mapping) else [None]
    right = all(
        isinstance(one, Mapping) and isinstance(one.get("template"), str) for one in entries
    )
    return "" if right else 'dictionaries by name, as in {"News": {"template": "site/news.html"}}'


RANKING: dict[str, Rule] = {"limit": number(1, 100), "metric": metric, "metrics": metrics}
"""What tables of values and lists understand."""

UI: dict[str, Rule] = {
    "title": text,
    "description": text,
    "maxHistoryYears": number(1, MOST_YEARS),
    "show_title": switch,
    "show_description": switch,
    "default_period": period,
    "compare": comparison,
}
"""The settings of one type of dashboard."""

EVERY: dict[str, Rule] = {"title": text}
"""What every component understands."""

PROPS: dict[str, dict[str, Rule]] = {
    "chart": {"metric": metric},
    "list": RANKING,
    "map": {"limit": number(1, 100), "metric": metric},
    "table": RANKING,
}
"""What components of a kind understand besides."""

OWN = "own"
"""The kind of the components that an instance has added; they understand what they like."""


def further(kind: str, props: Mapping[str, Any]) -> dict[str, Any]:
    """Return the props that are not ours: for a component that the instance has made."""
    return {k: v for k, v in props.items() if k not in EVERY | PROPS.get(kind, {})}


@dataclass
class Checker:
    """Go through one setting, and collect what is wrong with it."""

    where: str
    """The setting and the type of dashboard, for the sentences."""

    known: Mapping[str, Any] = field(default_factory=dict)
    """The kind of each component, by its name."""

    problems: list[str] = field(default_factory=list)

    def say(self, problem: str) -> None:
        """Add a problem."""
        self.problems.append(f"{self.where}: {problem}")

    def ui(self, value: Any) -> dict[str, Any]:
        """Return the entries of a type's settings that can be used."""
        return {
            key: one
            for key, one in self._entries(value, UI, "").items()
            if key not in UI or self._follows(UI[key], one, key)
        }

    def layout(self, value: Any) -> dict[str, Any]:
        """Return what can be shown of a layout: rows above the tabs, and the tabs."""
        entries = self._entries(value, ("rows", "tabs"), "")
        rows = self._rows(entries.get("rows"), "")
        tabs = [self._tab(tab, n) for n, tab in self._dictionaries(entries.get("tabs"), "tabs")]
        names = [tab["name"] for tab in tabs]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.say(f"two tabs are named {name!r}, only the first can be chosen")
        if not tabs and not rows:
            self.say("there is nothing to see")
        return {"rows": rows, "tabs": tabs}

    def _tab(self, tab: Mapping[str, Any], place: int) -> dict[str, Any]:
        """Return a tab with what can be shown of it."""
        name = str(tab.get("name", place))
        where = f"tab {name!r}: "
        label = self._entries(tab, ("name", "label", "rows"), where).get("label", "")
        rows = self._rows(tab.get("rows"), where)
        if not rows:
            self.say(f"{where}there is nothing to see")
        right = self._follows(text, label, f"{where}label")
        return {"name": name, "label": label if right else name, "rows": rows}

    def _rows(self, rows: Any, where: str) -> list[dict[str, Any]]:
        """Return the rows that show anything."""
        found = [self._row(row, where) for _, row in self._dictionaries(rows, where)]
        return [row for row in found if row["components"]]

    def _row(self, row: Mapping[str, Any], where: str) -> dict[str, Any]:
        """Return a row with the components that are known."""
        name = str(row.get("name", ""))
        within = f"{where}row {name!r}: " if name else where
        self._entries(row, ("name", "components"), within)
        found = self._dictionaries(row.get("components"), within)
        components = [self._component(entry, within) for _, entry in found]
        return {"name": name, "components": [one for one in components if one]}

    def _component(self, entry: Mapping[str, Any], where: str) -> dict[str, Any] | None:
        """Return a component with the props that can be used; none when nobody knows it."""
        name = entry.get("component")
        if not isinstance(name, str) or name not in self.known:
            self.say(f"{where}no component is named {name!r}{meant(name, self.known)}")
            return None
        kind, within = self.known[name][0], f"{where}{name}: "
        rules = EVERY | PROPS.get(kind, {}) | {"width": number(1, COLUMNS)}
        props = {key: value for key, value in entry.items() if key != "component"}
        if kind != OWN:
            self._entries(props, rules, within)
        right = {
            key: value
            for key, value in props.items()
            if key not in rules or self._follows(rules[key], value, f"{within}{key}")
        }
        return {"component": name, **right}

    def _follows(self, rule: Rule, value: Any, name: str) -> bool:
        """Tell whether a value follows a rule; say it if not."""
        allowed = rule(value)
        if allowed:
            self.say(f"{name} must be {allowed}")
        return not allowed

    def _entries(self, value: Any, allowed: Iterable[str], where: str) -> Mapping[str, Any]:
        """Return a dictionary, and say which of its keys nobody understands.

        They stay: a component that an instance has changed may know them.
        """
        if not isinstance(value, Mapping):
            self.say(f"{where}must be a dictionary")
            return {}
        for key in value:
            if key not in allowed:
                self.say(f"{where}{key!r} is not understood{meant(key, allowed)}")
        return value

    def _dictionaries(self, value: Any, where: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Yield the dictionaries of a list with their places, and say what else it holds."""
        entries = value if isinstance(value, list | tuple) else ()
        if value is not None and not isinstance(value, list | tuple):
            self.say(f"{where}must hold a list")
        for place, entry in enumerate(entries):
            if isinstance(entry, Mapping):
                yield place, entry
            else:
                self.say(f"{where}{entry!r} must be a dictionary")


def meant(name: Any, known: Iterable[str]) -> str:
    """Return a question for the name that was probably meant."""
    close = get_close_matches(str(name), list(known), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""
