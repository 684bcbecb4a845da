# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The addresses of a dashboard: its page, its JSON, and what the API is asked for the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, url_for
from invenio_base import invenio_url_for
from werkzeug.routing import BuildError

from ...resources.links import with_pairs
from ...services.scopes import Scope
from .state import State

BLUEPRINT = "invenio_usage_stats"
FILES = ("csv", "xlsx")
ARGUMENTS = {"community": "community_id", "record": "record_id"}
"""How routes call what a page is about."""
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Links:
    """Know where the numbers of a state can be asked for."""

    scope: Scope
    state: State
    files: bool
    """Whether the reader may have files."""

    def of_question(self, question: str, pairs: Pairs) -> dict[str, str]:
        """Return the addresses of a question: ``api``, and those of files."""
        url = api_url(self.scope, question)
        wanted = [*self.common(), *pairs]
        found = {"api": with_pairs(url, wanted)}
        if self.files:
            whole = [pair for pair in wanted if pair[0] not in ("page", "size")]
            for name in FILES:
                found[name] = with_pairs(url, [*whole, ("format", name)])
        return found

    def common(self) -> list[tuple[str, str]]:
        """Return the parameters that all questions of a page have."""
        address = self.state.address
        found = []
        if address.by_days:
            bounds = self.state.period.bounds
            found = [(k, d.isoformat()) for k, d in zip(("since", "until"), bounds, strict=True)]
        elif address.name:
            found = [("period", address.name)]
        found += [("filter", one) for one in address.filter]
        return found + [(k, getattr(address, k)) for k in ("basis", "level") if getattr(address, k)]

    def comparison(self) -> list[tuple[str, str]]:
        """Return the parameter of the comparison, if there is one."""
        wanted = self.state.address.comparison
        return [("compare", wanted)] if wanted else []


def api_url(scope: Scope, question: str) -> str:
    """Return where a question about a scope is asked."""
    values = {} if scope.is_global else {"scope_id": scope.id}
    return invenio_url_for(f"usage_stats.{scope.kind}", question=question, **values)


@dataclass(frozen=True)
class Place:
    """Be where a dashboard is: the page of its scope, and where its view model is asked for."""

    kind: str = ""
    url: str | None = None
    view_url: str | None = None

    @classmethod
    def of(cls, scope: Scope) -> "Place":
        """Return the page of a scope, if the repository has such pages."""
        name = ARGUMENTS.get(scope.kind)
        values = {name: scope.slug or scope.id} if name else {}
        pages = (page_url(f"{scope.kind}_{name}", **values) for name in ("stats", "view"))
        return cls(scope.kind, *pages)

    def beside(self, name: str, query: str = "") -> str | None:
        """Return the address of a page beside this one, if the repository has it."""
        known = f"{BLUEPRINT}.{self.kind}_{name}" in current_app.view_functions
        return f"{self.url}/{name}{query}" if self.url and known else None


def page_url(endpoint: str, **values: str) -> str | None:
    """Return the address of one of our pages; none where it is switched off."""
    try:
        return url_for(f"{BLUEPRINT}.{endpoint}", **values)
    except BuildError:
        return None
