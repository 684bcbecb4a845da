# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The blueprint of the pages."""

from typing import Any

from flask import Blueprint, Flask
from flask.blueprints import BlueprintSetupState
from invenio_communities.views.ui import record_permission_denied_error

from ..errors import NotOptedInError
from ..exchange.reports.users.page import add_routes as add_user_settings
from ..exchange.visits.landing import emit_visit
from . import optin
from .beside import add_routes_beside
from .enabling import refuse_what_is_off
from .hidden import HIDDEN
from .macros import macro_dashboard
from .models import community_view, count_view, global_view
from .own import user_stats, user_view
from .pages import community_stats, global_stats
from .places.routes import add_places
from .record import record_stats, record_view
from .sharing.panel_macro import usage_stats_panel

VIEWS = {
    "global": global_stats,
    "community": community_stats,
    "record": record_stats,
    "user": user_stats,
}
MODELS = {
    "global": global_view,
    "community": community_view,
    "record": record_view,
    "user": user_view,
}
"""The view models of the pages, as JSON."""


def name_community(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Call the community as its other pages do, whose tabs are made from this argument."""
    if values and "community_id" in values:
        values["pid_value"] = values.pop("community_id")


def add_routes(state: BlueprintSetupState) -> None:
    """Add the pages under the routes that the application configures."""
    for kind, route in state.app.config["STATS_DASHBOARD_ROUTES"].items():
        if kind not in VIEWS:
            continue
        state.add_url_rule(route, f"{kind}_stats", VIEWS[kind], strict_slashes=False)
        model = f"{route.rstrip('/')}/view"
        state.add_url_rule(model, f"{kind}_view", MODELS[kind])
        state.add_url_rule(f"{model}/<token>", f"{kind}_view", MODELS[kind])


blueprint = Blueprint("invenio_usage_stats", __name__, template_folder="../templates")
blueprint.record(add_routes)
blueprint.record(add_routes_beside)
blueprint.record(add_places)
blueprint.record(optin.add_routes)
blueprint.record(add_user_settings)
blueprint.before_request(refuse_what_is_off)
blueprint.before_request(count_view)
blueprint.after_app_request(emit_visit)
blueprint.url_value_preprocessor(name_community)
blueprint.add_app_template_global(macro_dashboard, "usage_stats_dashboard")
blueprint.add_app_template_global(usage_stats_panel)
blueprint.register_error_handler(NotOptedInError, optin.refused)
for error in HIDDEN:
    blueprint.register_error_handler(error, record_permission_denied_error)


def create_blueprint(app: Flask) -> Blueprint:
    """Return the blueprint of the pages."""
    return blueprint
