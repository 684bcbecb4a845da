# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What readers get when there is no answer, and what operators get to read then."""

from collections.abc import Callable, Iterable
from json import JSONDecodeError
from typing import Any

from flask import Response, current_app, request
from flask_login import current_user
from flask_resources import HTTPJSONException
from invenio_search.engine import search
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from ..errors import (
    DatabaseError,
    InvalidQueryError,
    SearchEngineError,
    SetupError,
    ShareError,
    UnanswerableError,
    UnknownScopeError,
)

RETRY_AFTER = 60
"""Seconds after which to ask again when a server is away."""
TOO_MANY = 429


class Problem(HTTPJSONException):
    """Be an answer that tells what is wrong, never to be kept by a cache."""

    def __init__(
        self,
        code: int,
        description: str,
        errors: list[dict[str, Any]] | None = None,
        headers: Iterable[tuple[str, str]] = (),
    ) -> None:
        super().__init__(code=code, description=description, errors=errors)
        self.own_headers = tuple(headers)

    def get_headers(self, environ: Any = None, scope: Any = None) -> list[tuple[str, str]]:
        """Return the headers of the answer."""
        own = [("Cache-Control", "no-store"), *self.own_headers]
        return [*super().get_headers(environ, scope), *own]


def bad_query(error: InvalidQueryError) -> Response:
    """Name the parameter and what is allowed."""
    field = {"field": error.parameter, "messages": [str(error)]}
    return Problem(400, str(error), [field]).get_response()


def unreadable(_error: UnknownScopeError) -> Response:
    """Answer alike for what does not exist and for what this reader may not see."""
    if current_user and current_user.is_authenticated:
        return Problem(403, "You may not read these statistics.").get_response()
    return Problem(401, "Sign in to read these statistics.").get_response()


def unanswerable(error: UnanswerableError) -> Response:
    """Tell why a question has no exact answer."""
    return Problem(422, str(error)).get_response()


def invalid_share(_error: ShareError) -> Response:
    """Answer alike whatever is wrong with a share link."""
    return Problem(403, "This link is not valid, or not any more.").get_response()


def bad_body(_error: Exception) -> Response:
    """Tell that the body of a request is no JSON."""
    return Problem(400, "The body must be JSON.").get_response()


def http_error(error: HTTPException) -> Response:
    """Answer other errors of HTTP in our shape."""
    text = error.description or ""
    if error.code == TOO_MANY:
        text = f"Too many requests: at most {text}."
    return Problem(error.code or 500, text).get_response()


def away(server: str, advice: str) -> Callable[[Exception], Response]:
    """Return a handler for a server that cannot be reached, or that cannot answer."""

    def handler(error: Exception) -> Response:
        current_app.logger.error(
            "Statistics could not be read (%s): %s failed (%s). %s",
            request.path,
            server,
            type(error.__cause__ or error).__name__,
            advice,
        )
        current_app.logger.debug("What failed:", exc_info=error)
        text = "Statistics cannot be read at the moment. Please try again later."
        return Problem(503, text, headers=[("Retry-After", str(RETRY_AFTER))]).get_response()

    return handler


DOCTOR = "Run 'invenio usage-stats doctor'."
SEARCH_ENGINE_AWAY = away("the search engine", f"Check that it runs (SEARCH_HOSTS). {DOCTOR}")
DATABASE_AWAY = away("the database", f"Check that it runs (SQLALCHEMY_DATABASE_URI). {DOCTOR}")
OURS: dict[type[Exception], Callable[[Any], Response]] = {
    InvalidQueryError: bad_query,
    UnknownScopeError: unreadable,
    UnanswerableError: unanswerable,
    ShareError: invalid_share,
    DatabaseError: DATABASE_AWAY,
    SearchEngineError: SEARCH_ENGINE_AWAY,
    SetupError: away("what setup creates", DOCTOR),
}
"""Our own errors, which any API view may raise."""

ERROR_HANDLERS: dict[type[Exception], Callable[[Any], Response]] = {
    **OURS,
    HTTPException: http_error,
    search.exceptions.OpenSearchException: SEARCH_ENGINE_AWAY,
    SQLAlchemyError: DATABASE_AWAY,
    RedisError: away("Redis", "Check that it runs (CACHE_REDIS_URL, RATELIMIT_STORAGE_URI)."),
}
"""All errors that reach our resource."""

BODY_HANDLERS = dict.fromkeys((JSONDecodeError, UnicodeDecodeError, RecursionError), bad_body)
"""What reading a body can raise, too."""
