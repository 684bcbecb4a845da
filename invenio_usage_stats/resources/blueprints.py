# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The blueprints of the API, as the application configures them."""

from typing import Any

from flask import Blueprint, Flask
from flask_limiter import ExemptionScope
from flask_resources import Resource
from invenio_app.ext import limiter
from invenio_base.utils import obj_or_import_string

from ..proxies import EXTENSION
from .cors import allow_origins
from .errors import OURS
from .limits import check_post, count_request


def create_api_blueprint(app: Flask) -> Blueprint:
    """Return the blueprint of questions."""
    blueprint = resource_of(app, "USAGE_STATS_RESOURCE").as_blueprint()
    blueprint.before_app_request(check_post)
    for error, handler in OURS.items():
        blueprint.app_errorhandler(error)(handler)
    return guarded(blueprint)


def create_shares_blueprint(app: Flask) -> Blueprint:
    """Return the blueprint of share links."""
    return guarded(resource_of(app, "USAGE_STATS_SHARES_RESOURCE").as_blueprint())


def configured(app: Flask, setting: str, *parts: Any) -> Resource:
    """Return a resource of the configured classes; ``parts``: what else it is made of."""
    resource = obj_or_import_string(app.config[setting])
    config = obj_or_import_string(app.config[f"{setting}_CONFIG"])
    return resource(config.build(app), *parts)


def resource_of(app: Flask, setting: str) -> Resource:
    """Return a resource of the configured classes that asks the service."""
    return configured(app, setting, app.extensions[EXTENSION].service)


def guarded(blueprint: Blueprint) -> Blueprint:
    """Return a blueprint whose requests are counted, and may come from configured sites.

    They are counted by our limits only: the limits of the whole site change with the User-Agent.
    """
    limiter.exempt(blueprint, flags=ExemptionScope.APPLICATION)
    blueprint.before_request(count_request)
    blueprint.after_request(allow_origins)
    return blueprint
