# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The page about a single record."""

from flask import Response, g, render_template, url_for

from ..services.scopes import PATHS, Scope, resolve_scope
from ..services.visible import RECORD_PAGE
from .models import answer, answers_json
from .pages import dashboard_of, status_of, template_of

KIND = "record"
NO_ROBOTS = {"X-Robots-Tag": "noindex, nofollow"}
"""There are as many of these pages as records, and nobody searches for them."""


def record_stats(record_id: str) -> tuple[str, int, dict[str, str]]:
    """Show the dashboard of a record that the reader may see."""
    scope = _scope(record_id)
    dashboard = dashboard_of(KIND, scope)
    page = render_template(
        template_of(KIND),
        usage_stats=dashboard,
        record_title=scope.title,
        record_href=url_for(RECORD_PAGE, pid_value=scope.id),
    )
    return page, status_of(dashboard), NO_ROBOTS


@answers_json
def record_view(record_id: str, token: str | None = None) -> Response:
    """Answer the view model of a record's dashboard."""
    return answer(KIND, _scope(record_id), token)


def _scope(record_id: str) -> Scope:
    """Return the scope of a record that the reader may see."""
    return resolve_scope(g.identity, f"{PATHS[KIND]}/{record_id}")
