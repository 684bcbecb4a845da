# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Configuration of the resource."""

from flask_resources import ResourceConfig
from invenio_records_resources.services.base.config import ConfiguratorMixin

from ...resources.config import JSON
from ...resources.errors import ERROR_HANDLERS
from ...resources.serializers import DataHandler
from .dialects import CamelSerializer, HyphenSerializer, PlainSerializer

API = "application/vnd.api+json"
NEWER = "version=2"


class DataCiteResourceConfig(ConfiguratorMixin, ResourceConfig):
    """Say where and how the resource answers."""

    blueprint_name = "usage_stats_datacite"
    url_prefix = ""
    routes = {
        "events": "/events",
        "dois": "/dois",
        "doi": "/dois/<path:doi>",
        "usage": "/records/<recid>/usage",
    }
    formats = {"json": JSON}
    response_handlers = {
        JSON: DataHandler(HyphenSerializer()),
        API: DataHandler(HyphenSerializer()),
        f"{API}; {NEWER}": DataHandler(CamelSerializer()),
        f"{JSON}; {NEWER}": DataHandler(CamelSerializer()),
    }
    """How events are told, by what ``Accept`` prefers."""

    dois_handler = DataHandler(CamelSerializer())
    usage_handler = DataHandler(PlainSerializer())
    """How all else is told, which has one form only."""

    default_accept_mimetype = JSON
    error_handlers = ERROR_HANDLERS
