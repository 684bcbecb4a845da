# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Configuration of the resource."""

from flask_resources import ResourceConfig
from invenio_records_resources.services.base.config import ConfiguratorMixin

from .errors import BODY_HANDLERS, ERROR_HANDLERS
from .serializers import AnswerSerializer, CSVSerializer, DataHandler, FileHandler, XLSXSerializer
from .serializers.xlsx import XLSX

JSON = "application/json"
CSV = "text/csv"
QUESTIONS = ("totals", "series", "top", "snapshot", "schema", "explain")


class UsageStatsResourceConfig(ConfiguratorMixin, ResourceConfig):
    """Say where and how the resource answers."""

    blueprint_name = "usage_stats"
    url_prefix = "/usage-stats"
    questions = QUESTIONS
    routes = {
        "global": "/global",
        "community": "/communities/<scope_id>",
        "record": "/records/<scope_id>",
        "user": "/users/<scope_id>",
        "openapi": "/openapi.json",
    }

    formats = {"json": JSON, "csv": CSV, "xlsx": XLSX}
    response_handlers = {
        JSON: DataHandler(AnswerSerializer()),
        CSV: FileHandler(CSVSerializer()),
        XLSX: FileHandler(XLSXSerializer()),
    }
    default_accept_mimetype = JSON
    error_handlers = ERROR_HANDLERS


class SharesResourceConfig(UsageStatsResourceConfig):
    """Say where and how share links are managed and opened."""

    blueprint_name = "usage_stats_shares"
    routes = {
        "shares": "/shares",
        "share": "/shares/<uuid:share_id>",
        "shared": "/shared/<token>",
    }
    error_handlers = {**ERROR_HANDLERS, **BODY_HANDLERS}
    open_parameters = ("format", "page")
    """What may be added to the address of a share."""
