# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Addresses of pages, as scopes and as links."""

from urllib.parse import urljoin

from flask import request

from ..ledger.history import GLOBAL
from ..services.scopes import PATHS


def scope_name(community: str | None) -> str:
    """Return the scope that a page is about, as ``resolve_scope`` takes it."""
    return f"{PATHS['community']}/{community}" if community else GLOBAL


def dashboard_url(part: str) -> str:
    """Return the whole address of the dashboard beside which the requested page is.

    ``part``: what the requested page adds to the dashboard's address.
    """
    return request.base_url.rstrip("/").removesuffix(f"/{part}")


def whole(url: str, link: str | None) -> str | None:
    """Return the whole address of a link on the page that has an address."""
    return urljoin(url, link) if link is not None else None
