# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a reader can take along: links to a view, files, and commands that ask for the same."""

from typing import Any

from flask import current_app

from ...resources.links import with_pairs
from ...resources.snippets import snippets
from ..panels.chart import series_pairs
from ..panels.context import Context
from .links import Place

LABELS = {"curl": "curl", "python": "Python", "r": "R"}


def share(context: Context, place: Place) -> dict[str, Any]:
    """Return the links of a view; relative periods stay relative unless they are fixed."""
    state, scope = context.state, context.links.scope
    query = state.address.link()
    filters = [("filter", one) for one in state.address.filter]
    fixed = state.address.fixed(*(day.isoformat() for day in state.period.bounds))
    links = context.links.of_question("series", series_pairs(context))
    embedding = current_app.config.get("USAGE_STATS_EMBED_ENABLED") and scope.public
    commands = snippets(links["api"], private=not scope.public)
    return {
        "href": query,
        "fixed": fixed,
        "api": links["api"],
        "csv": links.get("csv"),
        "xlsx": links.get("xlsx"),
        "workbook": place.beside("workbook", query) if context.links.files else None,
        "embed": place.beside("embed", query) if embedding else None,
        "report": place.beside("report", with_pairs("", filters)),
        "share_links": place.beside("share", query),
        "snippets": [{"label": LABELS[name], "text": text} for name, text in commands.items()],
    }
