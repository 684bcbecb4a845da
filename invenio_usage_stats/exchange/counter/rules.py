# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The rules of processing of the Code of Practice for Research Data, without any index.

They look at the events of whole hours at a time: a session lasts an hour of the clock, so what is
unique in each of two hours is so in both together.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from .documents import LEVELS, RECORD, MonthUsage
from .metrics import ACCESS_METHODS, COUNTED

WINDOW = timedelta(seconds=30)
"""The longest time between the two clicks of a double click (CoP RD 1.0.1, section 10.2)."""
REQUEST = "request"
UNKNOWN = ""
"""Stands for a country that is not known."""
COLUMNS = {(c.metric.unique, c.metric.requests, c.access): n for n, c in enumerate(COUNTED)}
"""Where each number stands."""
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


class LevelTally:
    """Add up the use of the datasets of one level in one month."""

    def __init__(self, level: str) -> None:
        self.level = level
        self.parents: dict[str, str] = {}
        self._cells: defaultdict[str, Cells] = defaultdict(_no_cells)
        self._volume: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(ACCESS_METHODS))

    def add(self, clicks: Sequence[Event]) -> None:
        """Add the single clicks of whole hours, the last one first."""
        requests = [click for click in clicks if click.kind == REQUEST]
        # Every request is an investigation, too.
        self._count(clicks, requests=False)
        self._count(requests, requests=True)
        for click in requests:
            self._volume[self._dataset(click)][click.is_machine] += click.size
        for click in clicks:
            self.parents[self._dataset(click)] = click.parent_recid

    def _count(self, clicks: Sequence[Event], requests: bool) -> None:
        """Count clicks, and each session once for each dataset (CoP RD 1.0.1, section 10.3).

        A session counts for the country of its last click.
        """
        totals, uniques = _columns(requests, unique=False), _columns(requests, unique=True)
        by_record, cells = self.level == RECORD, self._cells
        seen: set[tuple[str, str, bool]] = set()
        for click in clicks:
            dataset = click.recid if by_record else click.parent_recid
            numbers = cells[dataset][click.country]
            machine = click.is_machine
            numbers[totals[machine]] += 1
            session = dataset, click.session, machine
            if session not in seen:
                seen.add(session)
                numbers[uniques[machine]] += 1

    def _dataset(self, click: Event) -> str:
        """Return which dataset of this level was used."""
        return click.recid if self.level == RECORD else click.parent_recid

    def usages(self, month: str) -> Iterator[MonthUsage]:
        """Yield the use of each dataset, in the order of their ids."""
        for dataset in sorted(self._cells):
            cells = self._cells[dataset]
            counts = {c.id: sum(row[n] for row in cells.values()) for n, c in enumerate(COUNTED)}
            volume = dict(zip(ACCESS_METHODS, self._volume[dataset], strict=True))
            parent = self.parents[dataset]
            yield MonthUsage(month, dataset, parent, counts, volume, _countries(cells))


class Tally:
    """Add up the use of one month on both levels; robots are not to be among it."""

    def __init__(self, month: str) -> None:
        self.month = month
        self._levels = {level: LevelTally(level) for level in LEVELS}

    def add(self, events: Sequence[Event], until: datetime) -> None:
        """Add the events of whole hours, in their order.

        ``until``: their end. Later events are the second clicks of double clicks, and not counted.
        """
        clicks = [click for click in single_clicks(events) if click.timestamp < until]
        for tally in self._levels.values():
            tally.add(clicks)

    def usages(self, level: str) -> Iterator[MonthUsage]:
        """Yield the use of each dataset of a level, in the order of their ids."""
        return self._levels[level].usages(self.month)


def _columns(requests: bool, unique: bool) -> tuple[int, int]:
    """Return where a metric stands, of people and of machines."""
    regular, machine = (COLUMNS[unique, requests, access] for access in ACCESS_METHODS)
    return regular, machine


def _countries(cells: Cells) -> dict[str, dict[str, int]]:
    """Return the known countries of each number that is not zero."""
    known = sorted(country for country in cells if country != UNKNOWN)
    rows = {
        counted.id: {country: cells[country][n] for country in known if cells[country][n]}
        for n, counted in enumerate(COUNTED)
    }
    return {id_: row for id_, row in rows.items() if row}
