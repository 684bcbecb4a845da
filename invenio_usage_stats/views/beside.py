# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The pages beside each dashboard: its report, its panels for other sites, and its share links."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask.blueprints import BlueprintSetupState

from .reports.report import report
from .sharing.embed import embed
from .sharing.framing import Framed
from .sharing.pages import share, shared
from .sharing.workbook import workbook

KINDS = ("global", "community")
"""The types of dashboards that have these pages."""


class Part(NamedTuple):
    """Be a page beside a dashboard: what its address adds to the dashboard's, and its view."""

    path: str
    view: Callable[..., Any]
    methods: tuple[str, ...] = ("GET",)


PARTS = {
    "report": Part("report", report),
    "embed": Part("embed", Framed(embed)),
    "share": Part("share", share, ("GET", "POST")),
    "shared": Part("shared/<token>", shared),
    "workbook": Part("workbook", workbook),
}


def add_routes_beside(state: BlueprintSetupState) -> None:
    """Add the pages beside the dashboards that the application has."""
    for kind, route in state.app.config["STATS_DASHBOARD_ROUTES"].items():
        for name, part in PARTS.items() if kind in KINDS else ():
            state.add_url_rule(
                f"{route.rstrip('/')}/{part.path}",
                f"{kind}_{name}",
                part.view,
                methods=part.methods,
                strict_slashes=False,
            )
