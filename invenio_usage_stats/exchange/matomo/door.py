# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The addresses to which trackers report, answered as Matomo answers them.

They are answered before the application sees the request: there is no session whose cookie could
be set, no check of forms, and no limit of the whole site.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from uuid import uuid4

from flask import Flask
from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException

from ...errors import ConsumerError, RefusedHitError, UnreadableReportError
from ...ledger.models import utc_now
from ...servers import SERVERS
from . import answers
from .answers import Outcome
from .hits import Hit, Message, checked
from .limits import seconds_to_wait
from .parameters import TOKEN, Asked, asked, safe
from .rights import trust_in
from .scrubbing import scrub
from .sending import send
from .sites import Site, site_of

NAMES = ("matomo.php", "piwik.php")
AHEAD = ("prefetch", "preview")
"""How browsers say that nobody has asked for what they load."""
PURPOSES = ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz")
LONGEST_SITE = 11
"""No number of a site has so many digits."""
Environment = dict[str, Any]


class Door:
    """Answer trackers while they are wanted, and hand all other requests on."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._next = app.wsgi_app

    def __call__(self, environ: Environment, start_response: Callable) -> Iterable[bytes]:
        """Answer one request."""
        if not self._is_ours(environ.get("PATH_INFO", "")):
            return self._next(environ, start_response)
        request = Request(environ)
        request.max_content_length = self._app.config["USAGE_STATS_MATOMO_MAX_BYTES"]
        try:
            with self._app.app_context():
                response = self._answer(request)
        finally:
            scrub(environ)
        return answers.open_to_all(request, response)(environ, start_response)

    def _is_ours(self, path: str) -> bool:
        """Tell whether a path is one to which trackers report."""
        if not path.endswith(NAMES) or not self._app.config["USAGE_STATS_MATOMO"]:
            return False
        prefix = self._app.config["USAGE_STATS_MATOMO_PREFIX"].rstrip("/")
        return path in [f"{prefix}/{name}" for name in NAMES]

    def _answer(self, request: Request) -> Response:
        """Return what a request is answered."""
        if request.method not in answers.METHODS:
            return answers.refused_method()
        if request.method == "OPTIONS":
            return answers.preflight(request)
        try:
            if wait := seconds_to_wait(request.remote_addr or ""):
                return answers.too_many(wait)
            return _taken(request)
        except HTTPException as error:
            return answers.refused(error)
        except UnreadableReportError:
            return answers.nothing(400)
        except (ConsumerError, *SERVERS) as error:
            self._app.logger.error("Usage statistics: a report could not be kept: %s", error)
            return answers.away()


def finalize_app(app: Flask) -> None:
    """Put the door before an application."""
    app.wsgi_app = Door(app)


def _taken(request: Request) -> Response:
    """Return the answer of what a request reports, once the broker has it."""
    wanted = asked(request)
    if not wanted.hits:
        bare = request.method in ("GET", "HEAD") and not wanted.bulk
        return answers.nothing(200 if bare else 400)
    outcome, message = _checked(request, wanted)
    send(message)
    return answers.answer(request, wanted, outcome)


def _checked(request: Request, wanted: Asked) -> tuple[Outcome, Message]:
    """Return which hits are refused, and what is sent of all."""
    message = _message(request)
    known, trusted = cache(_site), cache(trust_in)
    refused: list[int] = []
    reasons: Counter[str] = Counter()
    hits: list[Hit] = []
    for place, told in enumerate(wanted.hits):
        trust = trusted(wanted.token or told.get(TOKEN, ""))
        try:
            hits.append(checked(told, message.at, known, trust))
        except RefusedHitError as error:
            refused.append(place)
            reasons[error.reason] += 1
    message.hits, message.refused = hits, dict(reasons)
    shown = refused if trusted(wanted.token).manager else None
    return Outcome(len(hits), len(refused), shown), message


def _message(request: Request) -> Message:
    """Return what is sent of a request besides its hits."""
    purposes = " ".join(request.headers.get(name, "") for name in PURPOSES).lower()
    return Message(
        uuid4().hex,
        utc_now(),
        request.remote_addr or "",
        safe(request.headers.get("User-Agent", "")),
        safe(request.headers.get("Referer", "")),
        any(word in purposes for word in AHEAD),
    )


def _site(text: str) -> Site | None:
    """Return the site that a parameter names."""
    number = text.lstrip("0")
    if not (number.isascii() and number.isdecimal() and len(number) < LONGEST_SITE):
        return None
    return site_of(int(number))
