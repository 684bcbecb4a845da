# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reports for spreadsheets."""

from typing import Any

from ...exchange.reports.asked import ALIASES, CREATED, KINDS, NUMBERS, TIMES, USED
from ...exchange.reports.totals.row import COLUMNS
from ...exchange.reports.users.rows import BY_USER, OF_USER, OWN_USE
from ...exchange.reports.users.store import STORED
from ...exchange.reports.users.switching import is_on
from .parts import errors, in_path
from .schemas import DAY, MOMENT, NUMBER, TEXT, Schema, by_name, choice, having, many, nullable, ref

OF_CALLER = (401, 404, 429, 503)
ERRORS = (400, 401, 403, 404, 406, 429, 503)
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
        **(_user_paths(config) if is_on() else {}),
    }


def _user_paths(config: Any) -> dict[str, Any]:
    """Return the addresses of reports by user, and of what is stored of the caller."""
    found = {}
    for kind in (*KINDS, *ALIASES):
        name = f"{kind}{BY_USER}"
        parts = (name, f"Who used which {kind}", config)
        found[f"{config.url_prefix}/{name}"] = _get(*parts, schema="report_by_user")
    own = _get("stored_use", "What is stored of the caller", config, schema="stored_use")
    gone = {"204": {"description": "It is deleted."}, **errors(OF_CALLER)}
    said = {"operationId": "reports_forget", "summary": "Delete it", "responses": gone}
    return {**found, f"/reports/{OWN_USE}": {**own, "delete": said}}


def report_schemas() -> dict[str, Schema]:
    """Return what reports are in JSON; users have days where things have times."""
    cells = {name: _cell(name) for name in COLUMNS}
    found = {"report": cells}
    if is_on():
        found["report_by_user"] = cells | dict.fromkeys(TIMES, nullable(DAY))
        found["report_by_user"] |= dict.fromkeys(OF_USER, TEXT)
        found["stored_use"] = {**dict.fromkeys(STORED, TEXT), "day": DAY}
        found["stored_use"] |= dict.fromkeys(NUMBERS, NUMBER)
    return {
        name: having(asked=by_name(TEXT), rows=many(having(**row))) for name, row in found.items()
    }


def _get(
    name: str, summary: str, config: Any, *in_address: Schema, schema: str = "report"
) -> dict[str, Any]:
    """Return an operation."""
    content: dict[str, Any] = {m: {"schema": TEXT} for m in config.response_handlers}
    content[config.formats["json"]] = {"schema": ref(schema)}
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
