# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The series of a dashboard, for the chart and the cards."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import accumulate
from typing import Any

from invenio_i18n import gettext
from invenio_i18n import lazy_gettext as _

from ...catalog import Metric
from ...reader.freshness import Freshness
from ...reader.methods import MethodChange
from ...reader.periods import Period, bucket_start, today
from ...services.parts import Number, Point
from ...services.results import OneSeries
from ..model.format import Formatter
from ..model.state import State
from . import geometry
from .geometry import Axes
from .history import History
from .lines import Line, end_labels, line_view

TITLES = {
    "day": _("%(metric)s per day"),
    "week": _("%(metric)s per week"),
    "month": _("%(metric)s per month"),
    "quarter": _("%(metric)s per quarter"),
    "year": _("%(metric)s per year"),
}
CHANGES = {
    "day": _("%(metric)s: change per day"),
    "week": _("%(metric)s: change per week"),
    "month": _("%(metric)s: change per month"),
    "quarter": _("%(metric)s: change per quarter"),
    "year": _("%(metric)s: change per year"),
}
"""Titles of metrics that count what there is: their series is what was added less removed."""
REACHED, HELD = _("%(metric)s, cumulative"), _("%(metric)s at that time")
"""Titles of running sums: of what was used, and of what there is."""


class SeriesView:
    """Draw the series of one metric."""

    def __init__(
        self,
        metric: Metric,
        state: State,
        text: Formatter,
        freshness: Freshness,
        changes: Sequence[MethodChange],
        level: Number = None,
    ) -> None:
        """Take what is drawn; ``level``: how much is held at the end, of what is held."""
        self.metric, self.text, self.freshness, self.changes = metric, text, freshness, changes
        self.state, self.period, self.interval = state, state.period, state.interval
        self.cumulative, self.level = state.address.is_cumulative, level

    @property
    def title(self) -> str:
        """Return what the series is."""
        if self.cumulative:
            title = REACHED if self.metric.event else HELD
        else:
            title = (TITLES if self.metric.event else CHANGES)[self.interval]
        return str(title) % {"metric": self.metric.label}

    def whole(self, series: OneSeries, compared: Period | None = None) -> dict[str, Any]:
        """Return a series, and behind it the one of the period that it is compared with."""
        lines = [Line("", gettext("This period"), "main", series.points)]
        if any(point.value is not None for point in series.compared or ()):
            lines.append(self._earlier(series, compared))
        return self._view(series.points, lines, stacked=False)

    def _earlier(self, series: OneSeries, period: Period) -> Line:
        """Return the line of the earlier period, as long as the present one."""
        count = len(series.points)
        points = _as_long_as(series.points, series.compared)
        cuts = [*partial(series.compared, period, self.interval), *[False] * count][:count]
        return Line("earlier", gettext("Earlier period"), "earlier", points, cuts=cuts)

    def parts(self, series: OneSeries, split: list[Line], stacked: bool) -> dict[str, Any]:
        """Return a series in parts; ``stacked``: as bars upon each other."""
        return self._view(series.points, split, stacked)

    def _view(self, points: list[Point], lines: list[Line], stacked: bool) -> dict[str, Any]:
        """Return the series with its texts and its geometry."""
        history = History(self.freshness, self.changes, points, self.state, self.text)
        unknown = history.unrecorded(self.metric)
        points = _without(points, unknown)
        lines = [line._replace(points=_without(line.points, unknown)) for line in lines]
        values = [[point.value for point in line.points] for line in lines]
        heights = [sum(v or 0 for v in c) for c in zip(*values, strict=True)] if stacked else []
        ticks = geometry.y_ticks([*heights, *(v for row in values for v in row)])
        axes = Axes(len(points), ticks, banded=stacked)
        cuts = self.partial(points, history.begins(self.metric))
        drawn = [line_view(line, axes, cuts, self._write) for line in lines]
        return {
            "metric": self.metric.id,
            "label": str(self.metric.label),
            "title": self.title,
            "summary": self._summary(points, cuts),
            "unit": self.metric.unit,
            "interval": self.interval,
            "ticks": [self._tick(tick, axes) for tick in ticks],
            "marks": [self._mark(points, n, axes) for n in axes.marks()],
            "zero": axes.y(0),
            "columns": [self._column(p, n, axes, cuts) for n, p in enumerate(points)],
            "lines": end_labels(drawn),
            "bars": self._bars(lines, values, axes) if stacked else None,
            "gaps": history.gaps(self.metric, axes),
            "events": history.events(self.metric, axes),
            "spark": self._spark(points, cuts),
            "complete": True,
        }

    def partial(self, points: list[Point], begun: int | None) -> list[bool]:
        """Tell for each point whether its interval is cut; ``begun``: by the first recording."""
        cuts = partial(points, self.period, self.interval)
        return [cut or n == begun for n, cut in enumerate(cuts)]

    def _write(self, value: Number) -> str:
        """Return a value as text."""
        return self.text.readable(value, self.metric.unit)

    def _tick(self, tick: int, axes: Axes) -> dict[str, Any]:
        """Return a tick of the value axis."""
        return {"value": tick, "text": self.text.short(tick, self.metric.unit), "at": axes.y(tick)}

    def _mark(self, points: list[Point], index: int, axes: Axes) -> dict[str, Any]:
        """Return a label of the time axis."""
        text = self.text.tick(points[index].day, self.interval)
        return {"text": text, "at": axes.x(index), "anchor": axes.anchor(index)}

    def _column(self, point: Point, n: int, axes: Axes, cuts: Sequence[bool]) -> dict[str, Any]:
        """Return an interval."""
        label = self.text.interval(point.day, self.interval)
        return {"label": label, "x": axes.x(n), "partial": cuts[n], "day": point.day.isoformat()}

    def _bars(
        self, lines: list[Line], values: list[list[Number]], axes: Axes
    ) -> list[dict[str, Any]]:
        """Return the bars of each part."""
        rows = geometry.stacked(axes, values)
        return [
            {"id": line.id, "label": line.label, "place": place, "rects": rects}
            for place, (line, rects) in enumerate(zip(lines, rows, strict=True))
        ]

    def _spark(self, points: list[Point], cuts: Sequence[bool]) -> dict[str, str]:
        """Return the series in small, without anything beside it."""
        values = self._levels(points)
        if len(values) < 2:
            return {"area": "", "line": ""}
        shape = geometry.paths(Axes(len(values), geometry.y_ticks(values)), values, cuts)
        return {"area": shape.area, "line": shape.line + shape.tails}

    def _levels(self, points: list[Point]) -> list[Number]:
        """Return the values of points: of what is held how much that was, not how it changed."""
        values = [point.value for point in points]
        if self.cumulative or self.level is None or None in values:
            return values
        return [self.level - later for later in accumulate(reversed(values), initial=0)][-2::-1]

    def _summary(self, points: list[Point], cuts: Sequence[bool]) -> str:
        """Return a series in one sentence, for readers who do not see the chart."""
        known = _telling(points, cuts)
        if not known:
            return gettext("%(title)s: nothing is known.", title=self.title)
        low, high = (pick(known, key=lambda point: point.value) for pick in (min, max))
        return gettext(
            "%(title)s: lowest %(low)s (%(low_at)s), highest %(high)s (%(high_at)s).",
            title=self.title,
            low=self._write(low.value),
            low_at=self.text.interval(low.day, self.interval),
            high=self._write(high.value),
            high_at=self.text.interval(high.day, self.interval),
        )


def _telling(points: list[Point], cuts: Sequence[bool]) -> list[Point]:
    """Return the known points of complete intervals; if there are none, of all."""
    known = [n for n, point in enumerate(points) if point.value is not None]
    return [points[n] for n in known if not cuts[n]] or [points[n] for n in known]


def _without(points: list[Point], count: int) -> list[Point]:
    """Return points of which the first ones are not known."""
    return [*(Point(point.day, None) for point in points[:count]), *points[count:]]


def partial(points: list[Point], period: Period, interval: str) -> list[bool]:
    """Tell for each point whether its interval is cut by the period or by today."""
    cuts = [False] * len(points)
    if points:
        last = bucket_start(period.until, interval)
        goes_on = bucket_start(period.until + timedelta(days=1), interval) == last
        cuts[0] = bucket_start(period.since, interval) != period.since
        cuts[-1] = cuts[-1] or goes_on or period.until >= today()
    return cuts


def _as_long_as(points: list[Point], earlier: list[Point]) -> list[Point]:
    """Return the points of an earlier period, as many as there are now."""
    missing = [Point(point.day, None) for point in points[len(earlier) :]]
    return [*earlier[: len(points)], *missing]
