# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The lines of a chart."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from invenio_i18n import gettext as _

from ...catalog import Dimension, Metric
from ...services.parts import Number, Point
from ...services.results import OneSeries
from . import geometry
from .geometry import Axes

REST = "rest"


class Line(NamedTuple):
    """Be one line: what it is called, what it is, and its points."""

    id: str
    label: str
    role: str
    """``main``, ``earlier``, ``part`` or ``rest``."""
    points: list[Point]
    place: int = 0
    cuts: Sequence[bool] | None = None
    """Which intervals are not complete, if others than those of the chart."""


def line_view(
    line: Line, axes: Axes, cuts: Sequence[bool], write: Callable[[Number], str]
) -> dict[str, Any]:
    """Return a line with its texts and its geometry."""
    values = [point.value for point in line.points]
    found = asdict(geometry.paths(axes, values, cuts if line.cuts is None else line.cuts))
    if line.role != "main":
        found["area"] = ""
    return {
        "id": line.id,
        "label": line.label,
        "role": line.role,
        "place": line.place,
        **found,
        "end": _end(axes, values),
        "values": [_value(axes, value, write) for value in values],
    }


def _value(axes: Axes, value: Number, write: Callable[[Number], str]) -> dict[str, Any] | None:
    """Return a value with its text and height; nothing where it is not known."""
    return None if value is None else {"value": value, "text": write(value), "y": axes.y(value)}


def _end(axes: Axes, values: Sequence[Number]) -> dict[str, float] | None:
    """Return where a line ends."""
    known = [n for n, value in enumerate(values) if value is not None]
    return {"x": axes.x(known[-1]), "y": axes.y(values[known[-1]])} if known else None


def end_labels(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return lines with the heights of the labels at their ends, moved apart."""
    ending = [line["end"] for line in lines if line["end"]]
    for end, at in zip(ending, geometry.spread([end["y"] for end in ending]), strict=True):
        end["at"] = at
    return lines


def counts_whole(metric: Metric, dimension: Dimension) -> bool:
    """Tell whether the values of a dimension add up to the whole of a metric.

    They do where nothing has two values, and what is counted is neither people nor sessions.
    """
    plain = not metric.distinct and metric.counter not in ("visitors", "uniques")
    return plain and not dimension.multiple


def parts_of(whole: OneSeries, split: list[OneSeries], adding: bool) -> list[Line]:
    """Return a line for each value, and one for the rest where values add up to the whole."""
    lines = [Line(one.id, one.label, "part", one.points, n) for n, one in enumerate(split)]
    rest = _rest(whole, split) if adding else None
    if rest:
        lines.append(Line("", _("All others"), REST, rest, len(lines)))
    return lines


def _rest(whole: OneSeries, split: list[OneSeries]) -> list[Point] | None:
    """Return what is not under any of some values; nothing when it is nothing, or not known."""
    found = []
    for n, point in enumerate(whole.points):
        values = [one.points[n].value for one in split]
        if point.value is None or None in values:
            return None
        found.append(Point(point.day, point.value - sum(values)))
    return found if any(point.value for point in found) else None
