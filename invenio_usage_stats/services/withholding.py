# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Withholding small numbers, and those that would reveal them by subtraction.

Of a whole that is known, a single part that is withheld is what the others lack of it. So a
second one is withheld with it, the smallest that there is.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from typing import Any, TypeVar

from flask import current_app

K = TypeVar("K", bound=Hashable)
Number = int | float | None


def smallest_shown() -> int:
    """Return the smallest number that is shown; 0 when all are."""
    return current_app.config["USAGE_STATS_MIN_CELL"]


def is_small(value: Number, limit: int) -> bool:
    """Tell whether a number is withheld: nothing at all reveals nobody."""
    return value is not None and 0 < abs(value) < limit


def withheld(parts: Mapping[K, Number], limit: int) -> set[K]:
    """Return which parts of a whole are withheld."""
    small = {key for key, value in parts.items() if is_small(value, limit)}
    others = [key for key, value in parts.items() if value and key not in small]
    if len(small) == 1 and others:
        small.add(min(others, key=lambda key: (abs(parts[key] or 0), str(key))))
    return small


def withhold_document(document: dict[str, Any]) -> dict[str, Any]:
    """Return a daily document whose breakdowns lack what is withheld, which is null there."""
    limit = smallest_shown()
    if limit:
        for field, items in document["subcounts"].items():
            missing = document["missing"].get(field)
            _withhold_items([*items, *([missing] if missing else [])], limit)
    return document


def _withhold_items(items: list[dict[str, Any]], limit: int) -> None:
    """Set null what is withheld of the numbers that items have at the same place."""
    places: defaultdict[tuple[str, ...], dict[int, dict[str, Any]]] = defaultdict(dict)
    for n, item in enumerate(items):
        for place, parent in _numbers(item):
            places[place][n] = parent
    for place, parents in places.items():
        name = place[-1]
        for n in withheld({n: parent[name] for n, parent in parents.items()}, limit):
            parents[n][name] = None


def _numbers(
    part: dict[str, Any], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Yield the place of each number, and the object that holds it."""
    for name, value in part.items():
        if isinstance(value, dict) and name != "label":
            yield from _numbers(value, (*path, name))
        elif isinstance(value, int):
            yield (*path, name), part
