# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""JSON schemas of answers: one for each question, and that of errors."""

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


def _common() -> dict[str, Schema]:
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
        "links": having(
            dict.fromkeys(("next", "csv", "xlsx"), ADDRESS), self=ADDRESS, html=ADDRESS
        ),
    }


def _own(catalog: Catalog) -> dict[str, dict[str, Any]]:
    """Return what each answer has of its own."""
    metric = choice(catalog.metrics)
    values = by_name(NUMBER)
    point = having({"added": NUMBER, "removed": NUMBER}, date=DAY, value=NUMBER)
    change = having(value=NUMBER, change=NUMBER, relative=nullable({"type": "number"}))
    part = having(id=TEXT, label=TEXT, values=values)
    total = having(
        {"added": NUMBER, "removed": NUMBER, "compared": change}, value=NUMBER, unit=TEXT
    )
    row = having(
        {"compared": by_name(change), "link": TEXT},
        id=TEXT,
        label=TEXT,
        values=values,
        share=nullable({"type": "number"}),
    )
    series = having(
        metric=metric,
        unit=TEXT,
        id=nullable(TEXT),
        label=nullable(TEXT),
        points=many(point),
        compared=nullable(many(point)),
    )
    return {
        "totals": {"metrics": by_name(total)},
        "series": {"interval": TEXT, "series": many(series)},
        "top": {
            "dimension": TEXT,
            "units": by_name(TEXT),
            "rows": many(row),
            "count": nullable(WHOLE),
            "missing": nullable(values),
            "totals": values,
            "page": WHOLE,
            "size": nullable(WHOLE),
        },
        "snapshot": {
            "date": DAY,
            "units": by_name(TEXT),
            "metrics": values,
            "dimensions": by_name(many(part)),
        },
        "schema": {
            "metrics": many({"type": "object"}),
            "dimensions": many({"type": "object"}),
            "parameters": {"type": "object"},
        },
        "explain": {
            "metric": metric,
            "unit": TEXT,
            "steps": many(having(label=TEXT, value=NUMBER, text=TEXT)),
        },
    }


def answer_schemas(catalog: Catalog) -> dict[str, Schema]:
    """Return the schema of each question's answer, by its name."""
    return {name: having(**_common(), **own) for name, own in _own(catalog).items()}


def error_schema() -> Schema:
    """Return the schema of errors."""
    field = having(field=TEXT, messages=many(TEXT))
    return having({"errors": many(field)}, status=WHOLE, message=TEXT)
