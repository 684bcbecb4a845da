# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What can be asked: metrics, dimensions and parameters, from the catalog."""

from typing import Any

from marshmallow import fields, validate

from ..catalog import Catalog, Dimension, Metric
from ..reader.periods import ALLOWED
from .question import Question
from .results import SchemaResult
from .schemas import TRUTH, filterable, parameter_fields

FREE = {
    "period": ALLOWED,
    "since": "YYYY-MM-DD",
    "until": "YYYY-MM-DD",
    "filter": "<dimension>:<value>",
    "locale": "a language code",
}
"""What is allowed where there is no list of choices."""


def schema(question: Question) -> SchemaResult:
    """Return what can be asked of a scope."""
    catalog = question.catalog
    return SchemaResult(
        metrics=[_metric(metric) for metric in catalog.metrics.values()],
        dimensions=[_dimension(d) for d in catalog.shown()],
        parameters=_parameters(catalog),
        **question.head(),
    )


def _metric(metric: Metric) -> dict[str, Any]:
    """Return a metric as plain data."""
    return {
        "id": metric.id,
        "label": str(metric.label),
        "unit": metric.unit,
        "definition": str(metric.definition),
        "family": metric.family,
        "additive": metric.additive,
    }


def _dimension(dimension: Dimension) -> dict[str, Any]:
    """Return a dimension as plain data."""
    return {
        "id": dimension.id,
        "label": str(dimension.label),
        "families": sorted(dimension.families),
        "filterable": not dimension.hidden,
        "multiple": dimension.multiple,
    }


def _parameters(catalog: Catalog) -> dict[str, Any]:
    """Return for each parameter what is allowed."""
    found: dict[str, Any] = {}
    for name, field in parameter_fields(catalog).items():
        found[name] = _choices(field) or FREE.get(name) or _bounds(field)
    return {**found, "cumulative": list(TRUTH), "filter": _filters(catalog)}


def _choices(field: fields.Field) -> list[str] | None:
    """Return the choices of a field."""
    inner = field.inner if isinstance(field, fields.List) else field
    return next((list(v.choices) for v in inner.validators if isinstance(v, validate.OneOf)), None)


def _bounds(field: fields.Field) -> str | None:
    """Return the bounds of a number."""
    ranges = (v for v in field.validators if isinstance(v, validate.Range))
    return next((f"{v.min} to {v.max}" for v in ranges), None)


def _filters(catalog: Catalog) -> list[str]:
    """Return what a filter looks like for each dimension."""
    return [f"{id_}:<value>" for id_ in filterable(catalog)]
