# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The page about everything that its reader owns."""

from flask import Response, g, render_template
from flask_login import current_user, login_required
from invenio_users_resources.proxies import current_users_service

from ..services.scopes import OWN, PATHS, Scope, resolve_scope
from .models import answer, answers_json
from .pages import dashboard_of, status_of, template_of

KIND = "user"


@login_required
def user_stats() -> tuple[str, int]:
    """Show the dashboard of what the reader owns, as one of the pages of their dashboard."""
    dashboard = dashboard_of(KIND, _scope())
    links = current_users_service.links_item_tpl.expand(g.identity, current_user)
    page = render_template(template_of(KIND), usage_stats=dashboard, user_avatar=links["avatar"])
    return page, status_of(dashboard)


@answers_json
def user_view(token: str | None = None) -> Response:
    """Answer the view model of this dashboard."""
    return answer(KIND, _scope(), token)


def _scope() -> Scope:
    """Return the scope of what the reader owns."""
    return resolve_scope(g.identity, f"{PATHS[KIND]}/{OWN}")
