# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The page on which those who may update a community show or hide its statistics."""

from typing import Any

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from invenio_communities.proxies import current_communities
from invenio_communities.views.decorators import pass_community
from invenio_communities.views.ui import record_permission_denied_error
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import AnyOf

from ..errors import NotOptedInError
from ..services import opting
from .pages import community_page

ENDPOINT = "invenio_usage_stats.community_settings"
TEMPLATE = "invenio_usage_stats/community_stats_settings.html"
SHOW, HIDE = "show", "hide"


class DecisionForm(FlaskForm):
    """Take a decision from a button; its token proves that our page sent it."""

    decision = StringField(validators=[AnyOf((SHOW, HIDE))])


def add_routes(state: BlueprintSetupState) -> None:
    """Add the page below the configured route of communities' dashboards."""
    route = state.app.config["STATS_DASHBOARD_ROUTES"].get("community")
    if route:
        rule = f"{route.rstrip('/')}/settings"
        endpoint = ENDPOINT.rpartition(".")[2]
        state.add_url_rule(rule, endpoint, community_settings, methods=["GET", "POST"])


@pass_community(serialize=True)
def community_settings(
    pid_value: str, community: Any, community_ui: dict[str, Any]
) -> ResponseReturnValue:
    """Say whether a community shows its statistics, and take the decision about it."""
    if not opting.is_needed():
        abort(404)
    if not opting.may_decide(g.identity, community):
        return record_permission_denied_error(None)
    form = DecisionForm()
    if form.validate_on_submit():
        return _decided(community, form.decision.data == SHOW)
    shown = opting.is_shown(str(community.id))
    page = community_page(TEMPLATE, community, community_ui, form=form, shown=shown)
    return page, 400 if form.is_submitted() else 200


def _decided(community: Any, show: bool) -> Response:
    """Keep a decision, and show the page again: reloading it then sends nothing."""
    opting.decide(g.identity, community, show)
    return redirect(request.path, code=303)


def refused(error: NotOptedInError) -> ResponseReturnValue:
    """Lead those who may decide to the page for it; all others see what is hidden from them."""
    community = current_communities.service.read(g.identity, str(error))
    if not opting.may_decide(g.identity, community):
        return record_permission_denied_error(error)
    name = argument_of(current_app, ENDPOINT)
    return redirect(url_for(ENDPOINT, **{name: community.data["slug"]}))


def argument_of(app: Flask, endpoint: str) -> str:
    """Return what the configured route calls the community."""
    return next(iter(next(app.url_map.iter_rules(endpoint)).arguments))
