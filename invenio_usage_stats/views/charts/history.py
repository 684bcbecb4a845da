# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a chart must say of the time it shows: days without data, and changes of method."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from invenio_i18n import gettext as _
from invenio_i18n import lazy_gettext

from ...catalog import Metric
from ...reader.freshness import Freshness
from ...reader.methods import (
    DOUBLE_CLICKS,
    LOCATIONS,
    PREPARATION,
    RECOUNT,
    ROBOTS,
    SESSIONS,
    MethodChange,
)
from ...reader.periods import bucket_start, today
from ...services.parts import Point
from ..model.format import Formatter
from ..model.state import State
from .geometry import Axes

BEGAN = lazy_gettext("The recording of usage began on %(day)s.")
ESTIMATED = lazy_gettext("Before %(day)s, memberships and properties are those of that day.")
METHODS = {
    ROBOTS: lazy_gettext(
        "Robots are recognised by another list since %(day)s (was %(before)s, is %(after)s)."
    ),
    LOCATIONS: lazy_gettext(
        "Countries are found with another database since %(day)s (was %(before)s, is %(after)s)."
    ),
    DOUBLE_CLICKS: lazy_gettext(
        "The time within which repeated clicks count once changed on %(day)s (was %(before)s "
        "seconds, is %(after)s seconds)."
    ),
    SESSIONS: lazy_gettext(
        "The length of a session, in which unique views and downloads count once, changed on "
        "%(day)s (was %(before)s minutes, is %(after)s minutes)."
    ),
    PREPARATION: lazy_gettext(
        "Usage events are prepared in another way since %(day)s (was %(before)s, is %(after)s)."
    ),
    RECOUNT: lazy_gettext(
        "What the repository reports of %(month)s by the rules of COUNTER was counted again on "
        "%(day)s (was count %(before)s, is count %(after)s)."
    ),
}
"""What is said of a change of a part of the method."""


class History:
    """Know what happened to the numbers of a chart."""

    def __init__(
        self,
        freshness: Freshness,
        changes: Sequence[MethodChange],
        points: Sequence[Point],
        state: State,
        text: Formatter,
    ) -> None:
        self.freshness, self.changes, self.text = freshness, changes, text
        self.starts = [point.day for point in points]
        self.interval, self.until = state.interval, state.period.until

    def gaps(self, metric: Metric, axes: Axes) -> list[dict[str, Any]]:
        """Return the intervals of which nothing, or not everything, is known."""
        return [*self._unrecorded(metric, axes), *self._incomplete(axes)]

    def _unrecorded(self, metric: Metric, axes: Axes) -> list[dict[str, Any]]:
        """Return the time before usage was recorded."""
        first, count = self.freshness.recorded_from, self.unrecorded(metric)
        if not count:
            return []
        sentence = _("No usage was recorded before %(day)s.", day=self.text.day(first))
        return [_gap(axes, 0, count - 1, sentence)]

    def unrecorded(self, metric: Metric) -> int:
        """Return how many intervals were over before usage was recorded."""
        first = self.freshness.recorded_from
        if not metric.event or first is None:
            return 0
        return sum(start < bucket_start(first, self.interval) for start in self.starts)

    def begins(self, metric: Metric) -> int | None:
        """Return the interval within which the recording of usage began, if one did."""
        first = self.freshness.recorded_from
        if not metric.event or first is None or bucket_start(first, self.interval) == first:
            return None
        return self._at(first)

    def _incomplete(self, axes: Axes) -> list[dict[str, Any]]:
        """Return the time that is not counted wholly, beside the present day."""
        first = self.freshness.incomplete_from
        if first is None or first >= today() - timedelta(days=1):
            return []
        n = self._at(first)
        if n is None:
            return []
        sentence = _("From %(day)s on, not everything is counted yet.", day=self.text.day(first))
        return [_gap(axes, n, len(self.starts) - 1, sentence)]

    def events(self, metric: Metric, axes: Axes) -> list[dict[str, Any]]:
        """Return the days on which the way of counting changed; one for those of an interval."""
        found = defaultdict(list)
        for day, sentence in sorted(self._sentences(metric)):
            n = self._at(day)
            if n is not None and day > self.starts[0]:
                found[n].append(sentence)
        return [{"x": axes.x(n), "text": " ".join(said)} for n, said in found.items()]

    def _sentences(self, metric: Metric) -> Iterator[tuple[date, str]]:
        """Yield what changed the way of counting, with its day."""
        began = self.freshness.recorded_from if metric.event else None
        for day, sentence in ((began, BEGAN), (self.freshness.estimated_before, ESTIMATED)):
            if day:
                yield day, str(sentence) % {"day": self.text.day(day)}
        for change in self.changes:
            name, _colon, month = change.name.partition(":")
            if name in METHODS:
                said = {"day": self.text.day(change.day), "month": self._month(month)}
                yield change.day, str(METHODS[name]) % (change._asdict() | said)

    def _month(self, month: str) -> str:
        """Return the name of a month, if there is one."""
        return self.text.interval(date.fromisoformat(f"{month}-01"), "month") if month else ""

    def _at(self, day: date) -> int | None:
        """Return the interval that holds a day; none for a day before or after all of them."""
        before = [n for n, start in enumerate(self.starts) if start <= day]
        return before[-1] if before and day <= self.until else None


def _gap(axes: Axes, first: int, last: int, sentence: str) -> dict[str, Any]:
    """Return some intervals with what is to be said of them."""
    left, right = axes.edges(first, last)
    return {"x": left, "width": round(right - left, 3), "text": sentence}
