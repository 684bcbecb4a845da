# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Annual reports of the repository and of communities."""

from typing import Any

from ...catalog import Catalog
from .parts import SAME, answered, errors, in_path, template
from .questions import ERRORS
from .questions import SCOPES as NAMES
from .schemas import TEXT, Schema, common, having, many, of_rankings, of_series, of_totals, ref
from .schemas import choice as choice_of

YEAR = {
    "name": "year",
    "in": "query",
    "description": "Which year; without it the last that is over. `fy:` marks a financial one.",
    "schema": {"type": "string", "pattern": r"^(fy:)?\d{4}$"},
}
SHARED = ("filter", "size", "locale", "format")
"""The parameters that reports have in common with other questions."""


def annual_paths(config: Any) -> dict[str, Any]:
    """Return the addresses of reports; ``config``: that of their resource."""
    return {
        f"{config.url_prefix}{template(rule)}": {"get": _operation(kind, config)}
        for kind, rule in config.routes.items()
    }


def _operation(kind: str, config: Any) -> dict[str, Any]:
    """Return the report of one kind of scope."""
    scope = [] if kind == "global" else [in_path("scope_id", f"Which is {NAMES[kind]}.")]
    shared = ({"$ref": f"#/components/parameters/{name}"} for name in SHARED)
    return {
        "operationId": f"{kind}_annual",
        "summary": f"The figures of a year of {NAMES[kind]}",
        "parameters": [*scope, YEAR, *shared],
        "responses": {"200": answered(ref("annual"), config), "304": SAME, **errors(ERRORS)},
    }


def annual_schemas(catalog: Catalog) -> dict[str, Schema]:
    """Return what reports are."""
    metric = choice_of(catalog.metrics)
    rankings = of_rankings(metric)
    told = {name: rankings[name] for name in ("rows", "units", "missing", "totals")}
    own = {
        "about": many(having(dimension=TEXT, value=TEXT, label=TEXT)),
        "definitions": many(having(id=metric, unit=TEXT, label=TEXT, definition=TEXT)),
        "months": of_series(metric)["series"],
        "rankings": many({"anyOf": [having(name=TEXT, **told), having(name=TEXT, why=TEXT)]}),
    }
    return {"annual": having(**common(), **of_totals(metric), **own)}
