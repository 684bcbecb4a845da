# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Checking: what is wrong with the settings of dashboards, before anybody sees a page."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask, current_app
from jinja2 import TemplateNotFound

from ... import config
from ...proxies import current_usage_stats
from ..enabling import TYPES
from .layout import components
from .rules import Checker, Rule, meant, number, one_text, own_components, switch

OURS = "STATS_DASHBOARD_"
OLD = f"{OURS}CONFIG"
COMPONENTS = f"{OURS}COMPONENTS"
LAYOUT, UI = f"{OURS}LAYOUT", f"{OURS}UI_CONFIG"
REPORT = "USAGE_STATS_REPORT_LAYOUT"
ALONE = ("global", "user")
"""The types of which there is one dashboard, so that its route names nothing."""
ROUTES, TEMPLATES = f"{OURS}ROUTES", f"{OURS}TEMPLATES"


def problems() -> list[str]:
    """Return what is wrong with the settings of dashboards, each as one sentence."""
    ours = [*_names(), *_values(), *_missing_templates()]
    return [*ours, *_by_type(UI), *_by_type(LAYOUT), *_report()]


def log_problems(app: Flask) -> None:
    """Log what is wrong, once at the start of a process."""
    with app.app_context():
        for problem in problems():
            app.logger.warning("Usage statistics: %s", problem)


def _names() -> Iterator[str]:
    """Yield the settings that nobody knows."""
    ours = [name for name in dir(config) if name.startswith(OURS)]
    for name in sorted(current_app.config):
        if name.startswith(OURS) and name not in (*ours, OLD):
            yield f"{name} is not known{meant(name, ours)}"


def _values() -> Iterator[str]:
    """Yield the settings whose values are of a wrong kind."""
    for name, rule in RULES.items():
        allowed = rule(current_app.config[name])
        if allowed:
            yield f"{name} must be {allowed}"


def _missing_templates() -> Iterator[str]:
    """Yield the templates of the instance's own components that there are not."""
    added = current_app.config[COMPONENTS]
    for name, entry in ({} if own_components(added) else added).items():
        try:
            current_app.jinja_env.get_template(entry["template"])
        except TemplateNotFound:
            yield f"{COMPONENTS} {name}: there is no template {entry['template']!r}"


def _by_type(setting: str) -> Iterator[str]:
    """Yield what is wrong with a setting that has an entry for each type of dashboard."""
    value = current_app.config[setting]
    if not isinstance(value, Mapping):
        yield f"{setting} must be a dictionary by type of dashboard"
        return
    types = {*getattr(config, setting), *config.STATS_DASHBOARD_ROUTES}
    types.update(current_app.config[ROUTES])
    known = components(current_usage_stats.catalog.every)
    for kind, entry in value.items():
        checker = Checker(f"{setting} {kind}", known)
        if kind not in types:
            checker.say(f"there is no such type of dashboard{meant(kind, types)}")
        if entry:
            (checker.ui if setting == UI else checker.layout)(entry)
        yield from checker.problems


def _report() -> list[str]:
    """Return what is wrong with the layout of reports."""
    checker = Checker(REPORT, components(current_usage_stats.catalog.every))
    checker.layout(current_app.config[REPORT])
    return checker.problems


def _for_types(rule: Rule) -> Rule:
    """Return the rule of a value for all types, or of a dictionary of them."""

    def checked(value: Any) -> str:
        by_type = isinstance(value, Mapping) and {*value} <= {*TYPES}
        wrong = any(map(rule, value.values())) if by_type else rule(value)
        return f"{rule(None)}, or a dictionary of such for {', '.join(TYPES)}" if wrong else ""

    return checked


def _routes(value: Any) -> str:
    """Return what is allowed as routes, unless the value is."""
    paths = value.values() if isinstance(value, Mapping) else [None]
    right = all(isinstance(path, str) and path.startswith("/") for path in paths)
    if right and all("<" in path for kind, path in value.items() if kind not in ALONE):
        return ""
    return 'paths by type of dashboard, as in {"community": "/communities/<community_id>/stats"}'


def _templates(value: Any) -> str:
    """Return what is allowed as templates, unless the value is."""
    if not isinstance(value, Mapping) or not all(isinstance(one, str) for one in value.values()):
        return "paths of templates by type of dashboard"
    # pages that are not named are ours; the macro is asked for by templates themselves
    return "" if "macro" in value else "a dictionary with macro, too"


RULES: dict[str, Rule] = {
    f"{OURS}ENABLED_GLOBAL": switch,
    f"{OURS}ENABLED_COMMUNITY": switch,
    f"{OURS}COMMUNITY_OPT_IN": switch,
    f"{OURS}MENU_TEXT": _for_types(one_text),
    f"{OURS}MENU_ORDER": _for_types(number(-1000, 1000)),
    COMPONENTS: own_components,
    ROUTES: _routes,
    TEMPLATES: _templates,
}
"""What the settings must be that are not taken apart."""
