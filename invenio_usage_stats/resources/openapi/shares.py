# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Share links."""

from collections.abc import Iterable
from typing import Any

from ...services.shares import VIEW
from .parts import SAME, answered, data, errors, in_path, template
from .schemas import ADDRESS, MOMENT, TEXT, WHOLE, Schema, choice, having, many, ref

MANAGING = (400, 401, 403, 415, 429, 503)
OPENING = (400, 403, 406, 422, 429, 503)


def share_paths(config: Any) -> dict[str, Any]:
    """Return the addresses of share links."""
    routes = {name: config.url_prefix + template(rule) for name, rule in config.routes.items()}
    return {
        routes["shares"]: {"get": _search(), "post": _create()},
        routes["share"]: {"delete": _revoke()},
        routes["shared"]: {"get": _open(config)},
    }


def share_schemas(questions: Iterable[str]) -> dict[str, Schema]:
    """Return what a link is, and what must be said to get one."""
    asked = choice(questions)
    values = {"anyOf": [TEXT, many(TEXT)]}
    wish = having(
        {
            "parameters": {"type": "object", "additionalProperties": values},
            "days": {"type": "integer", "minimum": 1},
        },
        scope={**TEXT, "minLength": 1},
        question=asked,
    )
    share = having(
        id=TEXT,
        scope=TEXT,
        question=choice([*questions, VIEW]),
        parameters=many(many(TEXT)),
        created=MOMENT,
        expires=MOMENT,
        links=having({"shared": ADDRESS}, self=ADDRESS),
    )
    return {"share": share, "share_wish": wish}


def _search() -> dict[str, Any]:
    """Return the list of a scope's links."""
    scope = {"name": "scope", "in": "query", "required": True, "schema": TEXT}
    hits = having(hits=having(hits=many(ref("share")), total=WHOLE))
    return {
        "operationId": "shares_search",
        "summary": "The share links of a scope that are valid",
        "parameters": [scope],
        "responses": {"200": data(hits, "The links."), **errors(MANAGING)},
    }


def _create() -> dict[str, Any]:
    """Return the making of a link."""
    body = {"application/json": {"schema": ref("share_wish")}}
    return {
        "operationId": "shares_create",
        "summary": "Make a share link",
        "requestBody": {"required": True, "content": body},
        "responses": {"201": data(ref("share"), "The link."), **errors((*MANAGING, 422))},
    }


def _revoke() -> dict[str, Any]:
    """Return the end of a link."""
    return {
        "operationId": "shares_revoke",
        "summary": "Revoke a share link",
        "parameters": [in_path("share_id", "The id of the link.", format="uuid")],
        "responses": {
            "204": {"description": "The link is not valid any more."},
            "404": {"description": "The id is malformed."},
            **errors(MANAGING),
        },
    }


def _open(config: Any) -> dict[str, Any]:
    """Return the answer of a link."""
    known = [{"$ref": f"#/components/parameters/{name}"} for name in config.open_parameters]
    answer = {"anyOf": [ref(question) for question in config.questions]}
    return {
        "operationId": "shares_open",
        "summary": "The answer that a share link shows",
        "parameters": [in_path("token", "The end of the link."), *known],
        "responses": {"200": answered(answer, config), "304": SAME, **errors(OPENING)},
    }
