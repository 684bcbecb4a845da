# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Harvesting of reports by SUSHI (CoP RD section 11): status, list of reports, and the report."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from flask import Response, jsonify, request
from flask_resources import Resource, ResourceConfig, response_handler, route
from invenio_base import invenio_url_for
from invenio_records_resources.services.base.config import ConfiguratorMixin

from ....resources.formats import with_format
from . import dsr, question
from .available import available, caveats
from .document import JSON, TSV, Document, JSONHandler, JSONReport, TSVHandler, TSVReport
from .dsr import Dataset
from .refusing import HANDLERS
from .remarks import NO_REPORT, NO_USAGE, Remark
from .reporter import reporter


class SushiResourceConfig(ConfiguratorMixin, ResourceConfig):
    """Say where and how reports are harvested."""

    blueprint_name = "usage_stats_sushi"
    url_prefix = "/sushi"
    routes = {"status": "/status", "reports": "/reports", "report": "/reports/<report_id>"}
    formats = {"json": JSON, "tsv": TSV}
    response_handlers = {JSON: JSONHandler(JSONReport()), TSV: TSVHandler(TSVReport())}
    default_accept_mimetype = JSON
    error_handlers = HANDLERS


class SushiResource(Resource):
    """Answer harvesters."""

    decorators = [with_format]

    def create_url_rules(self) -> list[dict[str, Any]]:
        """Return the routes that the Code of Practice demands (CoP RD table 11.1)."""
        routes = self.config.routes
        return [
            route("GET", routes["status"], self.status, apply_decorators=False),
            route("GET", routes["reports"], self.reports, apply_decorators=False),
            route("GET", routes["report"], self.report),
        ]

    def status(self) -> Response:
        """Say that reports can be had."""
        about = f"Usage of the datasets of {reporter().platform}."
        return jsonify({"description": about, "serviceactive": True, "alerts": []})

    def reports(self) -> Response:
        """List the reports that there are."""
        path = invenio_url_for(f"{self.config.blueprint_name}.report", report_id=dsr.ID)
        return jsonify([_listed(path)])

    @response_handler()
    def report(self) -> tuple[Document, int]:
        """Answer with a report, or with the reason why there is none."""
        asked = question.read(request.args.items(multi=True))
        remarks = list(asked.remarks)
        if (request.view_args or {})["report_id"].lower() != dsr.ID:
            remarks.append(NO_REPORT.about(request.view_args["report_id"]))
        if any(remark.ends for remark in remarks):
            return _refused(asked, remarks)
        return _answer(asked, remarks)


def _listed(path: str) -> dict[str, Any]:
    """Return how the report stands in the list of reports."""
    return {
        "report-name": dsr.NAME,
        "report-id": dsr.ID,
        "release": dsr.RELEASE,
        "report-description": "Usage by dataset and month.",
        "path": path,
        "report-filters": [name.replace("_", "-") for name in (*question.DATES, *question.FILTERS)],
        "report-attributes": [question.DETAILS.replace("_", "-")],
    }


def _answer(asked: question.Asked, remarks: list[Remark]) -> tuple[Document, int]:
    """Return a report, whose datasets are read while it is sent."""
    there = available(asked.wanted.period)
    remarks += there.remarks
    found = dsr.datasets(asked.wanted, there.months)
    first = next(found, None)
    if there.months and first is None:
        remarks.append(NO_USAGE.about())
    if first is None:
        return _refused(asked, remarks)
    remarks += caveats(asked.wanted)
    return Document(asked, tuple(remarks), chain([first], found), reporter()), 200


def _refused(asked: question.Asked, remarks: list[Remark]) -> tuple[Document, int]:
    """Return a report without datasets; the gravest reason says with which status."""
    nothing: Iterator[Dataset] = iter(())
    status = max(remark.kind.status for remark in remarks)
    return Document(asked, tuple(remarks), nothing, reporter()), status
