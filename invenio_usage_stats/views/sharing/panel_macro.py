# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What templates call to show one panel on a page of the repository."""

from typing import Any

from flask import g, render_template
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from ...errors import UnknownScopeError
from ...proxies import current_usage_stats
from ...services.scopes import resolve_scope
from ..layouts.layout import Appearance
from ..macros import community_id
from ..model.viewmodel import view_model
from .alone import alone, bare


def usage_stats_panel(
    panel: str = "StatsChart",
    community: Any = None,
    parameters: dict[str, str] | None = None,
    level: int = 3,
    **props: Any,
) -> Markup:
    """Return one panel with its styles, for the reader of the page around it.

    ``panel``: the name of a component; ``community``: its UUID or slug, or anything that has
    one; ``parameters``: what the address of a dashboard would say, such as ``{"period": "30d"}``;
    ``level``: that of the heading; ``props``: as in layouts. Nothing is shown to who may not
    read the numbers.
    """
    kind = "community" if community else "global"
    try:
        scope = resolve_scope(g.identity, community_id(community))
    except UnknownScopeError:
        return Markup("")
    service, entry = current_usage_stats.service, {**props, "component": panel}
    appearance = alone(Appearance.of(kind), service.catalog, entry)
    view = bare(view_model(service, scope, appearance, MultiDict(parameters or {})))
    return Markup(render_template("invenio_usage_stats/panel.html", view=view, level=level))
