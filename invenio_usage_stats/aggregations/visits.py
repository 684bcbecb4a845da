# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Visits to landing pages of communities: numbers of a scope as a whole, which have no cells.

What has none has no field for them either, so documents of repositories without such events are
as if there were none of these metrics.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..catalog import Metric
from ..indices import VISIT
from ..ledger.history import GLOBAL
from .usage.events import VisitEvent
from .usage.moments import note

Visits = dict[str, int]
"""Numbers by the field of their metric; empty for none."""


@dataclass(slots=True)
class _Seen:
    """Be what is remembered of one lot of visits to a scope."""

    events: int = 0
    sessions: set[tuple[str, str]] = field(default_factory=set)
    visitors: set[str] = field(default_factory=set)


class DayVisits:
    """Count the visits of a day, given as one lot or as several lots of different visitors."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._fields = {metric.counter: metric.field for metric in metrics}
        self._seen: defaultdict[str, _Seen] = defaultdict(_Seen)
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._times: dict[str, list[str]] = {}

    def add(self, event: VisitEvent) -> None:
        """Take a visit: it counts for its community, and for the repository."""
        for scope in (event.community_id, GLOBAL):
            seen = self._seen[scope]
            seen.events += 1
            note(self._times, scope, event.timestamp)
            if event.unique_session_id:
                seen.sessions.add((event.community_id, event.unique_session_id))
            if event.visitor_id:
                seen.visitors.add(event.visitor_id)

    def reduce(self) -> None:
        """Count what was taken since the last time, and forget its visitors."""
        while self._seen:
            scope, seen = self._seen.popitem()
            counts = {"events": seen.events, "uniques": len(seen.sessions)}
            self._counts[scope].update(counts, visitors=len(seen.visitors))

    @property
    def scopes(self) -> list[str]:
        """Return the scopes that were visited."""
        return list(self._counts)

    def of(self, scope: str) -> Visits:
        """Return the numbers of a scope."""
        counts = self._counts.get(scope)
        return {name: counts[counter] for counter, name in self._fields.items()} if counts else {}

    def when(self, scope: str) -> list[str]:
        """Return the first and the last visit of a scope; nothing without any."""
        return self._times.get(scope, [])


def shaped(visits: Visits) -> dict[str, Visits]:
    """Return the numbers in the shape of documents: nothing where there are none."""
    return {VISIT: visits} if visits else {}
