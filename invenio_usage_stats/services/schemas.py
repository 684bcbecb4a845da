# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The parameters of questions: their names, types and choices, from the catalog."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from babel import Locale, UnknownLocaleError
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from ..catalog import Catalog
from ..catalog.base import BASES
from ..errors import InvalidQueryError
from ..reader.periods import COMPARISONS, INTERVALS, parse_day, parse_name
from .query import LEVELS, MOST, SIZE, Filter, Query
from .texts import is_storable

LISTS = ("records", "files", "communities", "subcommunities")
"""What can be listed beside the dimensions of the catalog."""
LONGEST = 500
MOST_FILTERS = 20
TRUTH = ("true", "false")


def one_of(choices: Iterable[str]) -> validate.OneOf:
    """Return a validator that says which values are allowed."""
    return validate.OneOf(list(choices), error="{input!r} is not one of {choices}.")


class Listed(fields.List):
    """Be values that are given several times, or separated by commas."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        parts = [part for text in _texts(value) for part in text.split(",")]
        return super()._deserialize(parts, attr, data, **kwargs)


class Repeated(fields.List):
    """Be values that are given several times."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        return super()._deserialize(_texts(value), attr, data, **kwargs)


class Day(fields.Field):
    """Be a UTC day."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        try:
            found = parse_day(attr or "", value)
        except InvalidQueryError as error:
            raise ValidationError(error.reason) from error
        if str(value) != found.isoformat():
            raise ValidationError(f"{value!r} is a moment: give a day such as 2026-01-31.")
        return found


class Name(fields.String):
    """Be the name of a period."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            parse_name(value)
        except InvalidQueryError as error:
            raise ValidationError(error.reason) from error
        return value


class Language(fields.String):
    """Be the code of a language that is known."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            return str(Locale.parse(value.replace("-", "_")))
        except (ValueError, UnknownLocaleError) as error:
            raise ValidationError(f"{value!r} is not the code of a language, as in en.") from error


class Condition(fields.String):
    """Be a filter: a dimension, a colon, and one of its values."""

    def __init__(self, dimensions: Iterable[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dimensions = list(dimensions)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Filter:
        dimension, _, wanted = str(value).partition(":")
        possible = 0 < len(wanted) <= LONGEST and is_storable(wanted)
        if dimension not in self.dimensions or not possible:
            allowed = ", ".join(self.dimensions)
            raise ValidationError(f"{value!r} is not <dimension>:<value>, of {allowed}.")
        return Filter(dimension, wanted)


def _texts(value: Any) -> list[str]:
    """Return one or several values as a list."""
    return [value] if isinstance(value, str) else list(value)


def filterable(catalog: Catalog) -> list[str]:
    """Return the dimensions that answers can be restricted by."""
    return [d.id for d in catalog.shown()]


def rankable(catalog: Catalog) -> list[str]:
    """Return what can be ranked."""
    return [*catalog.dimensions, *LISTS]


def parameter_fields(catalog: Catalog) -> dict[str, fields.Field]:
    """Return the field of each parameter, with its choices."""
    return {
        "metric": Listed(fields.String(validate=one_of(catalog.metrics))),
        "period": Name(),
        "since": Day(),
        "until": Day(),
        "interval": fields.String(validate=one_of(INTERVALS)),
        "cumulative": fields.String(validate=one_of(TRUTH)),
        "basis": fields.String(validate=one_of(BASES)),
        "level": fields.String(validate=one_of(LEVELS)),
        "compare": fields.String(validate=one_of(COMPARISONS)),
        "dimension": fields.String(validate=one_of(rankable(catalog))),
        "filter": Repeated(
            Condition(filterable(catalog)), validate=validate.Length(max=MOST_FILTERS)
        ),
        "size": fields.Integer(
            validate=validate.Range(1, MOST, error="must lie between {min} and {max}.")
        ),
        "page": fields.Integer(
            validate=validate.Range(1, 10_000, error="must lie between {min} and {max}.")
        ),
        "locale": Language(),
    }


def query_schema(catalog: Catalog) -> type[Schema]:
    """Return the schema of all parameters; unknown ones are refused."""
    meta = type("Meta", (), {"unknown": RAISE})
    return type("QuerySchema", (Schema,), {**parameter_fields(catalog), "Meta": meta})


def load(parameters: Mapping[str, Sequence[str] | str], catalog: Catalog) -> Query:
    """Return the question that parameters ask; raise ``InvalidQueryError``."""
    return _query(read_with(query_schema(catalog)(), parameters))


def read_with(schema: Schema, parameters: Mapping[str, Sequence[str] | str]) -> dict[str, Any]:
    """Return checked parameters; raise ``InvalidQueryError``, which names the first wrong one."""
    try:
        return schema.load(_flat(parameters, schema))
    except ValidationError as error:
        raise _named(error, schema) from error


def _flat(parameters: Mapping[str, Sequence[str] | str], schema: Schema) -> dict[str, Any]:
    """Return parameters with one value for each that is no list; empty ones are left out."""
    found: dict[str, Any] = {}
    for name in parameters:
        values = [value for value in _all(parameters, name) if value != ""]
        if not isinstance(schema.fields.get(name), fields.List):
            if len(set(values)) > 1:
                raise InvalidQueryError(name, "is given more than once.")
            values = values[0] if values else None
        if values:
            found[name] = values
    return found


def _all(parameters: Mapping[str, Sequence[str] | str], name: str) -> list[str]:
    """Return all values of a parameter."""
    getlist = getattr(parameters, "getlist", None)
    return getlist(name) if getlist else _texts(parameters[name])


def _named(error: ValidationError, schema: Schema) -> InvalidQueryError:
    """Return which parameter is wrong, and why."""
    name, found = next(iter(error.normalized_messages().items()))
    if name not in schema.fields:
        return InvalidQueryError(str(name)[:100], f"is not one of {', '.join(schema.fields)}.")
    while not isinstance(found, str):
        found = next(iter(found.values() if isinstance(found, dict) else found))
    return InvalidQueryError(name, found)


def _query(data: dict[str, Any]) -> Query:
    """Return checked parameters as a question."""
    if "period" in data and ("since" in data or "until" in data):
        raise InvalidQueryError("period", "is given with since or until; give one of them.")
    named = ("period", "since", "until", "interval", "basis", "level", "compare", "dimension")
    named += ("page", "locale")
    given = {name: data[name] for name in named if name in data}
    return Query(
        metrics=tuple(dict.fromkeys(data.get("metric", ()))),
        filters=tuple(dict.fromkeys(data.get("filter", ()))),
        cumulative=data.get("cumulative") == "true",
        size=data.get("size", SIZE),
        **given,
    )
