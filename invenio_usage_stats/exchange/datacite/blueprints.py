# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The blueprint of what DataCite's clients read."""

from typing import Any

from flask import Blueprint, Flask, request, request_started

from ...resources.blueprints import guarded, resource_of
from ..switch import refuse_when_off
from .config import DataCiteResourceConfig


def create_datacite_blueprint(app: Flask) -> Blueprint:
    """Return the blueprint of events, DOIs and the usage of records."""
    blueprint = resource_of(app, "USAGE_STATS_COUNTER_RESOURCE").as_blueprint()
    blueprint.before_request(refuse_when_off)
    request_started.connect(allow_brackets, app)
    return guarded(blueprint)


def allow_brackets(_app: Flask, **_details: Any) -> None:
    """Let names of parameters have brackets as they are (``page[size]``), which clients send so.

    The check of access tokens, which comes before the views, refuses what is not quoted.
    """
    if request.blueprint == DataCiteResourceConfig.blueprint_name:
        request.query_string = request.query_string.replace(b"[", b"%5B").replace(b"]", b"%5D")
