# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a request for events asks for.

Names of parameters may be written in any of DataCite's ways: ``source-id``, ``source_id``,
``sourceId``.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from idutils import normalize_doi
from werkzeug.datastructures import MultiDict

from ...errors import InvalidQueryError
from ...services.texts import is_storable
from .events import Event
from .naming import DATACITE, RESOLVER, address_of, source
from .paging import FIRST, PARAMETERS, Place, read_place

WORKS = ("doi", "obj-id")
"""Filters that name works."""
VALUES: dict[str, Callable[[Event], str]] = {
    "doi": lambda event: event.doi,
    "obj-id": lambda event: event.obj_id,
    "subj-id": lambda event: event.subj_id,
    "prefix": lambda event: event.prefix,
    "source-id": lambda event: event.source_id,
    "relation-type-id": lambda event: event.relation_type_id,
    "year-month": lambda event: event.month,
    "registrant-id": lambda event: event.registrant,
}
"""Filters by one or several values, and what an event has there."""
YEARS: dict[str, Callable[[Event], int | None]] = {
    "occurred-at": lambda event: event.year,
    "publication-year": lambda event: event.publication_year,
}
"""Filters by a year, or a range of years."""
FOREIGN = ("citation-type", "orcid", "subtype")
"""Filters by what events of usage never have: nothing is found by them."""
SORTS: dict[str, Callable[[Event], Any]] = {
    "updated": lambda event: event.updated,
    "created": lambda event: event.updated,
    "total": lambda event: event.total,
    "obj-id": lambda event: event.obj_id,
    "relation-type-id": lambda event: event.relation_type_id,
}
ALLOWED = (*VALUES, *YEARS, *FOREIGN, "query", "sort", *PARAMETERS, "format")
MOST_DOIS = 100
"""So many works may be named at once."""
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|_")
_COMMAS = re.compile(r",(?=\s*(?:10\.|doi:|https?:))", re.IGNORECASE)
"""Between DOIs, which may have commas of their own."""
_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")


@dataclass(frozen=True)
class Asked:
    """Be which events are wanted, in which order, and which page of them."""

    values: dict[str, frozenset[str]] = field(default_factory=dict)
    years: dict[str, tuple[int, int]] = field(default_factory=dict)
    text: str = ""
    """What must stand somewhere in an event; in lower case."""

    nothing: bool = False
    """Whether something is wanted that no event has."""

    sort: str = "updated"
    descending: bool = False
    place: Place = FIRST

    @property
    def dois(self) -> frozenset[str] | None:
        """Return the DOIs of which events are wanted; none for all."""
        named = [
            frozenset(value.removeprefix(RESOLVER) for value in self.values[name])
            for name in WORKS
            if name in self.values
        ]
        return frozenset.intersection(*named) if named else None

    def in_month(self, month: str) -> bool:
        """Tell whether events of a month may be wanted."""
        first, last = self.years.get("occurred-at", (0, 9999))
        return month in self.values.get("year-month", (month,)) and first <= int(month[:4]) <= last

    def wants(self, event: Event) -> bool:
        """Tell whether an event is wanted."""
        return (
            not self.nothing
            and all(VALUES[name](event) in wanted for name, wanted in self.values.items())
            and all(_within(YEARS[name](event), span) for name, span in self.years.items())
            and (not self.text or self.text in _text(event))
        )

    def key(self, event: Event) -> list[Any]:
        """Return by what events are put in order, which is different for each."""
        return [SORTS[self.sort](event), event.month, event.obj_id, event.relation_type_id]


def read_asked(args: MultiDict[str, str]) -> Asked:
    """Return what parameters ask for; raises ``InvalidQueryError``."""
    given = read_parameters(args, ALLOWED)
    sort = given.get("sort", "updated")
    name = _WORDS.sub("-", sort.removeprefix("-")).lower()
    if name not in SORTS:
        raise InvalidQueryError(
            "sort", f"{sort!r} is not one of {', '.join(SORTS)}, or these with -."
        )
    return Asked(
        values={name: _values(name, given[name]) for name in VALUES if given.get(name)},
        years={name: _years(name, given[name]) for name in YEARS if given.get(name)},
        text=given.get("query", "").lower(),
        nothing=any(map(given.get, FOREIGN)),
        sort=name,
        descending=sort.startswith("-"),
        place=read_place(given),
    )


def read_parameters(args: MultiDict[str, str], allowed: Iterable[str]) -> Mapping[str, str]:
    """Return parameters by their names in small letters; raises ``InvalidQueryError``."""
    found: dict[str, str] = {}
    for given, value in args.items(multi=True):
        name = _WORDS.sub("-", given).lower()
        if name not in allowed:
            raise InvalidQueryError(given, f"is not one of {', '.join(allowed)}.")
        if name in found:
            raise InvalidQueryError(name, "is given more than once.")
        if not is_storable(value):
            raise InvalidQueryError(name, "has characters that are none.")
        found[name] = value
    return found


def doi_of(text: str) -> str:
    """Return a DOI as we write it, however it was given."""
    try:
        return normalize_doi(text.strip()).lower()
    except AttributeError:  # it has not the form of one
        return text.strip().lower()


def _values(name: str, text: str) -> frozenset[str]:
    """Return the values of a filter."""
    if name in WORKS:
        dois = [doi_of(one) for one in _COMMAS.split(text)]
        if len(dois) > MOST_DOIS:
            raise InvalidQueryError(name, f"has more than {MOST_DOIS} DOIs.")
        return frozenset(dois if name == "doi" else map(address_of, dois))
    values = frozenset(text.split(",")) if name != "subj-id" else frozenset((text,))
    return values | {source().id} if name == "source-id" and DATACITE in values else values


def _years(name: str, text: str) -> tuple[int, int]:
    """Return the first and the last year of a filter."""
    found = _YEARS.fullmatch(text)
    if not found:
        raise InvalidQueryError(name, f"{text[:20]!r} is neither a year nor two with - between.")
    first, last = int(found[1]), int(found[2] or found[1])
    return min(first, last), max(first, last)


def _within(year: int | None, span: tuple[int, int]) -> bool:
    """Tell whether a year lies in a range."""
    return year is not None and span[0] <= year <= span[1]


def _text(event: Event) -> str:
    """Return where the words of a query are looked for."""
    return " ".join((event.subj_id, event.obj_id, event.source_id, event.relation_type_id)).lower()
