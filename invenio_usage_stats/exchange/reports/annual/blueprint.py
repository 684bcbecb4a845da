# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The blueprint of annual reports."""

from flask import Blueprint, Flask

from ....resources.blueprints import guarded, resource_of


def create_annual_blueprint(app: Flask) -> Blueprint:
    """Return the blueprint of annual reports."""
    return guarded(resource_of(app, "USAGE_STATS_ANNUAL_RESOURCE").as_blueprint())
