# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Parts of which operations are made."""

import re
from collections.abc import Iterable
from typing import Any

from .schemas import ref

ERRORS = {
    400: "A parameter is malformed; the message names it and what is allowed.",
    401: "Sign in: there is no such thing, or it is not for everybody.",
    403: "There is no such thing, or it is not for you.",
    404: "There is no such thing, or it is not for everybody.",
    406: "There is no format that `Accept` takes.",
    415: "The body is no JSON.",
    422: "The question has no exact answer, or it costs too much; the message says why.",
    429: "Too many requests.",
    503: "A server is away; ask again later.",
}
TEXT = {"type": "string"}
SAME = {"description": "Nothing has changed since the answer with this tag."}


def error_responses() -> dict[str, Any]:
    """Return what each error is."""
    body = {"content": {"application/json": {"schema": ref("error")}}}
    return {str(code): {"description": text, **body} for code, text in ERRORS.items()}


def errors(codes: Iterable[int]) -> dict[str, Any]:
    """Return the errors that an operation may answer with."""
    return {str(code): {"$ref": f"#/components/responses/{code}"} for code in codes}


def template(rule: str) -> str:
    """Return a route as a template of addresses."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)


def in_path(name: str, description: str, **schema: Any) -> dict[str, Any]:
    """Return a parameter that is part of the address."""
    schema = {**TEXT, "minLength": 1, **schema}
    said = {"name": name, "description": description, "schema": schema}
    return {**said, "in": "path", "required": True}


def answered(schema: dict[str, Any], config: Any) -> dict[str, Any]:
    """Return what a good answer is, in each format."""
    content = {mimetype: {"schema": TEXT} for mimetype in config.response_handlers}
    content[config.default_accept_mimetype] = {"schema": schema}
    header = {"schema": TEXT, "required": True}
    return {
        "description": "The answer.",
        "headers": {"ETag": header, "Cache-Control": header},
        "content": content,
    }


def data(schema: dict[str, Any], description: str) -> dict[str, Any]:
    """Return what an answer in JSON alone is."""
    return {"description": description, "content": {"application/json": {"schema": schema}}}
