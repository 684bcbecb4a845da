# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The blueprints of reports."""

from flask import Blueprint, Flask

from ...resources.blueprints import configured, guarded
from .users.resource import UsersResource, UsersResourceConfig
from .users.switching import refuse_when_off


def create_reports_blueprint(app: Flask) -> Blueprint:
    """Return the blueprint of totals."""
    return guarded(configured(app, "USAGE_STATS_REPORTS_RESOURCE").as_blueprint())


def create_users_blueprint(app: Flask) -> Blueprint:
    """Return the blueprint of reports by user, which are not there while nothing is counted so."""
    blueprint = UsersResource(UsersResourceConfig.build(app)).as_blueprint()
    blueprint.before_request(refuse_when_off)
    return guarded(blueprint)
