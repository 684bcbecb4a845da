# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reports for spreadsheets."""

from typing import Any

from ...exchange.reports.asked import ALIASES, CREATED, KINDS, NUMBERS, TIMES, USED
from ...exchange.reports.totals.row import COLUMNS
from .parts import errors, in_path
from .schemas import DAY, MOMENT, NUMBER, TEXT, Schema, by_name, choice, having, many, nullable

ERRORS = (400, 401, 403, 406, 429, 503)
LISTS = ("communities", "parent_communities")
DAYS = ("created", *TIMES)
COUNTS = ("size", *NUMBERS)


def report_paths(config: Any) -> dict[str, Any]:
    """Return the addresses of reports; ``config``: that of the resource."""
    prefix = config.url_prefix
    kind = in_path("kind", "What is reported.", enum=[*KINDS, *ALIASES])
    return {
        prefix: _get("all", "Totals of communities, records and files", config),
        f"{prefix}/{{kind}}": _get("kind", "Totals of one kind of things", config, kind),
    }


def report_schemas() -> dict[str, Schema]:
    """Return what reports are in JSON."""
    row = having(**{name: _cell(name) for name in COLUMNS})
    return {"report": having(asked=by_name(TEXT), rows=many(row))}


def _get(name: str, summary: str, config: Any, *in_address: Schema) -> dict[str, Any]:
    """Return an operation."""
    content: dict[str, Any] = {m: {"schema": TEXT} for m in config.response_handlers}
    content[config.formats["json"]] = {"schema": {"$ref": "#/components/schemas/report"}}
    return {
        "get": {
            "operationId": f"reports_{name}",
            "summary": summary,
            "parameters": [*in_address, *_parameters(config)],
            "responses": {
                "200": {"description": "The report.", "content": content},
                **errors(ERRORS),
            },
        }
    }


def _parameters(config: Any) -> list[dict[str, Any]]:
    """Return what can be asked."""
    schemas = {
        "scope": TEXT,
        "since": DAY,
        "until": DAY,
        "date_field": choice((USED, CREATED)),
        "include_zero": choice(("true", "false", "1", "0")),
        "sort": choice((*NUMBERS, *TIMES)),
        "format": choice(config.formats),
    }
    return [{"name": name, "in": "query", "schema": schema} for name, schema in schemas.items()]


def _cell(name: str) -> Schema:
    """Return what stands in a column."""
    if name in LISTS:
        return many(TEXT)
    if name in DAYS:
        return nullable(MOMENT)
    return NUMBER if name in COUNTS else nullable(TEXT)
