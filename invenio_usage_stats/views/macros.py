# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What the macro of the templates calls."""

import json
from typing import Any

from flask import g, request

from ..errors import UnknownScopeError
from ..ledger.history import GLOBAL
from ..proxies import current_usage_stats
from ..services.scopes import Scope, resolve_scope
from .layouts.layout import Appearance
from .model.links import Place, page_url
from .model.viewmodel import unavailable, view_model
from .models import sealed


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
    config = dashboard_config or {}
    appearance, name = Appearance.of(kind, config), community_id(community)
    try:
        scope = resolve_scope(g.identity, name)
    except UnknownScopeError:
        return unavailable(
            Scope(name or GLOBAL, kind="community" if name else "global"), appearance
        )
    place = _place(scope, kind, config)
    service = current_usage_stats.service
    return view_model(service, scope, appearance, request.args, place=place)


def _place(scope: Scope, kind: str, config: dict[str, Any]) -> Place:
    """Return where an embedded dashboard asks for its view models."""
    own = Place.of(scope)
    if not config and kind == scope.kind:
        return own
    values = {"token": sealed(kind, json.loads(json.dumps(config, default=str)))}
    if scope.kind == "community":
        values["community_id"] = scope.slug or scope.id
    return Place(own.kind, own.url, page_url(f"{scope.kind}_view", **values))


def community_id(community: Any) -> str | None:
    """Return the id of a community that is given as text, a dictionary, a record or an item."""
    if community is None or isinstance(community, str):
        return community or None
    if isinstance(community, dict):
        return str(community.get("id") or community.get("slug"))
    return str(community.id)
