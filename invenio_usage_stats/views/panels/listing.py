# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Lists of what has a page of its own: records, files, communities, uploaders."""

from typing import Any

from flask_babel import lazy_pgettext
from flask_principal import Identity

from ...services.permissions import allows
from ...services.scopes import Scope
from ..layouts.layout import Component
from .context import Context
from .ranking import ranked

LABELS = {
    "records": lazy_pgettext("statistics", "Records"),
    "files": lazy_pgettext("statistics", "Files"),
    "communities": lazy_pgettext("statistics", "Communities"),
    "subcommunities": lazy_pgettext("statistics", "Sub-communities"),
    "uploaders": lazy_pgettext("statistics", "Uploaders"),
}
COLUMNS = {
    "records": ("views", "downloads", "traffic"),
    "files": ("downloads", "traffic"),
    "communities": ("records", "views", "downloads"),
    "subcommunities": ("records", "views", "downloads"),
    "uploaders": ("records", "data_volume"),
}
KINDS = {"communities": "global", "subcommunities": "community", "files": "record"}
"""Where a list means something, if it does not everywhere."""


def is_allowed(name: str, identity: Identity, scope: Scope) -> bool:
    """Tell whether a list means something in a scope, and may be read by an identity."""
    if name == "uploaders":
        return scope.kind not in ("record", "user") and allows(identity, "read_uploaders")
    if name == "records":
        return scope.kind != "record"
    return KINDS[name] == scope.kind


def list_panel(context: Context, component: Component) -> dict[str, Any]:
    """Return a list, whose rows lead to pages."""
    name = component.entry
    table = ranked(context, component, COLUMNS[name])
    return table.view(label=str(LABELS[name]), href=lambda _row: None, current=lambda _row: False)
