# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Withholding small numbers, and those that would reveal them by subtraction.

Where a part of a whole is small, the next larger number among the parts is withheld with it. So
what is withheld could stand at either place, and none of it follows from the rest. Where all parts
are small, all of them are withheld, zeros included.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, TypeVar

from flask import current_app

K = TypeVar("K", bound=Hashable)
M = TypeVar("M", bound=Hashable)
Place = tuple[str, ...]
Number = int | float | None
NAMES = ("id", "label")
"""What items of documents have beside numbers."""


def smallest_shown() -> int:
    """Return the smallest number that is shown; 0 when all are."""
    return current_app.config["USAGE_STATS_MIN_CELL"]


def is_small(value: Number, limit: int) -> bool:
    """Tell whether a number is withheld: nothing at all reveals nobody."""
    return value is not None and 0 < abs(value) < limit


def withheld(parts: Mapping[K, Number], limit: int) -> set[K]:
    """Return which of some numbers are withheld: the small ones and the next larger, if any."""
    small = {key for key, value in parts.items() if is_small(value, limit)}
    larger = [abs(value) for key, value in parts.items() if value and key not in small]
    if not small or not larger:
        return small
    most = min(larger)
    return {key for key, value in parts.items() if value and abs(value) <= most}


def withheld_of_whole(parts: Mapping[K, Number], limit: int) -> set[K]:
    """Return which parts of a whole are withheld: all of them if none is large enough."""
    hidden = withheld(parts, limit)
    large = any(abs(parts[key] or 0) >= limit for key in hidden)
    return hidden if large else set(parts) if hidden else set()


def withheld_columns(
    columns: Mapping[M, Mapping[K, Number]], bases: Mapping[M, M], limit: int
) -> dict[M, set[K]]:
    """Return by metric which parts are withheld; nothing without a limit.

    ``bases``: by metric the one whose parts it tells something of, and with which it is withheld.
    """
    if not limit:
        return {id_: set() for id_ in bases}
    zeros = dict.fromkeys(chain.from_iterable(columns.values()), 0)
    found = {id_: withheld_of_whole(zeros | dict(p), limit) for id_, p in columns.items()}
    return {id_: found[id_] | found[base] for id_, base in bases.items()}


def withheld_sums(sums: Iterable[Number], limit: int) -> set[int]:
    """Return which running sums are withheld: those that differ little from the last one shown."""
    hidden: set[int] = set()
    last: int | float = 0
    for n, value in enumerate(sums):
        if value is None:
            continue
        if is_small(value, limit) or is_small(value - last, limit):
            hidden.add(n)
        else:
            last = value
    return hidden


def withhold_document(document: dict[str, Any]) -> dict[str, Any]:
    """Return a daily document whose breakdowns lack what is withheld, which is null there.

    Values of which nothing is left are left out, and the others are sorted by their ids.
    """
    limit = smallest_shown()
    for field, items in document["subcounts"].items() if limit else ():
        missing = document["missing"].get(field)
        if _withhold_items([*items, *([missing] if missing else [])], limit):
            left = (item for item in items if any(owner[p[-1]] for p, owner in _numbers(item)))
            document["subcounts"][field] = sorted(left, key=lambda item: item["id"])
    return document


def _withhold_items(items: list[dict[str, Any]], limit: int) -> bool:
    """Set null what is withheld of the numbers that items have at the same place.

    What is withheld of the first number of an object is withheld of the others beside it.
    """
    owners: defaultdict[Place, dict[int, dict[str, Any]]] = defaultdict(dict)
    for n, item in enumerate(items):
        for place, owner in _numbers(item):
            owners[place][n] = owner
    columns = {p: {n: owner[p[-1]] for n, owner in some.items()} for p, some in owners.items()}
    first = {place[:-1]: place for place in reversed(columns)}
    hidden = withheld_columns(columns, {place: first[place[:-1]] for place in columns}, limit)
    for place, numbers in hidden.items():
        for n in numbers:
            owners[place][n][place[-1]] = None
    return any(hidden.values())


def _numbers(part: dict[str, Any], path: Place = ()) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield the place of each number, and the object that holds it."""
    for name, value in part.items():
        if name in NAMES:
            continue
        if isinstance(value, dict):
            yield from _numbers(value, (*path, name))
        else:
            yield (*path, name), part
