# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Badges: one number as a small picture, for pages of others.

Pictures are asked for without a session and kept by caches, so badges show what everybody may
read and nothing else, whoever asks.
"""

import unicodedata
from datetime import timedelta
from typing import Any, NamedTuple

from babel import Locale
from babel.core import UnknownLocaleError
from flask import Response, current_app, render_template, request, session
from invenio_i18n import force_locale
from invenio_i18n import gettext as _
from werkzeug.http import quote_etag

from ...errors import InvalidQueryError, UnanswerableError, UnknownScopeError
from ...proxies import current_usage_stats
from ...resources.caching import etag, known, not_modified
from ...services.query import ALL, Query
from ...services.scopes import Scope, anonymous, resolve_scope
from ..model.format import Formatter, reader_locale
from ..model.numbers import AWAY

TEMPLATE = "invenio_usage_stats/badge.svg"
TYPE = "image/svg+xml"
METRIC = "views"
KEYS = ("level", "locale", "metric", "period", "since", "until")
"""Parameters that are those of the API."""
LEAST = timedelta(minutes=5)
"""How long caches may keep a badge at least."""

CHARACTER, NARROW, BROAD, SQUARE = 7.0, 4.0, 10.0, 11.5
"""Widths of characters at a size of 11 units."""
PADDING = 6.0


class Face(NamedTuple):
    """Be what a badge shows: two short texts, and one sentence for all readers."""

    label: str
    value: str
    title: str


def badge(path: str) -> Response:
    """Answer with the badge of a scope, given as it stands in addresses.

    What does not exist and what is not for everybody answer alike.
    """
    with force_locale(_locale()):
        response = _badge(path)
    # a cache that everybody uses must not keep the cookie of a new session
    session.modified = False
    return response


def _badge(path: str) -> Response:
    """Return the badge of a scope, or a badge that says why there is no number."""
    try:
        return _answer(resolve_scope(anonymous(), path))
    except UnknownScopeError:
        return _refusal(_("not available"), 404)
    except InvalidQueryError as error:
        return _refusal(_("wrong address"), 400, str(error))
    except UnanswerableError as error:
        return _refusal(_("not available"), 422, str(error))
    except AWAY as error:
        current_app.logger.error("A badge could not be made.", exc_info=error)
        return _refusal(_("not available"), 503)


def _locale() -> Locale:
    """Return the language that the address names, else that of the request."""
    try:
        return Locale.parse(request.args.get("locale", ""), sep="-")
    except (UnknownLocaleError, ValueError):
        return reader_locale()


def _answer(scope: Scope) -> Response:
    """Return the badge of a scope, or that nothing has changed."""
    service = current_usage_stats.service
    query = _query()
    headers = _headers(etag(service.catalog, service.mark(), scope.to_dict(), query, _locale()))
    if known(headers):
        return not_modified(headers)
    result = service.totals(anonymous(), scope, query)
    ((id_, total),) = result.metrics.items()
    face = _face(scope, service.metric(id_), total.value)
    return _picture(face, 200, headers)


def _query() -> Query:
    """Return the question of the address: one metric, of all time unless it says otherwise."""
    catalog = current_usage_stats.service.catalog
    given = {key: request.args.getlist(key) for key in KEYS if key in request.args}
    if not given.keys() & {"period", "since", "until"}:
        given["period"] = [ALL]
    query = Query.read({"metric": [METRIC], **given}, catalog)
    if len(query.metrics) != 1:
        raise InvalidQueryError("metric", "A badge shows one metric.")
    return query


def _headers(tag: str) -> dict[str, str]:
    """Return the headers of a badge, which any cache may keep."""
    age: timedelta = max(LEAST, current_app.config["USAGE_STATS_PUBLIC_CACHE"])
    return {
        "ETag": quote_etag(tag, weak=True),
        "Cache-Control": f"public, max-age={int(age.total_seconds())}",
        "Vary": "Accept-Language",
    }


def _face(scope: Scope, metric: Any, value: int | None) -> Face:
    """Return a number as a badge shows it."""
    text, label = Formatter(reader_locale()), str(metric.label)
    if value is None:
        return Face(label, _("withheld"), _("%(label)s: withheld", label=label))
    number = text.full(value, metric.unit)
    if scope.title:
        title = _("%(label)s of %(of)s: %(number)s", label=label, of=scope.title, number=number)
    else:
        title = _("%(label)s: %(number)s", label=label, number=number)
    return Face(label, text.short(value, metric.unit), title)


def _refusal(value: str, status: int, reason: str = "") -> Response:
    """Return a badge without a number, never to be kept."""
    face = Face(_("Statistics"), value, reason or f"{_('Statistics')}: {value}")
    return _picture(face, status, {"Cache-Control": "no-store"})


def _picture(face: Face, status: int, headers: dict[str, str]) -> Response:
    """Return a badge as SVG."""
    left, right = width_of(face.label), width_of(face.value)
    body = render_template(TEMPLATE, face=face, left=left, right=right, padding=PADDING)
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
