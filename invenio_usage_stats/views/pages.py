# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The pages."""

from typing import Any

from flask import current_app, g, render_template, request
from invenio_communities.views.communities import (
    HEADER_PERMISSIONS,
    render_community_theme_template,
)
from invenio_communities.views.decorators import pass_community

from ..config import STATS_DASHBOARD_TEMPLATES
from ..ledger.history import GLOBAL
from ..proxies import current_usage_stats
from ..services.scopes import Scope, community_scope, resolve_scope
from .layouts.layout import Appearance
from .model.viewmodel import view_model


def global_stats() -> tuple[str, int]:
    """Show the dashboard of the repository."""
    dashboard = dashboard_of("global", resolve_scope(g.identity, GLOBAL))
    return render_template(template_of("global"), usage_stats=dashboard), status_of(dashboard)


@pass_community(serialize=True)
def community_stats(
    pid_value: str, community: Any, community_ui: dict[str, Any]
) -> tuple[str, int]:
    """Show the dashboard of a community that the reader may see, as one of its pages."""
    dashboard = dashboard_of("community", community_scope(g.identity, community))
    page = community_page(template_of("community"), community, community_ui, usage_stats=dashboard)
    return page, status_of(dashboard)


def community_page(
    template: str, community: Any, community_ui: dict[str, Any], **values: Any
) -> str:
    """Render a template as a page of a community, with its header and the entry of its menu."""
    return render_community_theme_template(
        template,
        theme=community_ui.get("theme", {}),
        community=community,
        community_ui=community_ui,
        permissions=community.has_permissions_to(HEADER_PERMISSIONS),
        active_community_header_menu_item="stats",
        **values,
    )


def dashboard_of(kind: str, scope: Scope) -> dict[str, Any]:
    """Return the view model of a page."""
    service = current_usage_stats.service
    return view_model(service, scope, Appearance.of(kind), request.args)


def template_of(kind: str) -> str:
    """Return the configured template of a page; what a site does not name is ours."""
    configured = current_app.config["STATS_DASHBOARD_TEMPLATES"]
    return configured.get(kind) or STATS_DASHBOARD_TEMPLATES[kind]


def status_of(dashboard: dict[str, Any]) -> int:
    """Return the status of a page: what the URL asks for may be malformed."""
    return 400 if dashboard["error"] else 200
