# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Configuration of the resource."""

from flask_resources import ResourceConfig
from invenio_records_resources.services.base.config import ConfiguratorMixin

from ...resources.config import CSV, JSON
from ...resources.errors import ERROR_HANDLERS
from ...resources.serializers import FileHandler
from ...resources.serializers.xlsx import XLSX
from .asked import ALIASES, KINDS
from .report import JSONHandler, ReportCSV, ReportJSON, ReportXLSX


class ReportsResourceConfig(ConfiguratorMixin, ResourceConfig):
    """Say where and how reports are answered; without a wish they are CSV."""

    blueprint_name = "usage_stats_reports"
    url_prefix = "/reports/metrics"
    routes = {"all": "", "kind": f"/<any({','.join((*KINDS, *ALIASES))}):kind>"}
    formats = {"csv": CSV, "xlsx": XLSX, "json": JSON}
    response_handlers = {
        CSV: FileHandler(ReportCSV()),
        XLSX: FileHandler(ReportXLSX()),
        JSON: JSONHandler(ReportJSON()),
    }
    default_accept_mimetype = CSV
    error_handlers = ERROR_HANDLERS
