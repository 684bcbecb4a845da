# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Repeats: sessions that several lines count, as they saw a record before and after a change.

All numbers of lines add up but unique views and downloads: a session that saw a record on both
sides of a change within a day stands on two lines, and is one. With the groups of such sessions
the numbers of any lines are exact.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Set
from typing import Self

import msgspec

Group = list[int]
"""How many sessions, and then each position that counts them: a position stands several times
where lines have become one."""


class Repeats(msgspec.Struct, array_like=True, gc=False):
    """Hold the groups of sessions that several lines count, or several rows of one file."""

    views: list[Group] = []
    downloads: list[Group] = []

    def __bool__(self) -> bool:
        """Tell whether anything is counted twice."""
        return bool(self.views or self.downloads)

    def of(self, kind: str) -> list[Group]:
        """Return the groups of a kind of event."""
        return self.views if kind == "view" else self.downloads

    def moved(self, lines: list[int], rows: list[int]) -> Self:
        """Return the same groups of lines and rows that stand elsewhere now."""
        return type(self)(_moved(self.views, lines), _moved(self.downloads, rows))


def _moved(groups: list[Group], places: list[int]) -> list[Group]:
    """Return groups whose positions are elsewhere."""
    return [[sessions, *(places[n] for n in positions)] for sessions, *positions in groups]


def joined(parts: Iterable[Repeats]) -> Repeats:
    """Return the groups of several sheets, with the same positions, as one."""
    views: Counter[tuple[int, ...]] = Counter()
    downloads: Counter[tuple[int, ...]] = Counter()
    for part in parts:
        for counts, groups in ((views, part.views), (downloads, part.downloads)):
            for sessions, *positions in groups:
                counts[tuple(sorted(positions))] += sessions
    return Repeats(_groups(views), _groups(downloads))


def grouped(holders: Iterable[tuple[object, int]]) -> list[Group]:
    """Return groups from pairs of a session and a position that counts it."""
    positions: defaultdict[object, list[int]] = defaultdict(list)
    for session, position in holders:
        positions[session].append(position)
    return _groups(Counter(tuple(some) for some in positions.values() if len(some) > 1))


def _groups(counts: Counter[tuple[int, ...]]) -> list[Group]:
    """Return counted positions as groups, in order."""
    return [[sessions, *positions] for positions, sessions in sorted(counts.items())]


class Repeated:
    """Find out how many sessions chosen positions count too often."""

    def __init__(self, groups: list[Group]) -> None:
        self.groups = groups
        self._of: defaultdict[int, list[int]] = defaultdict(list)
        for number, (_, *positions) in enumerate(groups):
            for position in set(positions):
                self._of[position].append(number)

    def surplus(self, chosen: Set[int]) -> Iterator[tuple[int, int]]:
        """Yield a chosen position of each group, and how many sessions it counts too often."""
        for number in {n for position in self._of.keys() & chosen for n in self._of[position]}:
            sessions, *positions = self.groups[number]
            counted = [position for position in positions if position in chosen]
            if len(counted) > 1:
                yield counted[0], sessions * (len(counted) - 1)


def whole_surplus(groups: Iterable[Group]) -> Iterator[tuple[int, int]]:
    """Yield the same where everything is chosen."""
    for sessions, *positions in groups:
        yield positions[0], sessions * (len(positions) - 1)
