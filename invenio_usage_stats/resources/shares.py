# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Share links: made, listed and revoked by whoever manages a scope, opened by anybody."""

from datetime import timedelta
from typing import Any

from flask import Response, g, jsonify, request
from flask_resources import (
    Resource,
    request_body_parser,
    resource_requestctx,
    response_handler,
    route,
)
from invenio_base import invenio_url_for

from ..errors import InvalidQueryError, ShareError
from ..services import shares
from ..services.models import Share
from ..services.scopes import anonymous
from ..services.service import UsageStatsService
from .answering import answer
from .config import SharesResourceConfig
from .formats import with_format
from .links import shared_page
from .questions import Question
from .serializers.answer import Answer
from .sharing import read_wish

SCOPE = "scope"


class SharesResource(Resource):
    """Manage and open share links."""

    decorators = [with_format]

    def __init__(self, config: SharesResourceConfig, service: UsageStatsService) -> None:
        super().__init__(config)
        self.service = service

    def create_url_rules(self) -> list[dict[str, Any]]:
        """Return the routes."""
        routes = self.config.routes
        return [
            route("POST", routes["shares"], self.create, apply_decorators=False),
            route("GET", routes["shares"], self.search, apply_decorators=False),
            route("DELETE", routes["share"], self.revoke, apply_decorators=False),
            route("GET", routes["shared"], self.open),
        ]

    @request_body_parser()
    def create(self) -> tuple[Response, int]:
        """Make a link."""
        wish = read_wish(resource_requestctx.data, self.config.questions, self.service.catalog)
        self._ask(wish)
        lifetime = timedelta(days=wish["days"])
        made = shares.create(
            g.identity, wish["scope"], wish["question"], wish["parameters"], lifetime
        )
        return jsonify(self._shown(made)), 201

    def _ask(self, wish: dict[str, Any]) -> None:
        """Ask what a link will ask, so that none is made that can never be answered."""
        scope = shares.manageable(g.identity, wish["scope"])
        question = Question(wish["question"], "", wish["parameters"])
        query = question.query(self.service.catalog, whole=False)
        getattr(self.service, question.name)(anonymous(), scope, query)

    def search(self) -> Response:
        """List the links of a scope."""
        if set(request.args) != {SCOPE}:
            raise InvalidQueryError(SCOPE, "must be given, and nothing else.")
        found = shares.shares_of(g.identity, request.args[SCOPE])
        hits = [self._shown(share) for share in found]
        return jsonify({"hits": {"hits": hits, "total": len(hits)}})

    def revoke(self) -> tuple[str, int]:
        """Make a link invalid."""
        shares.revoke(g.identity, (request.view_args or {})["share_id"])
        return "", 204

    @response_handler()
    def open(self) -> tuple[Answer | Response, int]:
        """Answer the question of a link as everybody may read it."""
        share, scope = shares.opened((request.view_args or {})["token"])
        if share.question == shares.VIEW:
            raise ShareError
        pairs = list(request.args.items(multi=True))
        for name, _ in pairs:
            if name not in self.config.open_parameters:
                allowed = ", ".join(self.config.open_parameters)
                raise InvalidQueryError(name, f"is not one of {allowed}: the link says the rest.")
        fixed = [(name, value) for name, value in share.parameters]
        question = Question(share.question, self._address(share), pairs, fixed)
        return answer(self.service, anonymous(), scope, question, public=False)

    def _address(self, share: Share) -> str | None:
        """Return the link of a share; none for a view whose page there is not any more."""
        if share.question == shares.VIEW:
            return shared_page(share.scope, shares.token(share))
        return invenio_url_for(f"{self.config.blueprint_name}.open", token=shares.token(share))

    def _shown(self, share: Share) -> dict[str, Any]:
        """Return a share with its links."""
        own = invenio_url_for(f"{self.config.blueprint_name}.revoke", share_id=share.id)
        links = {"self": own, "shared": self._address(share)}
        known = {name: link for name, link in links.items() if link is not None}
        return {**shares.to_dict(share), "links": known}
