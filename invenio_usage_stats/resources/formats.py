# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""In which format to answer: what ``format`` names, else what ``Accept`` prefers."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import request
from flask_resources import resource_requestctx
from flask_resources.errors import MIMETypeNotAccepted

from ..errors import InvalidQueryError

PARAMETER = "format"


def with_format(view: Callable[[], Any]) -> Callable[[], Any]:
    """Choose the response handler of a request before its view is called.

    Raises ``InvalidQueryError`` for an unknown ``format``, ``MIMETypeNotAccepted`` (406) when
    there is nothing that the reader takes.
    """

    @wraps(view)
    def chosen() -> Any:
        config = resource_requestctx.config
        handlers = config.response_handlers
        mimetype = _named(config.formats) or request.accept_mimetypes.best_match(
            [*handlers], None if request.accept_mimetypes else config.default_accept_mimetype
        )
        if mimetype is None:
            raise MIMETypeNotAccepted(allowed_mimetypes=handlers)
        resource_requestctx.accept_mimetype = mimetype
        resource_requestctx.response_handler = handlers[mimetype]
        return view()

    return chosen


def _named(formats: dict[str, str]) -> str | None:
    """Return the type of the format that a request names; none when it names none."""
    names = set(request.args.getlist(PARAMETER))
    if not names:
        return None
    if len(names) > 1:
        raise InvalidQueryError(PARAMETER, "is given more than once.")
    name = names.pop()
    if name not in formats:
        raise InvalidQueryError(PARAMETER, f"{name!r} is not one of {', '.join(formats)}.")
    return formats[name]
