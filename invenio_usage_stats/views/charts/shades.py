# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The shades of a map: numbers in, a few classes out, each as wide as the others in orders of size.

Numbers by country differ by orders of magnitude: classes of equal width would put all countries
but one into the lowest.
"""

import math
from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

CLASSES = 5
DIGITS = (1, 2, 3)
"""To how many digits bounds are rounded: the fewest that tell the classes apart."""

TINY = 1e-9
"""What roots and powers may lack of a whole number."""


@dataclass(frozen=True)
class Shades:
    """Know the classes of some numbers."""

    starts: tuple[int, ...]
    """The smallest number of each class."""

    highest: int

    @classmethod
    def of(cls, values: Iterable[int | None]) -> "Shades":
        """Return the classes of numbers; nothing and what is withheld have none."""
        some = [value for value in values if value and value > 0]
        if not some:
            return cls((), 0)
        low, high = min(some), max(some)
        choices = (_starts(low, high, digits) for digits in DIGITS)
        best: tuple[int, ...] = ()
        for starts in choices:
            best = starts if len(starts) > len(best) else best
        return cls(best, high)

    def __call__(self, value: int | None) -> int:
        """Return the shade of a number, from 1 to 5; 0 for nothing."""
        place = bisect(self.starts, value or 0)
        return math.ceil(place * CLASSES / len(self.starts)) if place else 0

    def ranges(self) -> list[tuple[int, int, int]]:
        """Return each shade with the smallest and the largest number that it stands for."""
        bounds = [*self.starts, self.highest + 1]
        return [(self(low), low, after - 1) for low, after in pairwise(bounds)]


def _starts(low: int, high: int, digits: int) -> tuple[int, ...]:
    """Return rounded bounds that lie equally far apart in orders of size."""
    steps = (low * (high / low) ** (n / CLASSES) for n in range(1, CLASSES))
    return tuple(sorted({low, *(s for s in (_round(step, digits) for step in steps) if s > low)}))


def _round(value: float, digits: int) -> int:
    """Return the largest whole number of so many digits (and zeros) that is not greater."""
    whole = int(value * (1 + TINY))
    power = 10 ** max(0, len(str(whole)) - digits)
    return whole // power * power
