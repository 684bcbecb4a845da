# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The blueprint of the pages."""

from typing import Any

from flask import Blueprint, Flask
from flask.blueprints import BlueprintSetupState
from invenio_communities.errors import CommunityDeletedError
from invenio_communities.views.ui import record_permission_denied_error
from invenio_pidstore.errors import PIDDeletedError, PIDDoesNotExistError
from invenio_records_resources.services.errors import PermissionDenied
from sqlalchemy.exc import NoResultFound

from ..errors import NotOptedInError, UnknownScopeError
from . import optin
from .enabling import refuse_what_is_off
from .macros import macro_dashboard
from .pages import community_stats, global_stats

VIEWS = {"global": global_stats, "community": community_stats}

HIDDEN = (
    CommunityDeletedError,
    NoResultFound,
    PermissionDenied,
    PIDDeletedError,
    PIDDoesNotExistError,
    UnknownScopeError,
)
"""What gets the answer of a restricted community, so that it does not tell what there is."""


def name_community(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Call the community as its other pages do, whose tabs are made from this argument."""
    if values and "community_id" in values:
        values["pid_value"] = values.pop("community_id")


def add_routes(state: BlueprintSetupState) -> None:
    """Add the pages under the routes that the application configures."""
    for kind, route in state.app.config["STATS_DASHBOARD_ROUTES"].items():
        if kind in VIEWS:
            state.add_url_rule(route, f"{kind}_stats", VIEWS[kind], strict_slashes=False)


blueprint = Blueprint("invenio_usage_stats", __name__, template_folder="../templates")
blueprint.record(add_routes)
blueprint.record(optin.add_routes)
blueprint.before_request(refuse_what_is_off)
blueprint.url_value_preprocessor(name_community)
blueprint.add_app_template_global(macro_dashboard, "usage_stats_dashboard")
blueprint.register_error_handler(NotOptedInError, optin.refused)
for error in HIDDEN:
    blueprint.register_error_handler(error, record_permission_denied_error)


def create_blueprint(app: Flask) -> Blueprint:
    """Return the blueprint of the pages."""
    return blueprint
