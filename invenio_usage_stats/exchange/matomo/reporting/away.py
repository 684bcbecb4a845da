# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What readers get when numbers cannot be read at the moment, in the shape of other errors."""

from collections.abc import Callable
from typing import Any

from flask import Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, TooManyRequests

from ....resources.errors import ERROR_HANDLERS
from .asked import Asked
from .formats import error_format


def in_format(handler: Callable[[Any], Response]) -> Callable[[Any], Response]:
    """Return a handler that writes what another one tells in the format that is asked for."""

    def handle(error: Exception) -> Response:
        response = handler(error)
        asked = Asked(request.args if _is_too_large(error) else request.values)
        text = error_format(asked).refuse(response.json["message"], asked)
        response.set_data(text.body)
        response.content_type = text.mimetype
        return response

    return handle


def _is_too_large(error: Exception) -> bool:
    """Tell whether a form cannot be read since it is too large."""
    return isinstance(error, RequestEntityTooLarge)


HANDLERS = {error: in_format(handler) for error, handler in ERROR_HANDLERS.items()}
HANDLERS[TooManyRequests] = HANDLERS[HTTPException]
"""All errors that reach the resource; this one by its name, as the application has it, too."""
