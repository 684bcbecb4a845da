# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Geometry of charts: numbers in, SVG coordinates out.

Paths are drawn in a box of ``WIDTH`` by ``HEIGHT`` units that the browser stretches to the room
there is; everything else is in per cent of the plot, so that text keeps its size.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

WIDTH = 1000
HEIGHT = 200
Y_TICKS = 4
X_TICKS = 6
BAND = 0.8
"""How much of an interval's room its bar takes."""
APART = 8
"""How far the labels at the ends of lines are apart at least, in per cent."""
_STEPS = ((math.sqrt(50), 10), (math.sqrt(10), 5), (math.sqrt(2), 2))
Value = int | float | None
Place = tuple[float, float]


@dataclass(frozen=True)
class Axes:
    """Be the scales of a plot: so many intervals, and values between the ticks."""

    count: int
    ticks: Sequence[int]
    banded: bool = False
    """Each interval has a room of its own, for bars; else lines go from edge to edge."""

    def x(self, index: int) -> float:
        """Return where an interval lies, in per cent from the left; a single one in the middle."""
        if self.banded:
            return round(100 * (index + 0.5) / self.count, 3)
        return round(100 * index / (self.count - 1), 3) if self.count > 1 else 50.0

    def y(self, value: int | float) -> float:
        """Return where a value lies, in per cent from the top."""
        low, high = self.ticks[0], self.ticks[-1]
        return round(100 * (high - value) / (high - low), 3)

    def edges(self, first: int, last: int) -> Place:
        """Return where some intervals begin and end, half a step around their points."""
        step = 100 / self.count if self.banded else 100 / max(self.count - 1, 1)
        left, right = self.x(first) - step / 2, self.x(last) + step / 2
        return round(max(left, 0), 3), round(min(right, 100), 3)

    def anchor(self, index: int) -> str:
        """Return how an interval's label is aligned, so that none leaves the plot."""
        share = self.x(index)
        return "start" if share < 5 else "end" if share > 95 else "middle"

    def marks(self) -> list[int]:
        """Return the intervals that get a label."""
        return list(range(0, self.count, max(1, math.ceil(self.count / X_TICKS))))


@dataclass(frozen=True)
class Paths:
    """Be the paths of one line."""

    line: str
    """Path through the points of complete intervals."""

    tails: str
    """Path of the segments that lead to incomplete intervals."""

    area: str
    """Closed path between the points and zero."""


def nice_step(span: float, count: int = Y_TICKS) -> int:
    """Return a step of 1, 2 or 5 times a power of ten that gives about ``count`` ticks."""
    raw = max(span / count, 1)
    power = 10 ** math.floor(math.log10(raw))
    factor = next((f for limit, f in _STEPS if raw / power >= limit), 1)
    return int(factor * power)


def y_ticks(values: Iterable[Value]) -> list[int]:
    """Return ticks from at most zero to at least one that enclose all values."""
    known = [0, *(value for value in values if value is not None)]
    low, high = min(known), max(known)
    step = nice_step(high - low)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [n * step for n in range(first, max(last, first + 1) + 1)]


def paths(axes: Axes, values: Sequence[Value], partial: Sequence[bool]) -> Paths:
    """Return the paths of a line, which breaks where a value is not known.

    ``partial`` marks points of incomplete intervals.
    """
    line, tails, area = "", "", ""
    for run in _runs(values):
        points = {n: _point(axes, n, values[n]) for n in run}
        line += "".join(map(_path, _whole(run, points, partial)))
        for a, b in pairwise(run):
            if partial[a] or partial[b]:
                tails += _path([points[a], points[b]])
        area += _area(list(points.values()), HEIGHT * axes.y(0) / 100)
    return Paths(line, tails, area)


def _runs(values: Sequence[Value]) -> list[list[int]]:
    """Return the indices of known values, in runs without a gap."""
    found: list[list[int]] = [[]]
    for n, value in enumerate(values):
        if value is not None:
            found[-1].append(n)
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


def _whole(
    run: list[int], points: dict[int, Place], partial: Sequence[bool]
) -> Iterable[list[Place]]:
    """Yield the connected points of complete intervals; a lone point is drawn in any case."""
    if len(run) == 1:
        yield [points[run[0]]]
        return
    kept = [points[n] for n in run if not partial[n]]
    if kept:
        yield kept


def _point(axes: Axes, index: int, value: int | float) -> Place:
    """Return where a point lies in the box of paths."""
    return WIDTH * axes.x(index) / 100, HEIGHT * axes.y(value) / 100


def _path(points: Sequence[Place]) -> str:
    """Return a path through points; a single point becomes a dot by its round cap."""
    if len(points) == 1:
        points = [points[0], points[0]]
    return "".join(f"{'L' if n else 'M'}{x:g},{y:g}" for n, (x, y) in enumerate(points))


def _area(points: Sequence[Place], base: float) -> str:
    """Return the closed path between points and a base line."""
    if len(points) < 2:
        return ""
    ends = [(points[-1][0], base), (points[0][0], base)]
    return f"{_path([*points, *ends])}Z"


def stacked(axes: Axes, parts: Sequence[Sequence[Value]]) -> list[list[dict[str, float]]]:
    """Return for each part the bars of its intervals, each upon those of the parts before."""
    width = BAND * 100 / axes.count
    columns = [list(accumulate(value or 0 for value in c)) for c in zip(*parts, strict=True)]
    return [
        [
            _bar(axes, n, width, column[k - 1] if k else 0, column[k])
            for n, column in enumerate(columns)
        ]
        for k in range(len(parts))
    ]


def _bar(
    axes: Axes, index: int, width: float, low: int | float, high: int | float
) -> dict[str, float]:
    """Return a bar between two values."""
    left, top, bottom = axes.x(index) - width / 2, axes.y(high), axes.y(low)
    size = {"width": round(width, 3), "height": round(bottom - top, 3)}
    return {"x": round(left, 3), "y": top, **size}


def spread(places: Sequence[float]) -> list[float]:
    """Return heights moved apart, so that labels at them can be read; in the same order."""
    order = sorted(range(len(places)), key=lambda n: places[n])
    found, last = list(places), -float(APART)
    for n in order:
        last = found[n] = max(places[n], last + APART)
    below = 100.0 + APART
    for n in reversed(order):
        below = found[n] = min(found[n], below - APART)
    return [round(max(place, 0.0), 3) for place in found]
