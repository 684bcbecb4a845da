# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a record's ledger entries say: where it was counted, when, and with which facts.

All times are whole seconds since 1970-01-01 UTC; days are whole days since then.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

import msgspec

from ..catalog.base import Basis
from .facts import Facts, first_day

GLOBAL = "global"
DAY = 86_400
FOREVER = 1 << 62
EPOCH = date(1970, 1, 1).toordinal()

Interval = tuple[int, int]
"""A presence: [start, end) in seconds."""


def day_number(day: date) -> int:
    """Return a date as days since 1970-01-01."""
    return day.toordinal() - EPOCH


def day_date(number: int) -> date:
    """Return days since 1970-01-01 as a date."""
    return date.fromordinal(number + EPOCH)


def second_of(moment: datetime) -> int:
    """Return a naive UTC time as seconds since 1970."""
    return int(moment.replace(tzinfo=UTC).timestamp())


class Entry(msgspec.Struct, frozen=True):
    """Be one ledger entry: in which scope what happened at which second."""

    scope: str
    kind: str
    at: int
    sequence: int
    facts: Facts | None = None


class History(msgspec.Struct, dict=True):
    """Hold all entries of one record, in the order in which they took effect."""

    record: str
    parent: str
    ordinal: int
    parent_ordinal: int
    created: int
    drafted: int
    entries: list[Entry]

    def __post_init__(self) -> None:
        """Sort the entries by time, then by the order of recording."""
        self.entries.sort(key=lambda e: (e.at, e.sequence))

    def prefixes(self, since: int) -> Iterator["History"]:
        """Yield this history as it was known before each entry from ``since`` on.

        `since`: sequence number. Whatever was aggregated earlier corresponds to one of these, or
        to the history itself.
        """
        for first in sorted(e.sequence for e in self.entries if e.sequence >= since):
            yield self.with_entries([e for e in self.entries if e.sequence < first])

    def with_entries(self, entries: list[Entry]) -> "History":
        """Return the same record with other entries."""
        return msgspec.structs.replace(self, entries=entries)

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """Return every scope that the record ever belonged to."""
        return tuple(dict.fromkeys(e.scope for e in self.entries))

    @cached_property
    def _facts(self) -> tuple[list[int], list[tuple[int, Facts]]]:
        """Return the seconds at which facts changed, and (sequence, facts) since then."""
        changes = [e for e in self.entries if e.facts is not None]
        return [e.at for e in changes], [(e.sequence, e.facts) for e in changes]

    def facts_entry_at(self, moment: int) -> tuple[int, Facts]:
        """Return sequence and facts of an entry: the last up to a second, else the first."""
        times, facts = self._facts
        return facts[max(bisect_right(times, moment) - 1, 0)]

    def facts_at(self, moment: int) -> Facts:
        """Return the facts at a second (see ``facts_entry_at``)."""
        return self.facts_entry_at(moment)[1]

    def facts_on(self, day: int) -> Facts:
        """Return the facts at the end of a day."""
        return self.facts_at((day + 1) * DAY - 1)

    @cached_property
    def fact_days(self) -> tuple[int, ...]:
        """Return the days on which facts may have changed."""
        return tuple(sorted({at // DAY for at in self._facts[0][1:]}))

    @cached_property
    def published_at(self) -> int:
        """Return the second of publication."""
        return next((e.at for e in self.entries if e.scope == GLOBAL), FOREVER)

    @cached_property
    def life(self) -> list[Interval]:
        """Return when the record was published and not deleted."""
        return self._life({"added": True, "restored": True, "deleted": False})

    @cached_property
    def gaps(self) -> list[Interval]:
        """Return when the record was deleted."""
        return self._life({"deleted": True, "restored": False})

    def _life(self, switches: dict[str, bool]) -> list[Interval]:
        """Return the periods between entries of the record's own life."""
        own = (e for e in self.entries if e.scope == GLOBAL and e.kind in switches)
        return _intervals((e.at, switches[e.kind]) for e in own)

    def membership(self, scope: str) -> list[Interval]:
        """Return when the record belonged to a scope, its own deletions aside."""
        if scope == GLOBAL:
            return [(self.published_at, FOREVER)] if self.published_at < FOREVER else []
        return _intervals((e.at, e.kind == "added") for e in self.entries if e.scope == scope)

    def presence(self, scope: str, basis: Basis) -> list[Interval]:
        """Return when the record counts in a scope.

        On the basis ``added`` these are the memberships, cut to the record's life. On the other
        two the record enters on its creation or publication day, leaves with its last
        membership, and is away while it is deleted.
        """
        memberships = self.membership(scope)
        if basis == "added" or not memberships:
            return _intersect(memberships, self.life)
        entry = self.created if basis == "created" else self.publication
        whole = (entry, memberships[-1][1])
        return [(start, end) for start, end in _without(whole, self.gaps) if start < end]

    @property
    def publication(self) -> int:
        """Return the first second of the publication date; of the creation day without one."""
        published = first_day(self._facts[1][-1][1].published)
        day = day_number(date.fromisoformat(published)) if published else self.created // DAY
        return day * DAY


def history_of(told: Sequence[Any], seconds: Callable[[Any], int]) -> History:
    """Return the history that a record's documents tell, or rows with the same names.

    ``seconds``: how their times are read.
    """
    first = told[0]
    return History(
        record=first.record_id,
        parent=first.parent_id,
        ordinal=first.ordinal,
        parent_ordinal=first.parent_ordinal,
        created=seconds(first.record_created_date),
        drafted=seconds(first.record_drafted_date),
        entries=[
            Entry(
                one.community_id, one.event_type, seconds(one.event_date), one.sequence, one.facts
            )
            for one in told
        ],
    )


def _intervals(switches: Iterator[tuple[int, bool]]) -> list[Interval]:
    """Return the periods between switching on and off; repeated switches change nothing."""
    found: list[Interval] = []
    start: int | None = None
    for at, on in switches:
        if on and start is None:
            start = at
        elif not on and start is not None:
            found.append((start, at))
            start = None
    if start is not None:
        found.append((start, FOREVER))
    return [(a, b) for a, b in found if a < b]


def _intersect(left: list[Interval], right: list[Interval]) -> list[Interval]:
    """Return the periods that both lists cover."""
    pairs = ((max(a, c), min(b, d)) for a, b in left for c, d in right)
    return sorted((start, end) for start, end in pairs if start < end)


def _without(whole: Interval, gaps: list[Interval]) -> Iterator[Interval]:
    """Yield what remains of a period without the gaps."""
    start, end = whole
    for gap_start, gap_end in gaps:
        if gap_start < end:
            yield start, max(start, gap_start)
            start = max(start, gap_end)
    yield start, end
