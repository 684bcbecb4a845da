# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Entries of menus."""

from collections.abc import Callable

from flask import Flask, current_app, g, request
from flask_menu import current_menu
from invenio_communities.proxies import current_communities
from invenio_i18n import LazyString
from invenio_i18n import lazy_gettext as _

from ..errors import NotOptedInError, UnknownScopeError
from ..exchange.reports.users.switching import is_on as is_counted_by_user
from ..services import opting
from ..services.permissions import EVERYBODY, READERS, allows
from ..services.scopes import resolve_scope
from .enabling import ORDER, TEXT, is_on, menu
from .layouts.checking import log_problems
from .optin import argument_of

COMMUNITY_PAGE = "invenio_usage_stats.community_stats"


def finalize_app(app: Flask) -> None:
    """Add the main menu's entry and the tab of community pages; log what cannot be shown."""
    routes = app.config["STATS_DASHBOARD_ROUTES"]
    if "global" in routes:
        current_menu.submenu("main.stats").register(
            endpoint="invenio_usage_stats.global_stats",
            text=menu(TEXT, "global"),
            order=menu(ORDER, "global"),
            visible_when=may_read_global,
        )
    if "community" in routes:
        current_menu.submenu("communities.stats").register(
            endpoint=COMMUNITY_PAGE,
            text=menu(TEXT, "community"),
            order=menu(ORDER, "community"),
            endpoint_arguments_constructor=community_arguments(app),
            visible_when=may_read_community,
            **{"icon": "chart bar", "permissions": "can_read"},
        )
    if "user" in routes:
        current_menu.submenu("dashboard.stats").register(
            endpoint="invenio_usage_stats.user_stats",
            text=_("Statistics"),
            order=40,
            visible_when=may_read_own,
        )
    current_menu.submenu("settings.usage_statistics").register(
        endpoint="invenio_usage_stats.user_settings",
        text=LazyString(_with_icon),
        order=40,
        visible_when=is_counted_by_user,
    )
    log_problems(app)


def _with_icon() -> str:
    """Return the name of the page of settings as entries of that menu are: with an icon."""
    return f'<i class="chart bar icon" aria-hidden="true"></i> {_("Usage statistics")}'


def may_read_global() -> bool:
    """Tell whether the reader may see the numbers of the repository."""
    return is_on("global") and allows(g.identity, "read_global")


def may_read_own() -> bool:
    """Tell whether the reader may see the numbers of what they own."""
    return is_on("user") and allows(g.identity, "read_own")


def may_read_community() -> bool:
    """Tell whether the reader may see the numbers of the community whose page is shown.

    Those who may show its hidden statistics find the way to it by the same entry.
    """
    if not is_on("community"):
        return False
    if current_app.config[READERS] == EVERYBODY and not opting.is_needed():
        return True
    name = (request.view_args or {}).get("pid_value", "")
    try:
        resolve_scope(g.identity, name)
    except NotOptedInError:
        community = current_communities.service.read(g.identity, name)
        return opting.may_decide(g.identity, community)
    except UnknownScopeError:
        return False
    return True


def community_arguments(app: Flask) -> Callable[[], dict[str, str]]:
    """Return a function that names the shown community as our configured route wants it."""
    name = argument_of(app, COMMUNITY_PAGE)
    return lambda: {name: (request.view_args or {}).get("pid_value", "")}
