# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Counting: actions, and the visits and visitors that are distinct, without estimates."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from ....reader.periods import Period
from .reading import Group, Query, between, chosen, groups, stretches
from .visibility import Visible

VISIT, VISITOR = "visit_id", "visitor_id"


class Visit:
    """Be the actions of one visit."""

    __slots__ = ("actions", "first", "last")

    def __init__(self) -> None:
        self.actions, self.first, self.last = 0, float("inf"), 0.0

    def add(self, group: Group) -> None:
        """Count some of its actions."""
        self.actions += group["doc_count"]
        if "min" in group:
            self.first = min(self.first, group["min"]["value"])
            self.last = max(self.last, group["max"]["value"])

    @property
    def seconds(self) -> int:
        """Return how long it took from the first action to the last, if that is known."""
        return int(max(self.last - self.first, 0) / 1000)


class Tally:
    """Be the numbers of one row."""

    def __init__(self) -> None:
        self.actions = self.visits = self.visitors = 0
        self.bounces = self.seconds = self.most_actions = 0
        self.url = ""
        """Of several addresses the first one in order."""
        self._visits: defaultdict[str, Visit] = defaultdict(Visit)
        self._visitors: set[str] = set()

    def add(self, group: Group) -> None:
        """Count events of one visit."""
        key = group["key"]
        self.actions += group["doc_count"]
        url = key.get("url") or ""
        if not self.url or url < self.url:
            self.url = url
        self._visits[key[VISIT]].add(group)
        self._visitors.add(key[VISITOR])

    def close(self) -> None:
        """Add what was distinct in some days, and forget it: ids are others on other days."""
        for visit in self._visits.values():
            self.bounces += visit.actions == 1
            self.seconds += visit.seconds
            self.most_actions = max(self.most_actions, visit.actions)
        self.visits += len(self._visits)
        self.visitors += len(self._visitors)
        self._visits.clear()
        self._visitors.clear()


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

    @property
    def query(self) -> Query:
        """Return the query for its events."""
        return between(self.since, self.until)

    def sites(self, wanted: list[Query]) -> set[int]:
        """Return the numbers of the sites that have events."""
        found = groups(chosen([self.query, *wanted]), ("site",))
        return {group["key"]["site"] for group in found}


class Rows(NamedTuple):
    """Say which rows there are: by which fields, and what each is called."""

    fields: tuple[str, ...]
    key: Callable[[dict[str, Any]], Hashable]
    """Events without a key are not counted."""
    timed: bool = False
    """Whether lengths of visits are counted."""


def tallied(
    span: Span, site: int, wanted: list[Query], visible: Visible, rows: Rows
) -> dict[int, Tallies]:
    """Return the tallies of a site, by period and row."""
    all_of_it = [span.query, {"term": {"site": site}}, *wanted]
    query = chosen(all_of_it, visible.hidden(chosen(all_of_it)))
    found: defaultdict[int, Tallies] = defaultdict(lambda: defaultdict(Tally))
    for stretch in stretches(query, span.starts):
        tallies = found[stretch.place]
        some = chosen([query, stretch.query])
        for group in groups(some, (*rows.fields, VISIT, VISITOR), rows.timed):
            row = rows.key(group["key"])
            if row is not None:
                tallies[row].add(group)
        for tally in tallies.values():
            tally.close()
    return found
