# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The resource: reports by user, and what is stored of the caller."""

from collections.abc import Iterator
from typing import Any

from flask import g, request
from flask_resources import response_handler, route
from werkzeug.datastructures import MultiDict

from ....errors import UnknownScopeError
from ....resources.formats import PARAMETER
from ....resources.links import without
from ....services.permissions import allows
from ....services.scopes import OWN
from ..asked import ALIASES, KINDS, Asked
from ..config import ReportsResourceConfig
from ..report import Report
from ..resource import NAME, ReportsResource
from ..rights import right_to
from ..who import People
from . import store
from .rows import BY_USER, COLUMNS, OWN_USE, by_user


class UsersResourceConfig(ReportsResourceConfig):
    """Say where reports by user are answered, in the formats of all reports."""

    blueprint_name = "usage_stats_reports_users"
    url_prefix = "/reports"
    routes = {
        "kind": f"/metrics/<any({','.join(kind + BY_USER for kind in (*KINDS, *ALIASES))}):kind>",
        "own": f"/{OWN_USE}",
    }


class UsersResource(ReportsResource):
    """Answer who used what, and show and erase what is stored of the caller."""

    def create_url_rules(self) -> list[dict[str, Any]]:
        """Return the routes."""
        routes = self.config.routes
        return [
            route("GET", routes["kind"], self.read, endpoint="kind"),
            route("GET", routes["own"], self.own, endpoint="own"),
            route("DELETE", routes["own"], self.erase, endpoint="erase", apply_decorators=False),
        ]

    @response_handler()
    def read(self) -> tuple[Report, int]:
        """Report who used one kind of things."""
        named = (request.view_args or {})["kind"].removesuffix(BY_USER)
        kind = ALIASES.get(named, named)
        given = list(request.args.items(multi=True))
        asked = Asked.read((kind,), MultiDict(without(given, PARAMETER)))
        people = People(g.identity, right_to(g.identity, asked.scope).scope)
        found = (one.cells for one in by_user(g.identity, asked, people))
        return Report(f"{NAME}-{kind}{BY_USER}", COLUMNS, found, asked), 200

    @response_handler()
    def own(self) -> tuple[Report, int]:
        """Report everything that is stored of the caller."""
        return Report(OWN_USE, store.STORED, _stored(_caller()), Asked(kinds=KINDS)), 200

    def erase(self) -> tuple[str, int]:
        """Delete everything that is stored of the caller."""
        store.erase(_caller())
        return "", 204


def _caller() -> int:
    """Return the caller's user; raise ``UnknownScopeError`` for who is not signed in."""
    if not allows(g.identity, "read_own"):
        raise UnknownScopeError(OWN)
    return int(g.identity.id)


def _stored(user: int) -> Iterator[tuple[Any, ...]]:
    """Yield what is stored of a user, in the order of the columns."""
    return (tuple(row[name] for name in store.STORED) for row in store.stored_of(user))
