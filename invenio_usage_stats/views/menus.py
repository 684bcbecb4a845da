# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Entries of menus."""

from collections.abc import Callable

from flask import Flask, current_app, g, request
from flask_menu import current_menu
from invenio_i18n import lazy_gettext as _

from ..errors import UnknownScopeError
from ..services.permissions import EVERYBODY, READERS, allows
from ..services.scopes import resolve_scope

COMMUNITY_PAGE = "invenio_usage_stats.community_stats"


def finalize_app(app: Flask) -> None:
    """Add the main menu's entry and the tab of community pages."""
    routes = app.config["STATS_DASHBOARD_ROUTES"]
    if "global" in routes:
        current_menu.submenu("main.stats").register(
            endpoint="invenio_usage_stats.global_stats",
            text=_("Statistics"),
            order=30,
            visible_when=may_read_global,
        )
    if "community" in routes:
        current_menu.submenu("communities.stats").register(
            endpoint=COMMUNITY_PAGE,
            text=_("Statistics"),
            order=25,
            endpoint_arguments_constructor=community_arguments(app),
            visible_when=may_read_community,
            **{"icon": "chart bar", "permissions": "can_read"},
        )


def may_read_global() -> bool:
    """Tell whether the reader may see the numbers of the repository."""
    return allows(g.identity, "read_global")


def may_read_community() -> bool:
    """Tell whether the reader may see the numbers of the community whose page is shown."""
    if current_app.config[READERS] == EVERYBODY:
        return True
    try:
        resolve_scope(g.identity, (request.view_args or {}).get("pid_value", ""))
    except UnknownScopeError:
        return False
    return True


def community_arguments(app: Flask) -> Callable[[], dict[str, str]]:
    """Return a function that names the shown community as our configured route wants it."""
    rule = next(app.url_map.iter_rules(COMMUNITY_PAGE))
    name = next(iter(rule.arguments))
    return lambda: {name: (request.view_args or {}).get("pid_value", "")}
