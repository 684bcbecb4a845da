# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The blueprints of what is told to others; with counting switched off they answer nothing."""

from typing import Any

from flask import Blueprint, Flask, request, request_started

from ...resources.blueprints import configured, guarded, resource_of
from ..switch import refuse_when_off
from .badge import badge
from .config import DataCiteResourceConfig

TEMPLATES = "../../templates/semantic-ui"


def create_datacite_blueprint(app: Flask) -> Blueprint:
    """Return the blueprint of events, DOIs and the usage of records."""
    request_started.connect(allow_brackets, app)
    return _switched(resource_of(app, "USAGE_STATS_COUNTER_RESOURCE").as_blueprint())


def create_sushi_blueprint(app: Flask) -> Blueprint:
    """Return the blueprint of reports that are harvested."""
    return _switched(configured(app, "USAGE_STATS_COUNTER_SUSHI").as_blueprint())


def create_badge_blueprint(app: Flask) -> Blueprint:
    """Return the blueprint of badges of records."""
    blueprint = Blueprint("usage_stats_badge", __name__, template_folder=TEMPLATES)
    blueprint.add_url_rule("/records/<pid_value>/usage/badge.svg", "badge", badge)
    return _switched(blueprint)


def _switched(blueprint: Blueprint) -> Blueprint:
    """Return a guarded blueprint that is not there while counting is switched off."""
    blueprint.before_request(refuse_when_off)
    return guarded(blueprint)


def allow_brackets(_app: Flask, **_details: Any) -> None:
    """Let names of parameters have brackets as they are (``page[size]``), which clients send so.

    The check of access tokens, which comes before the views, refuses what is not quoted.
    """
    if request.blueprint == DataCiteResourceConfig.blueprint_name:
        request.query_string = request.query_string.replace(b"[", b"%5B").replace(b"]", b"%5D")
