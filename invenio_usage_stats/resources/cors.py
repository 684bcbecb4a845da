# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Whether pages of other sites may ask, for statistics that are open anyway."""

from flask import Response, current_app, request

ANY = "*"
EXPOSED = (
    "Content-Disposition, ETag, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, "
    "X-RateLimit-Reset"
)


def allow_origins(response: Response) -> Response:
    """Let pages of the configured origins read an answer.

    Credentials are never allowed, so a page of another site sees what visitors see. What the
    instance itself has configured (``REST_ENABLE_CORS``) stays as it is.
    """
    allowed = current_app.config["USAGE_STATS_CORS_ORIGINS"]
    origin = request.headers.get("Origin")
    if not allowed or "Access-Control-Allow-Origin" in response.headers:
        return response
    if ANY in allowed:
        response.headers["Access-Control-Allow-Origin"] = ANY
    else:
        response.vary.add("Origin")
        if origin not in allowed:
            return response
        response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
    return response
