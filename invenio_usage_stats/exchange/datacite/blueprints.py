# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The blueprint of what DataCite's clients read."""

from flask import Blueprint, Flask

from ...resources.blueprints import guarded, resource_of
from ..switch import refuse_when_off


def create_datacite_blueprint(app: Flask) -> Blueprint:
    """Return the blueprint of events, DOIs and the usage of records."""
    blueprint = resource_of(app, "USAGE_STATS_COUNTER_RESOURCE").as_blueprint()
    blueprint.before_request(refuse_when_off)
    return guarded(blueprint)
