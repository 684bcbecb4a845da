# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Geometry of line charts: numbers in, SVG coordinates out.

Paths are drawn in a box of ``WIDTH`` by ``HEIGHT`` units that the browser stretches to the room
there is; ticks are in per cent, so that text keeps its size.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 1000
HEIGHT = 200
Y_TICKS = 4
X_TICKS = 6
_STEPS = ((math.sqrt(50), 10), (math.sqrt(10), 5), (math.sqrt(2), 2))


@dataclass(frozen=True)
class Geometry:
    """Be the coordinates of one series."""

    line: str
    """Path through the points of complete intervals."""

    tails: str
    """Path of the segments that lead to incomplete intervals."""

    area: str
    """Closed path between the points and zero."""

    zero: float
    """Where zero lies, in per cent from the top."""


def nice_step(span: float, count: int = Y_TICKS) -> int:
    """Return a step of 1, 2 or 5 times a power of ten that gives about ``count`` ticks."""
    raw = max(span / count, 1)
    power = 10 ** math.floor(math.log10(raw))
    factor = next((f for limit, f in _STEPS if raw / power >= limit), 1)
    return int(factor * power)


def y_ticks(values: Sequence[int]) -> list[int]:
    """Return ticks from at most zero to at least one that enclose all values."""
    low, high = min([0, *values]), max([0, *values])
    step = nice_step(high - low)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [n * step for n in range(first, max(last, first + 1) + 1)]


def x_ticks(count: int) -> list[int]:
    """Return the indices of the points that get a label."""
    return list(range(0, count, max(1, math.ceil(count / X_TICKS))))


def x_share(index: int, count: int) -> float:
    """Return where a point lies, in per cent from the left; a single one in the middle."""
    return round(100 * index / (count - 1), 3) if count > 1 else 50.0


def anchor(index: int, count: int) -> str:
    """Return how a point's label is aligned, so that none leaves the plot."""
    share = x_share(index, count)
    return "start" if share < 5 else "end" if share > 95 else "middle"


def y_share(value: int, ticks: Sequence[int]) -> float:
    """Return where a value lies, in per cent from the top."""
    low, high = ticks[0], ticks[-1]
    return round(100 * (high - value) / (high - low), 3)


def places(values: Sequence[int]) -> list[dict[str, float]]:
    """Return where the points of a series lie, in per cent from the left and from the top."""
    ticks, count = y_ticks(values), len(values)
    return [{"x": x_share(n, count), "y": y_share(v, ticks)} for n, v in enumerate(values)]


def geometry(values: Sequence[int], partial: Sequence[bool]) -> Geometry:
    """Return the paths of a series; ``partial`` marks points of incomplete intervals."""
    points = [(WIDTH * p["x"] / 100, HEIGHT * p["y"] / 100) for p in places(values)]
    whole = [p for p, cut in zip(points, partial, strict=True) if not cut or len(points) == 1]
    pairs = zip(points, points[1:], partial, partial[1:], strict=False)
    tails = [_path([a, b]) for a, b, cut_a, cut_b in pairs if cut_a or cut_b]
    zero = y_share(0, y_ticks(values))
    return Geometry(_path(whole), "".join(tails), _area(points, HEIGHT * zero / 100), zero)


def _path(points: Sequence[tuple[float, float]]) -> str:
    """Return a path through points; a single point becomes a dot by its round cap."""
    if len(points) == 1:
        points = [points[0], points[0]]
    return "".join(f"{'L' if n else 'M'}{x:g},{y:g}" for n, (x, y) in enumerate(points))


def _area(points: Sequence[tuple[float, float]], base: float) -> str:
    """Return the closed path between points and a base line."""
    if len(points) < 2:
        return ""
    ends = [(points[-1][0], base), (points[0][0], base)]
    return f"{_path([*points, *ends])}Z"
