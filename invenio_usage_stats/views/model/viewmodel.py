# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The view model: one plain dictionary that the templates and the scripts render alike."""

from datetime import date
from typing import Any

from flask import g
from flask_principal import Identity
from invenio_i18n import gettext as _
from werkzeug.datastructures import MultiDict

from ...catalog import Metric
from ...catalog.base import Basis
from ...errors import InvalidQueryError
from ...services import UsageStatsService
from ...services.scopes import Scope
from ..charts.splitting import series_of
from ..layouts.layout import Appearance, Component, Layout, Row
from ..panels import KINDS, build_panel
from ..panels.context import Context
from ..panels.listing import is_allowed
from . import frame
from .address import Address
from .format import Formatter, reader_locale
from .links import Links, Place
from .numbers import FAILURES, Numbers
from .share import share
from .state import State, read_state
from .switches import pills, switches, tabs


def view_model(
    service: UsageStatsService,
    scope: Scope,
    appearance: Appearance,
    args: MultiDict,
    identity: Identity | None = None,
    place: Place | None = None,
) -> dict[str, Any]:
    """Return everything that a dashboard shows; ``error`` says what is wrong with the URL.

    ``identity``: for whom, if not for the reader; ``place``: where it is, if not on its own page.
    """
    text, reader = Formatter(reader_locale()), identity or g.identity
    address = Address.read(args, appearance.defaults)
    where = place or Place.of(scope)
    model = frame.empty(scope, appearance, where, text)
    try:
        state = _state(service, reader, scope, appearance, address)
        return {**model, **_content(service, reader, scope, state, where, text)}
    except InvalidQueryError as error:
        home = Address(others=address.others, defaults=address.defaults).link()
        return {**model, "error": str(error), "home": home}


def _state(
    service: UsageStatsService,
    identity: Identity,
    scope: Scope,
    appearance: Appearance,
    address: Address,
) -> State:
    """Return what a dashboard shows."""
    layout = panels_of(service, identity, scope, appearance)

    def first_day(basis: Basis) -> date | None:
        return frame.attempted(lambda: service.first_day(scope, basis))

    return read_state(address, layout, service.catalog, appearance.years, first_day)


def panels_of(
    service: UsageStatsService, identity: Identity, scope: Scope, appearance: Appearance
) -> Layout:
    """Return the panels that a reader may see."""
    return appearance.read(service.catalog, lambda name: is_allowed(name, identity, scope))


def _content(
    service: UsageStatsService,
    identity: Identity,
    scope: Scope,
    state: State,
    place: Place,
    text: Formatter,
) -> dict[str, Any]:
    """Return the panels of the chosen tab, with everything they share."""
    numbers = Numbers(service, identity, scope, state)
    links = Links(scope, state, service.may_export(identity, scope))
    context = Context(numbers, state, links, text)
    fresh = frame.attempted(numbers.freshness)
    return {
        "query": state.address.link(),
        "notices": frame.notices(context, fresh),
        "tabs": tabs(context),
        "pills": pills(context),
        "clear": state.address.link(filter=(), page=None) if state.address.filter else None,
        "switches": switches(context),
        "metric": state.metric,
        "default_metric": state.default_metric,
        "head": _rows(context, state.head.rows, "head"),
        "rows": _rows(context, _shown(state), "row"),
        "series": _series(context),
        "share": share(context, place),
        "foot": frame.foot(context, fresh),
        "status": frame.status(context),
    }


def _shown(state: State) -> list[Row]:
    """Return the rows of the tab, or of the page of all rows of a table."""
    return [Row("table", [state.table])] if state.table else state.tab.rows


def _rows(context: Context, rows: list[Row], name: str) -> list[dict[str, Any]]:
    """Return rows with their panels."""
    return [
        {"id": f"{n}-{row.name}", "panels": _panels(context, row, f"{name}-{n}")}
        for n, row in enumerate(rows)
    ]


def _panels(context: Context, row: Row, name: str) -> list[dict[str, Any]]:
    """Return the panels of a row."""
    known: list[Component] = [one for one in row.components if one.kind in KINDS]
    return [build_panel(context, one, f"p-{name}-{n}") for n, one in enumerate(known)]


def _series(context: Context) -> dict[str, Any]:
    """Return the series by metric, without those that have no answer."""
    found = {}
    for metric in context.numbers.charted:
        series = _attempted(context, metric)
        if series is not None:
            found[metric.id] = series
    return found


def _attempted(context: Context, metric: Metric) -> dict[str, Any] | None:
    """Return a series; none without an answer, which its panel explains."""
    try:
        return series_of(context, metric)
    except FAILURES:
        return None


def unavailable(scope: Scope, appearance: Appearance) -> dict[str, Any]:
    """Return a dashboard that says that there are no numbers for this reader."""
    text = Formatter(reader_locale())
    model = frame.empty(scope, appearance, Place(), text)
    sentence = _("These statistics are not available.")
    return {**model, "notices": [{"kind": "info", "text": sentence}]}
