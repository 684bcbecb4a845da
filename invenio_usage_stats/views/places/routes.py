# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What pages of others hold of the statistics: badges and cards, below each dashboard's address."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response
from flask.blueprints import BlueprintSetupState

from ...exchange.datacite.badge import macro_metrics
from ...ledger.history import GLOBAL
from ...services.scopes import PATHS
from .badge import badge
from .cards import card, macro_card
from .world import by_id, world

KINDS = ("global", "community", "record")
PLACES = {"badge.svg": ("badge", badge), "card": ("card", card)}
"""By what an address adds to that of a dashboard: the name of the endpoint and its view."""
MACROS = {
    "usage_stats_card_place": macro_card,
    "usage_stats_data_metrics": macro_metrics,
    "usage_stats_world": world,
    "usage_stats_by_id": by_id,
}
"""What templates call."""


def add_places(state: BlueprintSetupState) -> None:
    """Add badges and cards of the dashboards that the application has."""
    for kind, route in state.app.config["STATS_DASHBOARD_ROUTES"].items():
        for path, (name, view) in PLACES.items() if kind in KINDS else ():
            shown = _of_scope(view, kind)
            state.add_url_rule(f"{route.rstrip('/')}/{path}", f"{kind}_{name}", shown)
    state.app.jinja_env.globals.update(MACROS)


def _of_scope(view: Callable[[str], Response], kind: str) -> Callable[..., Response]:
    """Return the view of the scope that a route's only argument names."""

    @wraps(view)
    def shown(**names: Any) -> Response:
        name = next(iter(names.values()), "")
        return view(f"{PATHS[kind]}/{name}" if kind in PATHS else GLOBAL)

    return shown
