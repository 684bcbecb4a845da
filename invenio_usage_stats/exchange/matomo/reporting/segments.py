# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Segments: conditions on downloads, pages, consumers and countries.

``;`` is *and*, ``,`` is *or* and binds more tightly. A segment chooses events, not visits: numbers
are of the actions that fulfil it.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import unquote

from ....errors import MatomoError
from ..consumers import consumer_id
from .addresses import bare, without_scheme

MOST, LONGEST = 50, 4_000
"""Of so many conditions, and of so many characters a segment may be."""
_CONDITION = re.compile(r"([A-Za-z]+)(==|!=|=@|!@|=\^|=\$)(.*)", re.DOTALL)
_ESCAPED = re.compile(r"([*?\\])")
Query = dict[str, Any]


class Property(NamedTuple):
    """Be what conditions are about: a field, of one action alone if one is named."""

    field: str
    action: str = ""
    stored: Callable[[str], str] = str
    """How a value is written in events."""
    part: Callable[[str], str] = str
    """How a part of a value is written there."""


CONSUMER = Property("consumer", "", consumer_id, str.lower)
VERSION = Property("consumer_version")
COUNTRY = Property("country", "", str.upper, str.upper)
PROPERTIES = {
    "downloadUrl": Property("url", "download", bare, without_scheme),
    "pageUrl": Property("url", "page", bare, without_scheme),
    "outlinkUrl": Property("url", "outlink", bare, without_scheme),
    **dict.fromkeys(("consumer", "browserName", "browserCode"), CONSUMER),
    **dict.fromkeys(("consumerVersion", "browserVersion"), VERSION),
    **dict.fromkeys(("country", "countryCode"), COUNTRY),
}
"""What segments may name; Matomo's browser is the consumer."""


def read_segment(text: str) -> list[Query]:
    """Return the queries that all must be fulfilled."""
    groups = [parts for group in _parts(text, ";") if (parts := _parts(group, ","))]
    if len(text) > LONGEST or sum(map(len, groups)) > MOST:
        raise MatomoError("The segment is too long.")
    return [_any([_condition(part) for part in group]) for group in groups]


def _parts(text: str, separator: str) -> list[str]:
    """Return the parts between separators that have no backslash before them."""
    return [part for part in re.split(rf"(?<!\\){separator}", text) if part]


def _any(queries: list[Query]) -> Query:
    """Return a query for what fulfils one of several."""
    return {"bool": {"should": queries, "minimum_should_match": 1}}


def _condition(text: str) -> Query:
    """Return the query of one condition."""
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise MatomoError(f"The segment condition '{text}' is not valid.")
    name, operator, value = found.groups()
    if name not in PROPERTIES:
        raise MatomoError(f"Segment '{name}' is not a supported segment.")
    wanted = _compared(PROPERTIES[name], operator[-1], _unquoted(value))
    return {"bool": {"must_not": [wanted]}} if operator[0] == "!" else wanted


def _unquoted(value: str) -> str:
    """Return a value, which is quoted once more than the address around it."""
    return unquote(value.replace("\\,", ",").replace("\\;", ";"))


def _compared(about: Property, operator: str, value: str) -> Query:
    """Return a query that compares a field: equal, containing, beginning or ending."""
    if operator == "=":
        compared: Query = {"term": {about.field: about.stored(value)}}
    else:
        text = _ESCAPED.sub(r"\\\1", about.part(value))
        pattern = {"@": f"*{text}*", "^": f"{text}*", "$": f"*{text}"}[operator]
        compared = {"wildcard": {about.field: {"value": pattern}}}
    only = [{"term": {"action": about.action}}] if about.action else []
    return {"bool": {"filter": [*only, compared]}}
