# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""View models as JSON, for pages that change what they show without being loaded anew."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, g, jsonify, request
from invenio_communities.views.decorators import pass_community
from invenio_i18n import get_locale
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.exceptions import NotFound

from ..ledger.history import GLOBAL
from ..proxies import current_usage_stats
from ..resources.caching import cache_headers, etag, known, not_modified
from ..resources.errors import Problem, unreadable
from ..resources.limits import count_request
from ..services import UsageStatsService
from ..services.scopes import Scope, community_scope, resolve_scope
from .hidden import HIDDEN
from .layouts.layout import Appearance
from .model.frame import attempted
from .model.links import Place
from .model.viewmodel import view_model

SALT = "usage-stats-dashboard"


def count_view() -> None:
    """Count a request for a view model as one of the API: it asks as much."""
    if (request.endpoint or "").endswith("_view"):
        count_request()


def answers_json(view: Callable[..., Response]) -> Callable[..., Response]:
    """Let a view answer in JSON what its page answers in HTML, errors included."""

    @wraps(view)
    def answered(**arguments: Any) -> Response:
        try:
            return view(**arguments)
        except HIDDEN as error:
            return unreadable(error)

    return answered


@answers_json
def global_view(token: str | None = None) -> Response:
    """Answer the view model of the repository's dashboard."""
    return answer("global", resolve_scope(g.identity, GLOBAL), token)


@answers_json
@pass_community(serialize=False)
def community_view(pid_value: str, community: Any, token: str | None = None) -> Response:
    """Answer the view model of a community's dashboard."""
    return answer("community", community_scope(g.identity, community), token)


def answer(kind: str, scope: Scope, token: str | None = None) -> Response:
    """Return a view model, or that nothing has changed.

    ``token``: says how the dashboard differs from the configured one, if it does.
    """
    service = current_usage_stats.service
    changes = opened(token) if token else {}
    appearance = Appearance.of(changes.get("kind", kind), changes.get("config"))
    headers = _headers(service, scope, appearance)
    if "ETag" in headers and known(headers):
        return not_modified(headers)
    own = Place.of(scope)
    place = Place(own.kind, own.url, request.path)
    model = view_model(service, scope, appearance, request.args, place=place)
    if model["error"]:
        return Problem(400, model["error"]).get_response()
    response = jsonify(model)
    response.headers.update(headers)
    return response


def _headers(service: UsageStatsService, scope: Scope, appearance: Appearance) -> dict[str, str]:
    """Return the headers about keeping a view model; without numbers it is not kept."""
    mark = attempted(service.mark)
    if mark is None:
        return {"Cache-Control": "no-store"}
    reader = service.visibility(g.identity, scope)
    state = (scope, appearance.ui, appearance.layout, request.full_path, str(get_locale()))
    return cache_headers(etag(service.catalog, mark, reader, *state), public=False)


def _serializer() -> URLSafeSerializer:
    """Return what signs the settings of an embedded dashboard."""
    return URLSafeSerializer(current_app.secret_key, salt=SALT)


def sealed(kind: str, config: dict[str, Any]) -> str:
    """Return the settings of an embedded dashboard as a text for addresses."""
    return _serializer().dumps({"kind": kind, "config": config})


def opened(token: str) -> dict[str, Any]:
    """Return the settings of an embedded dashboard; raise ``NotFound`` for a forged text."""
    try:
        return _serializer().loads(token)
    except BadSignature as error:
        raise NotFound from error
