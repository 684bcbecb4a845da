# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""JSON schemas of answers: one for each question, and that of errors."""

from collections.abc import Callable
from typing import Any

from ...catalog import Catalog
from ...services.scopes import PATHS

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
TRUTH: Schema = {"type": "boolean"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
NUMBER: Schema = {
    "type": ["number", "null"],
    "description": "Null where there is no exact number, or where it is withheld.",
}


def nullable(schema: Schema) -> Schema:
    """Return a schema that allows null, too."""
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def many(schema: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": schema}


def by_name(schema: Schema) -> Schema:
    """Return the schema of an object with any names."""
    return {"type": "object", "additionalProperties": schema}


def having(optional: dict[str, Schema] | None = None, **required: Schema) -> Schema:
    """Return the schema of an object with certain names, and no others."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def ref(name: str) -> Schema:
    """Return a reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def choice(values: Any) -> Schema:
    """Return the schema of one of some texts."""
    return {"type": "string", "enum": list(values)}


def common() -> dict[str, Schema]:
    """Return what all answers have."""
    return {
        "scope": having(id=TEXT, kind=choice(["global", *PATHS]), title=TEXT, slug=TEXT),
        "query": {"type": "object", "description": "The parameters that were used."},
        "period": having(name=nullable(TEXT), since=DAY, until=DAY, days=WHOLE),
        "comparison": nullable(having(since=DAY, until=DAY, days=WHOLE, complete=TRUTH)),
        "freshness": having(
            as_of=nullable(MOMENT),
            first_day=nullable(DAY),
            incomplete_from=nullable(DAY),
            estimated_before=nullable(DAY),
        ),
        "notes": many(having(code=TEXT, text=TEXT)),
        "links": having(dict.fromkeys(("next", "csv", "xlsx", "html"), ADDRESS), self=ADDRESS),
    }


SHARE = nullable({"type": "number"})
VALUES = by_name(NUMBER)
FLOW = {"added": NUMBER, "removed": NUMBER}
CHANGE = having(value=NUMBER, change=NUMBER, relative=SHARE)
PART: dict[str, Schema] = {"id": TEXT, "label": TEXT, "values": VALUES}
UNITS = by_name(TEXT)


def of_totals(_metric: Schema) -> dict[str, Schema]:
    """Return what totals have."""
    return {"metrics": by_name(having({**FLOW, "compared": CHANGE}, value=NUMBER, unit=TEXT))}


def of_series(metric: Schema) -> dict[str, Schema]:
    """Return what series have."""
    points = many(having(FLOW, date=DAY, value=NUMBER))
    some = {"id": nullable(TEXT), "label": nullable(TEXT)}
    one = having(metric=metric, unit=TEXT, **some, points=points, compared=nullable(points))
    return {"interval": TEXT, "series": many(one), "page": WHOLE, "pages": WHOLE}


def of_rankings(_metric: Schema) -> dict[str, Schema]:
    """Return what rankings have."""
    row = having({"compared": by_name(CHANGE), "link": TEXT}, **PART, share=SHARE)
    return {
        "dimension": TEXT,
        "units": UNITS,
        "rows": many(row),
        "count": nullable(WHOLE),
        "missing": nullable(VALUES),
        "totals": VALUES,
        "page": WHOLE,
        "size": nullable(WHOLE),
    }


def _snapshot(_metric: Schema) -> dict[str, Schema]:
    """Return what snapshots have."""
    dimensions = by_name(many(having(**PART)))
    pages = {"counts": by_name(WHOLE), "page": WHOLE, "size": nullable(WHOLE)}
    return {"date": DAY, "units": UNITS, "metrics": VALUES, "dimensions": dimensions, **pages}


def _schema(_metric: Schema) -> dict[str, Schema]:
    """Return what tells of what can be asked."""
    entries = many({"type": "object"})
    return {"metrics": entries, "dimensions": entries, "parameters": {"type": "object"}}


def _explain(metric: Schema) -> dict[str, Schema]:
    """Return what explanations have."""
    steps = many(having(label=TEXT, value=NUMBER, text=TEXT))
    return {"metric": metric, "unit": TEXT, "steps": steps}


OWN: dict[str, Callable[[Schema], dict[str, Schema]]] = {
    "totals": of_totals,
    "series": of_series,
    "top": of_rankings,
    "snapshot": _snapshot,
    "schema": _schema,
    "explain": _explain,
}
"""What each answer has of its own."""


def answer_schemas(catalog: Catalog) -> dict[str, Schema]:
    """Return the schema of each question's answer, by its name."""
    metric = choice(catalog.metrics)
    return {name: having(**common(), **own(metric)) for name, own in OWN.items()}


def error_schema() -> Schema:
    """Return the schema of errors."""
    field = having(field=TEXT, messages=many(TEXT))
    return having({"errors": many(field)}, status=WHOLE, message=TEXT)
