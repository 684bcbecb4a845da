# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Compact cards, for landing pages of records and front pages of communities.

The page holds a place and a link; the numbers are asked for afterwards. So they never delay or
break the page around them, and nobody counts for robots, who fetch landing pages all day.
"""

from typing import Any

from flask import Response, current_app, g, make_response, render_template
from werkzeug.datastructures import MultiDict

from ...catalog.base import BESIDE
from ...config import STATS_DASHBOARD_LAYOUT
from ...errors import UnknownScopeError
from ...proxies import current_usage_stats
from ...resources.caching import cache_headers, etag, known, not_modified
from ...services.scopes import PATHS, Scope, community_scope, record_scope, resolve_scope
from ..layouts.layout import Appearance
from ..model.address import NO_COMPARISON
from ..model.format import reader_locale
from ..model.links import Place
from ..model.numbers import AWAY
from ..model.viewmodel import view_model

TEMPLATE = "invenio_usage_stats/card.html"
LAYOUT = "card"
SCOPES = {"community": community_scope, "record": record_scope}


def card(path: str) -> Response:
    """Answer with the numbers of a card, of a scope as it stands in addresses."""
    try:
        return _answer(resolve_scope(g.identity, path))
    except UnknownScopeError:
        return _nothing(404)
    except AWAY as error:
        current_app.logger.error("A card could not be made (%s).", path, exc_info=error)
        return _nothing(503)


def _answer(scope: Scope) -> Response:
    """Return the card of a scope, or that nothing has changed."""
    service = current_usage_stats.service
    seen = service.visibility(g.identity, scope)
    tag = etag(service.catalog, service.mark(), scope.to_dict(), seen, str(reader_locale()))
    headers = cache_headers(tag, public=scope.public)
    if known(headers):
        return not_modified(headers)
    view = view_model(service, scope, _appearance(), MultiDict())
    every = [panel for row in view["rows"] for panel in row["panels"]]
    panels = [{**panel, "notes": []} for panel in every if _says_anything(panel)]
    shown = {"panels": panels, "series": view["series"], "kind": scope.kind}
    return make_response(render_template(TEMPLATE, **shown), headers)


def _says_anything(panel: dict[str, Any]) -> bool:
    """Tell whether a number is worth its place: most records have none that is reported."""
    metric = current_usage_stats.service.catalog.metrics.get(panel.get("metric"))
    return metric is None or metric.family not in BESIDE or bool(panel.get("value"))


def _nothing(status: int) -> Response:
    """Return an empty card, never to be kept."""
    return Response("", status, {"Cache-Control": "no-store"})


def _appearance() -> Appearance:
    """Return what cards show; sites that compose their pages need not mention cards."""
    layouts = current_app.config["STATS_DASHBOARD_LAYOUT"]
    layout = layouts.get(LAYOUT) or STATS_DASHBOARD_LAYOUT[LAYOUT]
    return Appearance({"compare": NO_COMPARISON}, layout)


def macro_card(community: Any = None, record: Any = None) -> dict[str, str] | None:
    """Return where the numbers of a card are, and the page that it leads to.

    Of a community or a record, as an item of its service or by its id. Nothing where cards are
    switched off, or where the reader may not see the numbers.
    """
    kind, value = ("record", record) if record else ("community", community)
    if kind not in current_app.config["USAGE_STATS_CARDS"] or not value:
        return None
    try:
        scope = _scope(kind, value)
    except UnknownScopeError:
        return None
    place = Place.of(scope)
    url = place.beside("card")
    return {"kind": kind, "href": place.url, "url": url} if place.url and url else None


def _scope(kind: str, value: Any) -> Scope:
    """Return the scope of an item of a service, which its reader has read already, or of an id."""
    if hasattr(value, "_record"):
        return SCOPES[kind](g.identity, value)
    id_ = value.get("id") or value.get("slug") if isinstance(value, dict) else value
    return resolve_scope(g.identity, f"{PATHS[kind]}/{id_}")
