# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What somebody who makes a share link must say."""

from collections.abc import Iterable
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate
from werkzeug.datastructures import MultiDict

from ..catalog import Catalog
from ..errors import InvalidQueryError
from ..services.query import Query

DAYS = 30


class Values(fields.Field):
    """Be one text, or a list of texts."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str]:
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str) for one in values):
            raise ValidationError("must be a text or a list of texts.")
        return values


class ShareSchema(Schema):
    """Be the body of a request for a link."""

    class Meta:
        """Refuse what is not known."""

        unknown = RAISE

    scope = fields.String(required=True, validate=validate.Length(1, 300))
    question = fields.String(required=True)
    parameters = fields.Dict(keys=fields.String(), values=Values(), load_default=dict)
    days = fields.Integer(load_default=DAYS, strict=True)


def read_wish(data: Any, questions: Iterable[str], catalog: Catalog) -> dict[str, Any]:
    """Return what a request's body says, its parameters as pairs; raise ``InvalidQueryError``."""
    try:
        wish = ShareSchema().load(data if isinstance(data, dict) else {})
    except ValidationError as error:
        name, text = _first(error)
        raise InvalidQueryError(name, text) from error
    if wish["question"] not in questions:
        raise InvalidQueryError("question", f"is not one of {', '.join(questions)}.")
    pairs = [(name, value) for name, values in wish["parameters"].items() for value in values]
    Query.read(MultiDict(pairs), catalog)
    return {**wish, "parameters": pairs}


def _first(error: ValidationError) -> tuple[str, str]:
    """Return a field that is wrong, and why."""
    name, found = next(iter(error.normalized_messages().items()))
    while not isinstance(found, str):
        found = next(iter(found.values() if isinstance(found, dict) else found))
    return str(name)[:100], found
