# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Badges: one number as a small picture, for pages of others."""

from typing import Any

from flask import Response, request
from invenio_i18n import gettext as _

from ...errors import InvalidQueryError
from ...proxies import current_usage_stats
from ...resources.caching import etag, known, not_modified
from ...services.query import ALL, Query
from ...services.scopes import Scope, anonymous
from ..model.format import Formatter, reader_locale
from .picture import Face, answered, locale, picture, public_headers

METRIC = "views"
KEYS = ("level", "locale", "metric", "period", "since", "until")
"""Parameters that are those of the API."""


def badge(path: str) -> Response:
    """Answer with the badge of a scope, given as it stands in addresses."""
    return answered(path, _answer)


def _answer(scope: Scope) -> Response:
    """Return the badge of a scope, or that nothing has changed."""
    service = current_usage_stats.service
    query = _query()
    tag = etag(service.catalog, service.mark(), scope.to_dict(), query, locale())
    headers = public_headers(tag)
    if known(headers):
        return not_modified(headers)
    result = service.totals(anonymous(), scope, query)
    ((id_, total),) = result.metrics.items()
    face = _face(scope, service.metric(id_), total.value)
    return picture(face, 200, headers)


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


def _face(scope: Scope, metric: Any, value: int | None) -> Face:
    """Return a number as a badge shows it."""
    text, label = Formatter(reader_locale()), str(metric.label)
    if value is None:
        return Face(_("%(label)s: withheld", label=label), ((label, _("withheld")),))
    number = text.full(value, metric.unit)
    if scope.title:
        title = _("%(label)s of %(of)s: %(number)s", label=label, of=scope.title, number=number)
    else:
        title = _("%(label)s: %(number)s", label=label, number=number)
    return Face(title, ((label, text.short(value, metric.unit)),))
