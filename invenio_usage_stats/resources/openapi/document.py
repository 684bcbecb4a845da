# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The whole document."""

import re
from typing import Any

from flask import current_app

from ... import __version__
from ...catalog import Catalog
from .parameters import DESCRIPTIONS, query_parameters
from .schemas import answer_schemas, error_schema, ref

VERSION = "3.1.0"
ERRORS = {
    400: "A parameter is malformed; the message names it and what is allowed.",
    401: "Sign in: there is no such scope, or not everybody may read it.",
    403: "There is no such scope, or you may not read it.",
    406: "There is no format that `Accept` takes.",
    422: "The question has no exact answer, or it costs too much; the message says why.",
    429: "Too many requests.",
    503: "A server is away; ask again later.",
}
SUMMARIES = {
    "totals": "The numbers of a period",
    "series": "Numbers over time",
    "top": "Rankings",
    "snapshot": "The state at the end of a period",
    "schema": "What can be asked",
    "explain": "How a number came about",
}
SCOPES = {
    "global": "the repository",
    "community": "a community, by UUID or slug",
    "record": "a record",
}


def document(catalog: Catalog, config: Any) -> dict[str, Any]:
    """Return the description of all questions."""
    return {
        "openapi": VERSION,
        "info": {
            "title": "Usage statistics",
            "version": __version__,
            "description": "What a repository and its communities hold, and how it is used.",
        },
        "servers": [{"url": current_app.config["SITE_API_URL"]}],
        "paths": _paths(config),
        "components": {
            "parameters": query_parameters(catalog, config.formats),
            "schemas": {**answer_schemas(catalog), "error": error_schema()},
            "responses": {str(code): _error(text) for code, text in ERRORS.items()},
        },
    }


def _paths(config: Any) -> dict[str, Any]:
    """Return each question of each kind of scope."""
    return {
        f"{config.url_prefix}{_template(config.routes[kind])}/{question}": {
            "get": _operation(kind, question, config)
        }
        for kind in SCOPES
        for question in config.questions
    }


def _template(rule: str) -> str:
    """Return a route as a template of addresses."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)


def _operation(kind: str, question: str, config: Any) -> dict[str, Any]:
    """Return one question of one kind of scope."""
    in_path = [] if kind == "global" else [_scope_id(kind)]
    return {
        "operationId": f"{kind}_{question}",
        "summary": f"{SUMMARIES[question]} of {SCOPES[kind]}",
        "parameters": [*in_path, *({"$ref": f"#/components/parameters/{n}"} for n in DESCRIPTIONS)],
        "responses": {
            "200": _success(question, config),
            "304": {"description": "Nothing has changed since the answer with this tag."},
            **{str(code): {"$ref": f"#/components/responses/{code}"} for code in ERRORS},
        },
    }


def _scope_id(kind: str) -> dict[str, Any]:
    """Return the part of the address that names the scope."""
    return {
        "name": "scope_id",
        "in": "path",
        "required": True,
        "description": f"Which is {SCOPES[kind]}.",
        "schema": {"type": "string", "minLength": 1},
    }


def _success(question: str, config: Any) -> dict[str, Any]:
    """Return what a good answer is, in each format."""
    file = {"schema": {"type": "string"}}
    content = dict.fromkeys(config.response_handlers, file)
    content[config.default_accept_mimetype] = {"schema": ref(question)}
    text = {"schema": {"type": "string"}, "required": True}
    return {
        "description": "The answer.",
        "headers": {"ETag": text, "Cache-Control": text},
        "content": content,
    }


def _error(text: str) -> dict[str, Any]:
    """Return what an error is."""
    return {"description": text, "content": {"application/json": {"schema": ref("error")}}}
