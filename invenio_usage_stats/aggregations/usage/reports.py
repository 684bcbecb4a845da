# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The reported downloads of a day: each counts where its record or work belonged to then."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from invenio_db import db

from ...ledger.history import GLOBAL
from ...ledger.reading import seconds
from ...ledger.store import versions_of_works
from ..reports import SOFTWARE, WHOLE, Row, Rows
from ..shares import MISSING
from .attribution import Segment, ordinal_of
from .events import ReportEvent
from .timelines import Timelines


class Placed(NamedTuple):
    """Be where an event counts; ``records``: those by which that is decided."""

    row: Row
    scopes: Iterable[str]
    records: list[str]


class Works:
    """Know where records and works counted at any second: a work where any of its versions did."""

    def __init__(self, timelines: Timelines) -> None:
        self.timelines = timelines
        self._versions: dict[str, list[str]] = {}

    def load(self, events: Iterable[ReportEvent]) -> None:
        """Load what events are about."""
        whole = {event.parent_recid for event in events if not event.recid}
        wanted = whole - self._versions.keys()
        found = _versions(wanted) if wanted else {}
        self._versions |= {work: found.get(work, []) for work in wanted}
        records = {event.recid for event in events if event.recid}
        self.timelines.load(records.union(*found.values()))

    def place(self, event: ReportEvent) -> Placed:
        """Return where an event counts."""
        moment = seconds(event.timestamp)
        if event.recid:
            known = self._at(event.recid, moment)
            one = known or self.timelines.stranger(event.recid, event.parent_recid)
            return Placed((one.parent, one.record, _software(event)), one.scopes, [event.recid])
        records = self._versions[event.parent_recid]
        segments = [one for record in records if (one := self._at(record, moment))]
        work = segments[0].parent if segments else ordinal_of(event.parent_recid)
        scopes = {GLOBAL, *(scope for segment in segments for scope in segment.scopes)}
        return Placed((work, WHOLE, _software(event)), scopes, records)

    def _at(self, record: str, moment: int) -> Segment | None:
        """Return the segment of a record at a second; none of one that nobody knows."""
        timeline = self.timelines.of(record)
        return timeline and timeline.at(moment)


def _versions(works: set[str]) -> dict[str, list[str]]:
    """Return the records of works."""
    with db.engine.connect() as connection:
        return versions_of_works(connection, works)


def _software(event: ReportEvent) -> str:
    """Return the software that has reported an event."""
    return next(iter(SOFTWARE.values(event)), MISSING)


class DayReports:
    """Count the reported downloads of a day, in as many lots as they come."""

    def __init__(self, timelines: Timelines) -> None:
        self._works = Works(timelines)
        self._rows: defaultdict[str, Rows] = defaultdict(Counter)

    def add(self, events: list[ReportEvent]) -> list[tuple[ReportEvent, Placed]]:
        """Take reported downloads; return each with where it counts."""
        self._works.load(events)
        placed = [(event, self._works.place(event)) for event in events]
        for _, one in placed:
            for scope in one.scopes:
                self._rows[scope][one.row] += 1
        return placed

    @property
    def scopes(self) -> list[str]:
        """Return the scopes with reported downloads."""
        return list(self._rows)

    def of(self, scope: str) -> Rows:
        """Return the rows of a scope."""
        return self._rows.get(scope) or Counter()
