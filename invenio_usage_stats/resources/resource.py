# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The resource: questions by GET."""

from typing import Any

from flask import Response, current_app, g, jsonify, request
from flask_resources import Resource, response_handler, route
from invenio_base import invenio_url_for
from invenio_base.utils import obj_or_import_string

from ..exchange.switch import is_on
from ..ledger.history import GLOBAL
from ..services.scopes import PATHS, resolve_scope
from ..services.service import UsageStatsService
from .answering import answer
from .caching import cache_headers, etag, known, not_modified
from .config import UsageStatsResourceConfig
from .formats import with_format
from .openapi import document
from .questions import Question
from .serializers.answer import Answer

SCOPES = {kind: f"{path}/{{scope_id}}" for kind, path in PATHS.items()} | {GLOBAL: GLOBAL}
"""How the service calls the scopes of routes."""


class UsageStatsResource(Resource):
    """Answer questions about the repository, a community or a record."""

    decorators = [with_format]

    def __init__(self, config: UsageStatsResourceConfig, service: UsageStatsService) -> None:
        super().__init__(config)
        self.service = service

    def create_url_rules(self) -> list[dict[str, Any]]:
        """Return the routes: each question of each kind of scope, and their description."""
        routes = self.config.routes
        names = f"<any({','.join(self.config.questions)}):question>"
        questions = [
            route("GET", f"{routes[kind]}/{names}", self.read, endpoint=kind) for kind in SCOPES
        ]
        return [*questions, route("GET", routes["openapi"], self.openapi, apply_decorators=False)]

    @response_handler()
    def read(self) -> tuple[Answer | Response, int]:
        """Answer one question."""
        args = request.view_args or {}
        kind = (request.endpoint or "").rpartition(".")[2]
        pairs = list(request.args.items(multi=True))
        question = Question(args["question"], invenio_url_for(request.endpoint, **args), pairs)
        scope = resolve_scope(g.identity, SCOPES[kind].format(**args))
        return answer(self.service, g.identity, scope, question, public=scope.public)

    def openapi(self) -> Response:
        """Describe all questions and answers."""
        catalog = self.service.catalog
        headers = cache_headers(etag(catalog), public=True)
        if known(headers):
            return not_modified(headers)
        response = jsonify(document(catalog, self.config, *_described()))
        response.headers.update(headers)
        return response


def _described() -> list[Any]:
    """Return the configurations of what is described beside questions."""
    kinds = ["SHARES", "REPORTS", "ANNUAL"]
    names = [f"USAGE_STATS_{kind}_RESOURCE_CONFIG" for kind in kinds]
    if is_on():
        names += ["USAGE_STATS_COUNTER_RESOURCE_CONFIG", "USAGE_STATS_COUNTER_SUSHI_CONFIG"]
    return [obj_or_import_string(current_app.config[name]) for name in names]
