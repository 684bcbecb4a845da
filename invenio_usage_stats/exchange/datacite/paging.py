# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Pages of lists, as DataCite numbers them: ``page[number]``, ``page[size]``, ``page[cursor]``."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from ...errors import InvalidQueryError

T = TypeVar("T")
NUMBER, SIZE, CURSOR = "page[number]", "page[size]", "page[cursor]"
PARAMETERS = (NUMBER, SIZE, CURSOR)
USUAL, LARGEST, REACHED = 25, 1_000, 10_000
"""How long a page is, how long it may be, and how many entries numbered pages reach."""
START = "1"
"""The cursor of the first page."""
_DIGITS = 9


class Place(NamedTuple):
    """Be which page is wanted."""

    number: int = 1
    size: int = USUAL
    cursor: str | None = None


FIRST = Place()


@dataclass(frozen=True)
class Page(Generic[T]):
    """Be a page of a list, and what there is beside it."""

    entries: Sequence[T]
    total: int
    place: Place
    following: dict[str, str] | None
    """The parameters of the next page; none for the last."""

    @property
    def meta(self) -> dict[str, Any]:
        """Return what an answer says of its pages."""
        size = self.place.size
        found = {"total": self.total, "total_pages": -(-self.total // size) if size else 0}
        return found if self.place.cursor else {**found, "page": self.place.number}


def read_place(given: Mapping[str, str]) -> Place:
    """Return the page that parameters ask for; raises ``InvalidQueryError``."""
    size = _whole(given, SIZE, USUAL, 0, LARGEST)
    if CURSOR in given:
        if NUMBER in given:
            raise InvalidQueryError(CURSOR, f"is given together with {NUMBER}.")
        return Place(size=size, cursor=given[CURSOR])
    return Place(_whole(given, NUMBER, 1, 1, REACHED // max(1, size)), size)


def _whole(given: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    """Return a whole number within limits."""
    text = given.get(name, str(usual))
    good = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    if not good or not least <= int(text) <= most:
        raise InvalidQueryError(name, f"{text[:20]!r} is no whole number from {least} to {most}.")
    return int(text)


def cut(
    entries: Iterable[T],
    place: Place,
    key: Callable[[T], list[Any]],
    *,
    descending: bool = False,
) -> Page[T]:
    """Put a list in the order of a key, which no two entries share, and return a page of it."""
    whole = sorted(entries, key=key, reverse=descending)
    start = (place.number - 1) * place.size
    if place.cursor and place.cursor != START:
        last = _read(place.cursor, key(whole[0]) if whole else None)
        start = sum(key(one) >= last if descending else key(one) <= last for one in whole)
    end = start + place.size
    more = end < len(whole) and place.size > 0
    following = _following(place, key(whole[end - 1])) if more else None
    return Page(whole[start:end], len(whole), place, following)


def _following(place: Place, last: list[Any]) -> dict[str, str]:
    """Return the parameters of the next page."""
    size = {SIZE: str(place.size)}
    if place.cursor:
        return {CURSOR: urlsafe_b64encode(json.dumps(last).encode()).decode(), **size}
    return {NUMBER: str(place.number + 1), **size}


def _read(cursor: str, like: list[Any] | None) -> list[Any]:
    """Return the key of the entry after which a page begins; ``like``: that of another one."""
    try:
        found = json.loads(urlsafe_b64decode(cursor))
    except (ValueError, RecursionError) as error:
        raise _forged() from error
    known = isinstance(found, list)
    if not known or (like is not None and list(map(type, found)) != list(map(type, like))):
        raise _forged()
    return found


def _forged() -> InvalidQueryError:
    """Return the error that a cursor is none of ours."""
    return InvalidQueryError(CURSOR, f"is neither {START} nor that of a link.")
