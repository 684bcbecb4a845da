# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The resource: reports of totals by GET."""

from typing import Any

from flask import g, request
from flask_resources import Resource, response_handler, route
from werkzeug.datastructures import MultiDict

from ...resources.formats import PARAMETER, with_format
from ...resources.links import without
from .asked import ALIASES, KINDS, Asked
from .report import Report
from .totals.row import COLUMNS
from .totals.rows import rows

NAME = "metrics"


class ReportsResource(Resource):
    """Answer with totals by file, record and community."""

    decorators = [with_format]

    def create_url_rules(self) -> list[dict[str, Any]]:
        """Return the routes."""
        routes = self.config.routes
        return [
            route("GET", routes["all"], self.read, endpoint="all"),
            route("GET", routes["kind"], self.read, endpoint="kind"),
        ]

    @response_handler()
    def read(self) -> tuple[Report, int]:
        """Report one kind of things, or all of them."""
        named = (request.view_args or {}).get("kind")
        kinds = (ALIASES.get(named, named),) if named else KINDS
        given = list(request.args.items(multi=True))
        asked = Asked.read(kinds, MultiDict(without(given, PARAMETER)))
        name = f"{NAME}-{kinds[0]}" if named else NAME
        return Report(name, COLUMNS, rows(g.identity, asked), asked), 200
