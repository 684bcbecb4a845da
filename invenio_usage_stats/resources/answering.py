# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""From a question to what is sent: asked of the service unless the reader has it already."""

from flask import Response
from flask_principal import Identity
from flask_resources import resource_requestctx
from invenio_i18n import get_locale

from ..errors import UnknownScopeError
from ..services.query import Query
from ..services.scopes import Scope
from ..services.service import PUBLIC, UsageStatsService
from .caching import NOT_MODIFIED, cache_headers, etag, known, not_modified
from .config import JSON
from .links import answer_links
from .questions import Question
from .serializers.answer import Answer


def answer(
    service: UsageStatsService,
    identity: Identity,
    scope: Scope,
    question: Question,
    *,
    public: bool,
) -> tuple[Answer | Response, int]:
    """Return the answer of a question, or that nothing has changed.

    ``scope``: one that this identity may read. ``public``: everybody may read this answer.
    """
    whole = resource_requestctx.accept_mimetype != JSON
    if whole and not service.may_export(identity, scope):
        raise UnknownScopeError(scope.path)
    query = question.query(service.catalog, whole=whole)
    headers = _headers(service, identity, scope, question, query, public=public)
    if known(headers):
        return not_modified(headers), NOT_MODIFIED
    result = getattr(service, question.name)(identity, scope, query)
    links = answer_links(question, scope, resource_requestctx.config.formats, result)
    return Answer(question.name, result, links, headers, service.catalog), 200


def _headers(
    service: UsageStatsService,
    identity: Identity,
    scope: Scope,
    question: Question,
    query: Query,
    *,
    public: bool,
) -> dict[str, str]:
    """Return the headers about keeping an answer: its tag holds all that it depends on."""
    visibility = service.visibility(identity, scope)
    tag = etag(
        service.catalog,
        service.mark(),
        visibility,
        scope.to_dict(),
        question,
        query,
        str(get_locale()),
        resource_requestctx.accept_mimetype,
    )
    return cache_headers(tag, public and visibility == PUBLIC)
