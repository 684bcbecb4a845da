# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The page about a single record."""

from flask import g, render_template, url_for

from ..services.scopes import resolve_scope
from .pages import _dashboard, _status, _template

LANDING_PAGE = "invenio_app_rdm_records.record_detail"
NO_ROBOTS = {"X-Robots-Tag": "noindex, nofollow"}
"""There are as many of these pages as records, and nobody searches for them."""


def record_stats(record_id: str) -> tuple[str, int, dict[str, str]]:
    """Show the dashboard of a record that the reader may see."""
    scope = resolve_scope(g.identity, f"records/{record_id}")
    dashboard = _dashboard("record", scope)
    page = render_template(
        _template("record"),
        usage_stats=dashboard,
        record_title=scope.title,
        record_href=url_for(LANDING_PAGE, pid_value=scope.id),
    )
    return page, _status(dashboard), NO_ROBOTS
