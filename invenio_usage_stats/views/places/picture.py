# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""How badges look, and how they are answered with.

Pictures are asked for without a session and kept by caches, so badges show what everybody may
read and nothing else, whoever asks.
"""

import unicodedata
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from babel import Locale
from babel.core import UnknownLocaleError
from flask import Response, current_app, render_template, request, session
from invenio_i18n import force_locale
from invenio_i18n import gettext as _
from werkzeug.http import quote_etag

from ...errors import InvalidQueryError, UnanswerableError, UnknownScopeError
from ...services.scopes import Scope, anonymous, resolve_scope
from ..model.format import reader_locale
from ..model.numbers import AWAY

TEMPLATE = "invenio_usage_stats/badge.svg"
TYPE = "image/svg+xml"
LEAST = timedelta(minutes=5)
"""How long caches may keep a badge at least."""

CHARACTER, NARROW, BROAD, SQUARE = 7.0, 4.0, 10.0, 11.5
"""Widths of characters at a size of 11 units."""
PADDING = 6.0


class Face(NamedTuple):
    """Be what a badge shows: short texts by twos, and one sentence for all readers."""

    title: str
    cells: tuple[tuple[str, str], ...]
    """Labels with their values."""


def answered(path: str, make: Callable[[Scope], Response]) -> Response:
    """Answer with the badge that is made of a scope, given as it stands in addresses.

    What does not exist and what is not for everybody answer alike.
    """
    with force_locale(locale()):
        response = _made(path, make)
    # a cache that everybody uses must not keep the cookie of a new session
    session.modified = False
    return response


def _made(path: str, make: Callable[[Scope], Response]) -> Response:
    """Return the badge of a scope, or a badge that says why there is no number."""
    try:
        return make(resolve_scope(anonymous(), path))
    except UnknownScopeError:
        return _refusal(_("not available"), 404)
    except InvalidQueryError as error:
        return _refusal(_("wrong address"), 400, str(error))
    except UnanswerableError as error:
        return _refusal(_("not available"), 422, str(error))
    except AWAY as error:
        current_app.logger.error("A badge could not be made.", exc_info=error)
        return _refusal(_("not available"), 503)


def locale() -> Locale:
    """Return the language that the address names, else that of the request."""
    try:
        return Locale.parse(request.args.get("locale", ""), sep="-")
    except (UnknownLocaleError, ValueError):
        return reader_locale()


def public_headers(tag: str) -> dict[str, str]:
    """Return the headers of a badge, which any cache may keep."""
    age: timedelta = max(LEAST, current_app.config["USAGE_STATS_PUBLIC_CACHE"])
    return {
        "ETag": quote_etag(tag, weak=True),
        "Cache-Control": f"public, max-age={int(age.total_seconds())}",
        "Vary": "Accept-Language",
    }


def _refusal(value: str, status: int, reason: str = "") -> Response:
    """Return a badge without a number, never to be kept."""
    label = _("Statistics")
    face = Face(reason or f"{label}: {value}", ((label, value),))
    return picture(face, status, {"Cache-Control": "no-store"})


def picture(face: Face, status: int, headers: dict[str, str]) -> Response:
    """Return a badge as SVG."""
    texts = [(text, width_of(text)) for cell in face.cells for text in cell]
    body = render_template(TEMPLATE, title=face.title, texts=texts, padding=PADDING)
    return Response(body, status, headers, mimetype=TYPE)


def width_of(text: str) -> float:
    """Return about how wide a text is; readers' fonts are stretched to it."""
    return round(sum(map(_width, text)), 1)


def _width(character: str) -> float:
    """Return about how wide a character is."""
    if unicodedata.east_asian_width(character) in "WF":
        return SQUARE
    if character in "fijlrtI.,:;'|!() " or character.isspace():
        return NARROW
    return BROAD if character in "mwMW%@" else CHARACTER
