# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The series of a dashboard, for the chart and the cards."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from invenio_i18n import gettext
from invenio_i18n import lazy_gettext as _

from ..catalog import Metric
from ..reader.periods import Period, bucket_start, today
from ..services.parts import Point
from . import chart
from .format import Formatter

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


def series_view(
    metric: Metric, points: list[Point], period: Period, interval: str, text: Formatter
) -> dict[str, Any]:
    """Return a series with its texts, ticks and geometry."""
    values, cuts = [point.value for point in points], partial(points, period, interval)
    title = str((TITLES if metric.event else CHANGES)[interval]) % {"metric": metric.label}
    shown = [
        {**place, "partial": cut, **_texts(point, metric, interval, text)}
        for place, cut, point in zip(chart.places(values), cuts, points, strict=True)
    ]
    return {
        "metric": metric.id,
        "label": str(metric.label),
        "title": title,
        "summary": _summary(title, shown),
        "points": shown,
        "ticks": _ticks(values, metric, text),
        "marks": _marks(points, interval, text),
        "geometry": asdict(chart.geometry(values, cuts)),
    }


def partial(points: list[Point], period: Period, interval: str) -> list[bool]:
    """Tell for each point whether its interval is cut by the period or by today."""
    cuts = [False] * len(points)
    if points:
        last = bucket_start(period.until, interval)
        goes_on = bucket_start(period.until + timedelta(days=1), interval) == last
        cuts[0] = bucket_start(period.since, interval) != period.since
        cuts[-1] = cuts[-1] or goes_on or period.until >= today()
    return cuts


def _texts(point: Point, metric: Metric, interval: str, text: Formatter) -> dict[str, Any]:
    """Return a point's value with its texts."""
    return {
        "label": text.interval(point.day, interval),
        "value": point.value,
        "text": text.full(point.value, metric.unit),
    }


def _summary(title: str, points: list[dict[str, Any]]) -> str:
    """Return a series in one sentence, for readers who do not see the chart."""
    low, high = (pick(points, key=lambda point: point["value"]) for pick in (min, max))
    return gettext(
        "%(title)s: lowest %(low)s (%(low_at)s), highest %(high)s (%(high_at)s).",
        title=title,
        low=low["text"],
        low_at=low["label"],
        high=high["text"],
        high_at=high["label"],
    )


def _ticks(values: list[int], metric: Metric, text: Formatter) -> list[dict[str, Any]]:
    """Return the ticks of the value axis."""
    ticks = chart.y_ticks(values)
    return [
        {"value": tick, "text": text.short(tick, metric.unit), "at": chart.y_share(tick, ticks)}
        for tick in ticks
    ]


def _marks(points: list[Point], interval: str, text: Formatter) -> list[dict[str, Any]]:
    """Return the labels of the time axis."""
    count = len(points)
    return [
        {
            "text": text.tick(points[n].day, interval),
            "at": chart.x_share(n, count),
            "anchor": chart.anchor(n, count),
        }
        for n in chart.x_ticks(count)
    ]
