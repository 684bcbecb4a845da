# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Counting: actions, and the visits and visitors that are distinct, without estimates."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from ....reader.periods import Period
from .reading import Query, ReportedEvent, lots
from .visibility import Visible

Key = Callable[[ReportedEvent], Hashable]


class Visit:
    """Be the actions of one visit."""

    __slots__ = ("actions", "first", "last")

    def __init__(self, at: str) -> None:
        self.actions, self.first, self.last = 1, at, at

    def add(self, at: str) -> None:
        """Count one more action."""
        self.actions += 1
        if at > self.last:
            self.last = at
        elif at < self.first:
            self.first = at

    @property
    def seconds(self) -> int:
        """Return how long it took from the first action to the last."""
        first, last = map(datetime.fromisoformat, (self.first, self.last))
        return int((last - first).total_seconds())


class Tally:
    """Be the numbers of one row."""

    def __init__(self) -> None:
        self.actions = self.visits = self.visitors = 0
        self.bounces = self.seconds = self.most_actions = 0
        self.url = ""
        """Of several addresses the first one in order."""
        self._visits: dict[str, Visit] = {}
        self._visitors: set[tuple[str, str]] = set()
        """With the day: nobody has the same id on two days."""

    def add(self, event: ReportedEvent, day: str) -> None:
        """Count an event."""
        self.actions += 1
        if not self.url or event.url < self.url:
            self.url = event.url
        visit = self._visits.get(event.visit_id)
        if visit is None:
            self._visits[event.visit_id] = Visit(event.timestamp)
            self._visitors.add((event.visitor_id, day))
        else:
            visit.add(event.timestamp)

    def close(self) -> None:
        """Add what was distinct in a lot, and forget it."""
        for visit in self._visits.values():
            self.bounces += visit.actions == 1
            self.seconds += visit.seconds if visit.actions > 1 else 0
            self.most_actions = max(self.most_actions, visit.actions)
        self.visits += len(self._visits)
        self.visitors += len(self._visitors)
        self._visits, self._visitors = {}, set()


Tallies = dict[Hashable, Tally]


class Span(NamedTuple):
    """Be a span of time, as events tell times, and where the periods in it begin."""

    since: str
    until: str
    starts: tuple[str, ...] = ("",)

    @classmethod
    def of(cls, periods: Iterable[Period]) -> "Span":
        """Return the span of periods that follow on each other."""
        found = tuple(periods)
        starts = tuple(period.since.isoformat() for period in found)
        return cls(starts[0], (found[-1].until + timedelta(days=1)).isoformat(), starts)

    def places(self) -> Callable[[str], int]:
        """Return a function that tells in which period a day lies, counted from 0."""
        return cache(lambda day: bisect_right(self.starts, day) - 1)


def tallied(
    span: Span, wanted: list[Query], visible: Visible, key: Key
) -> dict[tuple[int, int], Tallies]:
    """Return the tallies of each site and period, by what a key says of events.

    Events without a key are not counted.
    """
    found: defaultdict[tuple[int, int], Tallies] = defaultdict(lambda: defaultdict(Tally))
    place = span.places()
    for lot in lots(span.since, span.until, wanted):
        for event in _visible(lot, visible):
            row, day = key(event), event.timestamp[:10]
            if row is not None:
                found[event.site, place(day)][row].add(event, day)
        for tally in (one for tallies in found.values() for one in tallies.values()):
            tally.close()
    return found


def _visible(lot: Iterator[list[ReportedEvent]], visible: Visible) -> Iterator[ReportedEvent]:
    """Yield the events of a lot that the reader may know of."""
    for page in lot:
        yield from visible.among(page)
