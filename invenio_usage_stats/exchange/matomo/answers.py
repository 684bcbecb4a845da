# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What trackers are answered: as Matomo answers them, to the byte."""

import json
from base64 import b64decode
from typing import NamedTuple

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException

from .parameters import Asked

IMAGE = b64decode("R0lGODlhAQABAIAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")
"""A transparent image of one pixel."""
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
ALLOWED = ", ".join(METHODS)
ABOUT = (
    "This address takes what programs report by the tracking API of Matomo. "
    "Numbers are read from index.php.\n"
)
RETRY = 30
"""Seconds after which to try again when a server is away."""
DAY = 86_400


class Outcome(NamedTuple):
    """Say how many hits were taken, and how many refused."""

    taken: int
    refused: int
    places: list[int] | None
    """Which ones were refused, for those who may know it."""


def answer(request: Request, asked: Asked, outcome: Outcome) -> Response:
    """Return the answer of a request that reports something."""
    if asked.bulk:
        return _bulk(asked, outcome)
    response = Response(IMAGE, 400 if outcome.refused else 200, mimetype="image/gif")
    if not asked.image:
        response = Response(status=204)
    if request.method in ("GET", "HEAD"):
        response.headers["Cache-Control"] = "no-store"
    return response


def _bulk(asked: Asked, outcome: Outcome) -> Response:
    """Return the answer of a bulk request."""
    if not asked.image:
        return Response(status=204)
    told = {"status": "success", "tracked": outcome.taken, "invalid": outcome.refused}
    if outcome.places is not None:
        told["invalid_indices"] = outcome.places
    return Response(json.dumps(told, separators=(",", ":")), mimetype="application/json")


def open_to_all(request: Request, response: Response) -> Response:
    """Let pages of all sites read an answer, except those of plain images."""
    if request.method not in ("GET", "HEAD"):
        origin = request.headers.get("Origin")
        response.headers["Access-Control-Allow-Origin"] = origin or "*"
        response.headers["Access-Control-Allow-Credentials"] = "true"
        response.vary.add("Origin")
    return response


def preflight(request: Request) -> Response:
    """Return the answer to a browser that asks whether a page may report."""
    response = Response(status=204)
    asked = request.headers.get("Access-Control-Request-Headers")
    response.headers["Access-Control-Allow-Methods"] = ALLOWED
    response.headers["Access-Control-Allow-Headers"] = asked or "Content-Type"
    response.headers["Access-Control-Max-Age"] = str(DAY)
    return response


def nothing(status: int) -> Response:
    """Return the answer to a request that reports nothing."""
    return Response(ABOUT, status, mimetype="text/plain")


def refused_method() -> Response:
    """Return the answer to a method that no tracker uses."""
    return Response(status=405, headers={"Allow": ALLOWED})


def refused(error: HTTPException) -> Response:
    """Return the answer to a request that is too large, or broken off."""
    return Response(f"{error.description}\n", error.code, mimetype="text/plain")


def too_many(wait: int) -> Response:
    """Return the answer to somebody who sends too many requests."""
    return Response(status=429, headers={"Retry-After": str(wait)})


def away() -> Response:
    """Return the answer while a server is away: trackers with a queue of their own try again."""
    return Response(status=503, headers={"Retry-After": str(RETRY)})
