# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Parameters of questions, from the schema that reads them."""

from collections.abc import Iterable
from typing import Any

from marshmallow import fields, validate

from ...catalog import Catalog
from ...reader.periods import ALLOWED, NAMED
from ...services.schemas import TRUTH, Condition, Day, Listed, Name, parameter_fields

DAY = r"^\d{4}-\d{2}-\d{2}$"
DESCRIPTIONS = {
    "metric": "What is counted; several are separated by commas.",
    "period": f"A period by name: {ALLOWED}.",
    "since": "The first day of the period (UTC).",
    "until": "The last day of the period (UTC).",
    "interval": "What one point of a series stands for; weeks are ISO weeks.",
    "cumulative": "Whether each point counts everything up to its end.",
    "basis": "Which date starts a record's life.",
    "level": "Whether each version of a record counts, or all versions as one.",
    "compare": "An earlier period to compare with: right before, or a year before.",
    "dimension": "What numbers are broken down by.",
    "filter": "Count only what has this value: `<dimension>:<value>`; may be repeated.",
    "size": "How many rows, or values, there are at most; files have all without it.",
    "page": "Which page of rows, or of the points of series.",
    "locale": "The language of labels.",
    "format": "The format of the answer; without it, what `Accept` prefers.",
    "token": "What stands in the secret link of a record: answers show what the link does.",
}


def query_parameters(catalog: Catalog, formats: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the parameters by name."""
    found = {name: _parameter(name, field) for name, field in parameter_fields(catalog).items()}
    choices = {"type": "string", "enum": list(formats)}
    found["format"] = {**_head("format"), "schema": choices}
    return {**found, "token": {**_head("token"), "schema": {"type": "string"}}}


def _head(name: str) -> dict[str, Any]:
    """Return what all parameters have."""
    return {"name": name, "in": "query", "description": DESCRIPTIONS[name]}


def _parameter(name: str, field: fields.Field) -> dict[str, Any]:
    """Return one parameter."""
    whole = {**_head(name), "schema": field_schema(field)}
    if isinstance(field, fields.List):
        whole |= {"style": "form", "explode": not isinstance(field, Listed)}
    return whole


def field_schema(field: fields.Field) -> dict[str, Any]:
    """Return the JSON schema of a field of the query's schema."""
    if isinstance(field, fields.List):
        most = next((v.max for v in field.validators if isinstance(v, validate.Length)), None)
        limits = {"maxItems": most} if most else {}
        return {"type": "array", "items": field_schema(field.inner), "minItems": 1, **limits}
    if isinstance(field, Day):
        return {"type": "string", "format": "date", "pattern": DAY}
    if isinstance(field, Name):
        return {"type": "string", "pattern": NAMED.pattern}
    if isinstance(field, Condition):
        names = "|".join(field.dimensions)
        return {"type": "string", "pattern": f"^({names}):.+$"}
    kind = "integer" if isinstance(field, fields.Integer) else "string"
    return {"type": kind, **_validated(field)}


def _validated(field: fields.Field) -> dict[str, Any]:
    """Return what a field's validators allow."""
    found: dict[str, Any] = {}
    for validator in field.validators:
        if isinstance(validator, validate.OneOf):
            found["enum"] = list(validator.choices)
        elif isinstance(validator, validate.Range):
            found |= {"minimum": validator.min, "maximum": validator.max}
        elif isinstance(validator, validate.Regexp):
            found["pattern"] = validator.regex.pattern
    return {"type": "boolean"} if found.get("enum") == list(TRUTH) else found
