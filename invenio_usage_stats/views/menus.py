# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Entries of menus."""

from collections.abc import Callable

from flask import Flask, request
from flask_menu import current_menu
from invenio_i18n import lazy_gettext as _

COMMUNITY_PAGE = "invenio_usage_stats.community_stats"


def finalize_app(app: Flask) -> None:
    """Add the main menu's entry and the tab of community pages."""
    routes = app.config["STATS_DASHBOARD_ROUTES"]
    if "global" in routes:
        current_menu.submenu("main.stats").register(
            endpoint="invenio_usage_stats.global_stats", text=_("Statistics"), order=30
        )
    if "community" in routes:
        current_menu.submenu("communities.stats").register(
            endpoint=COMMUNITY_PAGE,
            text=_("Statistics"),
            order=25,
            endpoint_arguments_constructor=community_arguments(app),
            **{"icon": "chart bar", "permissions": "can_read"},
        )


def community_arguments(app: Flask) -> Callable[[], dict[str, str]]:
    """Return a function that names the shown community as our configured route wants it."""
    rule = next(app.url_map.iter_rules(COMMUNITY_PAGE))
    name = next(iter(rule.arguments))
    return lambda: {name: (request.view_args or {}).get("pid_value", "")}
