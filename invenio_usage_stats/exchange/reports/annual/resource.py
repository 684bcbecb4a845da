# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The resource: annual reports of the repository and of communities."""

from typing import Any

from flask import Response, g, request
from flask_resources import Resource, response_handler, route
from invenio_base import invenio_url_for

from ....resources.answering import answer
from ....resources.formats import with_format
from ....resources.resource import SCOPES
from ....resources.serializers.answer import Answer
from ....services.scopes import resolve_scope
from ....services.service import UsageStatsService
from .config import AnnualResourceConfig
from .figures import AnnualService
from .question import AnnualQuestion


class AnnualResource(Resource):
    """Answer the figures of a year."""

    decorators = [with_format]

    def __init__(self, config: AnnualResourceConfig, service: UsageStatsService) -> None:
        super().__init__(config)
        self.service = AnnualService(service.catalog)

    def create_url_rules(self) -> list[dict[str, Any]]:
        """Return the routes."""
        routes = self.config.routes.items()
        return [route("GET", rule, self.read, endpoint=kind) for kind, rule in routes]

    @response_handler()
    def read(self) -> tuple[Answer | Response, int]:
        """Answer one report."""
        args = request.view_args or {}
        kind = (request.endpoint or "").rpartition(".")[2]
        scope = resolve_scope(g.identity, SCOPES[kind].format(**args))
        where, pairs = invenio_url_for(request.endpoint, **args), request.args.items(multi=True)
        first = self.service.first_day(scope)
        question = AnnualQuestion("annual", where, list(pairs), first_day=first)
        return answer(self.service, g.identity, scope, question, public=scope.public)
