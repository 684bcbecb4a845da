# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The blueprints of reports."""

from flask import Blueprint, Flask

from ...resources.blueprints import guarded, resource_of


def create_reports_blueprint(app: Flask) -> Blueprint:
    """Return the blueprint of totals."""
    return guarded(resource_of(app, "USAGE_STATS_REPORTS_RESOURCE").as_blueprint())
