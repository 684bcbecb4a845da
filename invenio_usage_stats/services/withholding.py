# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Withholding small numbers, and those that would reveal them by subtraction.

Of a whole that is known, a single part that is withheld is what the others lack of it. So a
second one is withheld with it, the smallest that there is.
"""

from collections.abc import Hashable, Mapping
from typing import TypeVar

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
