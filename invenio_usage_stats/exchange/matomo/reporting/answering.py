# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Requests and their answers."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from flask import Response, abort, request
from werkzeug.datastructures import MultiDict

from ....errors import MatomoError
from ....resources.limits import count_request
from .asked import Asked
from .call import Call
from .formats import Text, error_format, format_of
from .methods import method_of
from .visibility import TOKEN

MODULE, API = "module", "API"
BULK = "API.getBulkRequest"
MOST = 100
"""So many questions one request may ask."""
_URL = re.compile(r"urls\[(\d{0,4})\]", re.ASCII)
INHERITED = (TOKEN,)
"""What the single questions have of the request around them, unless they have their own."""


def answer() -> Response:
    """Answer a request: one question, or several of them."""
    asked = Asked(request.values)
    if asked.optional(MODULE) != API:
        abort(404)
    try:
        wanted = format_of(asked)
        return _response(wanted.render(_answered(asked), asked))
    except MatomoError as error:
        return _response(error_format(asked).refuse(str(error), asked), error.status)


def _response(text: Text, status: int = 200) -> Response:
    """Return the response with a text."""
    response = Response(text.body, status, content_type=text.mimetype)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if text.file:
        response.headers.set("Content-Disposition", "attachment", filename=text.file)
    return response


def _answered(asked: Asked) -> Any:
    """Return the answer to one question, or to several."""
    name = asked.optional("method")
    if not name:
        raise MatomoError(
            "The parameter 'method' isn't set in the Request, and a default value wasn't provided."
        )
    return list(_each(asked)) if name == BULK else method_of(name)(Call(asked))


def _each(asked: Asked) -> Iterator[Any]:
    """Yield the answers to several questions; an error is an answer as others are."""
    urls = _urls(asked)
    if len(urls) > MOST:
        raise MatomoError(f"At most {MOST} questions can be asked at once.")
    for _ in urls[1:]:
        count_request()
    given = {name: asked.optional(name) for name in INHERITED}
    for url in urls:
        own = parse_qsl(url.removeprefix("?"), max_num_fields=MOST)
        single = Asked(MultiDict({**given, **dict(own)}))
        try:
            if single.optional("method") == BULK:
                raise MatomoError("Several questions cannot be asked within several questions.")
            yield _answered(single)
        except MatomoError as error:
            yield {"result": "error", "message": str(error)}


def _urls(asked: Asked) -> list[str]:
    """Return the questions in the order of their numbers; those without one come last."""
    found = []
    for name in asked.values:
        match = _URL.fullmatch(name)
        if match is not None:
            place = int(match[1]) if match[1] else 10_000
            found += [(place, url) for url in asked.values.getlist(name)]
    return [url for _, url in sorted(found, key=lambda one: one[0])]
