# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The blueprints of reports."""

from flask import Blueprint, Flask

from ...proxies import EXTENSION
from ...resources.blueprints import guarded, resource_of
from .users.resource import UsersResource, UsersResourceConfig
from .users.switching import refuse_when_off


def create_reports_blueprint(app: Flask) -> Blueprint:
    """Return the blueprint of totals."""
    return guarded(resource_of(app, "USAGE_STATS_REPORTS_RESOURCE").as_blueprint())


def create_users_blueprint(app: Flask) -> Blueprint:
    """Return the blueprint of reports by user, which are not there while nothing is counted so."""
    service = app.extensions[EXTENSION].service
    blueprint = UsersResource(UsersResourceConfig.build(app), service).as_blueprint()
    blueprint.before_request(refuse_when_off)
    return guarded(blueprint)
