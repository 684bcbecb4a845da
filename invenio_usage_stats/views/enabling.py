# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Switches: which types of dashboards there are, and how menus show them."""

from collections.abc import Mapping
from typing import Any

from flask import abort, current_app, request

from .. import config
from ..resources.links import is_on

TEXT, ORDER = "STATS_DASHBOARD_MENU_TEXT", "STATS_DASHBOARD_MENU_ORDER"
TYPES = ("global", "community")
"""What can be switched off."""


def refuse_what_is_off() -> None:
    """Answer 404 on pages of a type that is switched off; endpoints begin with their type."""
    kind = (request.endpoint or "").rpartition(".")[2].partition("_")[0]
    if not is_on(kind):
        abort(404)


def menu(setting: str, kind: str) -> Any:
    """Return text or order of a type's menu entry; a value alone stands for all types."""
    value = current_app.config[setting]
    if not isinstance(value, Mapping):
        return value
    return value.get(kind, getattr(config, setting)[kind])
