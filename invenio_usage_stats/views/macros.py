# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What the macro of the templates calls."""

from typing import Any

from flask import g, request

from ..errors import UnknownScopeError
from ..proxies import current_usage_stats
from ..services.scopes import resolve_scope
from .layout import Appearance
from .viewmodel import unavailable, view_model


def macro_dashboard(
    dashboard_config: dict[str, Any] | None = None,
    community: Any = None,
    dashboard_type: str | None = None,
) -> dict[str, Any]:
    """Return the view model of an embedded dashboard, for the reader of the page around it.

    ``dashboard_config``: entries that differ from the configured ones, ``layout`` among them;
    ``community``: its UUID or slug, or anything that has one.
    """
    kind = dashboard_type or ("community" if community else "global")
    appearance = Appearance.of(kind, dashboard_config or {})
    try:
        scope = resolve_scope(g.identity, community_id(community))
    except UnknownScopeError:
        return unavailable(appearance)
    return view_model(current_usage_stats.service, scope, appearance, request.args)


def community_id(community: Any) -> str | None:
    """Return the id of a community that is given as text, a dictionary, a record or an item."""
    if community is None or isinstance(community, str):
        return community or None
    if isinstance(community, dict):
        return str(community.get("id") or community.get("slug"))
    return str(community.id)
