# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The rules of processing of the Code of Practice for Research Data, without any index.

They look at the events of whole hours at a time: a session lasts an hour of the clock, so what is
unique in each of two hours is so in both together.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

import msgspec

from .documents import RECORD, MonthUsage
from .metrics import ACCESS_METHODS, COUNTED, IDS, MACHINE

WINDOW = timedelta(seconds=30)
"""The longest time between the two clicks of a double click (CoP RD 1.0.1, section 10.2)."""
REQUEST = "request"
UNKNOWN = ""
"""Stands for a country that is not known."""
COLUMNS = {(c.metric.unique, c.metric.requests, c.access): n for n, c in enumerate(COUNTED)}
"""Where each number stands."""
WORK = attrgetter("recid", "parent_recid")
PLACE = attrgetter("recid", "parent_recid", "session", "country")
ZEROS = [0] * len(COUNTED)
Cells = defaultdict[str, list[int]]
"""The numbers of a dataset by country."""


class Event(msgspec.Struct, gc=False, order=True):
    """Be a raw event.

    Events are ordered by their time and then by all that they say, so that it does not matter in
    which order they were read. Times are naive UTC.
    """

    timestamp: datetime
    url: str
    visitor: str
    session: str
    recid: str
    parent_recid: str
    kind: str
    is_machine: bool
    is_robot: bool
    agent: str = ""
    list_version: str = ""
    size: int = 0
    country: str = UNKNOWN


def single_clicks(events: Sequence[Event]) -> Iterator[Event]:
    """Yield events, the last one first, without the first click of every double click.

    ``events``: in their order. Of a chain of clicks, each within 30 seconds of the one before it,
    the last one is left (CoP RD 1.0.1, section 10.2).
    """
    following: dict[tuple[str, str], datetime] = {}
    for event in reversed(events):
        key = event.visitor, event.url
        after = following.get(key)
        if after is None or after - event.timestamp > WINDOW:
            yield event
        following[key] = event.timestamp


def _no_cells() -> Cells:
    """Return the numbers of a dataset without use."""
    return defaultdict(ZEROS.copy)


class Tally:
    """Add up the use of one month; robots are not to be among it.

    Versions are counted. What a work has in total is what its versions have together. Unique
    numbers would be too large by the sessions that saw several versions, which are counted apart.
    """

    def __init__(self, month: str) -> None:
        self.month = month
        self._parents: dict[str, str] = {}
        self._cells: defaultdict[str, Cells] = defaultdict(_no_cells)
        self._surplus: defaultdict[str, Cells] = defaultdict(_no_cells)
        """By work: the sessions that its versions count more than once."""
        self._volume: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(ACCESS_METHODS))

    def add(self, events: Sequence[Event], until: datetime) -> None:
        """Add the events of whole hours, in their order.

        ``until``: their end. Later events are the second clicks of double clicks, and not counted.
        """
        clicks = [click for click in single_clicks(events) if click.timestamp < until]
        self._parents.update(map(WORK, clicks))
        for access in ACCESS_METHODS:
            mine = [click for click in clicks if click.is_machine == (access == MACHINE)]
            requests = [click for click in mine if click.kind == REQUEST]
            # Every request is an investigation, too.
            self._count(mine, access, requests=False)
            self._count(requests, access, requests=True)
            for click in requests:
                self._volume[click.recid][access == MACHINE] += click.size

    def _count(self, clicks: Sequence[Event], access: str, requests: bool) -> None:
        """Count clicks, the last one first, and each session once for each dataset.

        A session counts for the country of its last click (CoP RD 1.0.1, section 10.3).
        """
        total, unique = (COLUMNS[once, requests, access] for once in (False, True))
        of_versions: set[tuple[str, str]] = set()
        of_works: set[tuple[str, str]] = set()
        for recid, parent, session, country in map(PLACE, clicks):
            numbers = self._cells[recid][country]
            numbers[total] += 1
            if (recid, session) in of_versions:
                continue
            of_versions.add((recid, session))
            numbers[unique] += 1
            if (parent, session) in of_works:
                self._surplus[parent][country][unique] += 1
            of_works.add((parent, session))

    def usages(self, level: str) -> Iterator[MonthUsage]:
        """Yield the use of each dataset of a level, in the order of their ids."""
        for dataset, versions in sorted(self._datasets(level).items()):
            counts, countries = _numbers(self._together(dataset, versions))
            columns = zip(*(self._volume[recid] for recid in versions), strict=True)
            volume = dict(zip(ACCESS_METHODS, map(sum, columns), strict=True))
            parent = self._parents[versions[0]]
            yield MonthUsage(self.month, dataset, parent, counts, volume, countries)

    def _datasets(self, level: str) -> dict[str, list[str]]:
        """Return the datasets of a level, with their versions."""
        if level == RECORD:
            return {recid: [recid] for recid in self._cells}
        found = defaultdict(list)
        for recid in self._cells:
            found[self._parents[recid]].append(recid)
        return found

    def _together(self, dataset: str, versions: list[str]) -> Cells:
        """Return the numbers of all versions of a dataset, each session once."""
        if len(versions) == 1:
            return self._cells[versions[0]]
        cells = _no_cells()
        parts = [(1, self._cells[recid]) for recid in versions]
        for sign, part in [*parts, (-1, self._surplus.get(dataset, {}))]:
            for country, numbers in part.items():
                row = cells[country]
                row[:] = [a + sign * b for a, b in zip(row, numbers, strict=True)]
        return cells


def _numbers(cells: Cells) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Return the numbers of a dataset, and the known countries of those that are not zero."""
    names = sorted(cells)
    columns = zip(*(cells[name] for name in names), strict=True)
    by_id = dict(zip(IDS, columns, strict=True))
    counts = {id_: sum(column) for id_, column in by_id.items()}
    countries = {}
    for id_, column in by_id.items():
        known = {
            name: number
            for name, number in zip(names, column, strict=True)
            if number and name != UNKNOWN
        }
        if known:
            countries[id_] = known
    return counts, countries
