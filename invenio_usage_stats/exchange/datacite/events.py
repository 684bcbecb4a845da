# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Usage as events: one for each work, month and number that is not zero."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from ..counter.metrics import IDS
from ..counter.months import MonthState, MonthUsage
from .naming import address_of, prefix_of, registrant_of, report_of, source
from .records import Work


class Event(NamedTuple):
    """Be one number of a work and a month."""

    subj_id: str
    """The address of the month's report."""

    obj_id: str
    """The DOI's address."""

    source_id: str
    relation_type_id: str
    total: int
    month: str
    """YYYY-MM."""

    updated: str
    """When it was counted."""

    doi: str
    publication_year: int | None = None
    registrant: str = ""

    @property
    def id(self) -> str:
        """Return an id that stays as long as source, work, month and number do."""
        names = self.source_id, self.obj_id, self.month, self.relation_type_id
        return str(uuid5(NAMESPACE_URL, " ".join(names)))

    @property
    def prefix(self) -> str:
        """Return the prefix of the DOI."""
        return prefix_of(self.doi)

    @property
    def year(self) -> int:
        """Return the year of the use."""
        return int(self.month[:4])

    @property
    def occurred_at(self) -> str:
        """Return the first moment of the month."""
        return f"{self.month}-01T00:00:00.000Z"


class _Month(NamedTuple):
    """Be what all events of a month have in common."""

    source: str
    report: str
    updated: str


def events(
    used: Iterable[tuple[Work, MonthUsage]], states: Iterable[MonthState]
) -> Iterator[Event]:
    """Yield the events of some use."""
    own = source().id
    counted = {
        state.month: _Month(own, report_of(state.month), moment(state.counted_at))
        for state in states
    }
    for work, usage in used:
        if usage.month in counted:
            yield from _events(work, usage, counted[usage.month])


def _events(work: Work, usage: MonthUsage, month: _Month) -> Iterator[Event]:
    """Yield the events of a work and a month."""
    obj, registrant = address_of(work.doi), registrant_of(work.doi)
    for number in filter(usage.counts.get, IDS):
        yield Event(
            subj_id=month.report,
            obj_id=obj,
            source_id=month.source,
            relation_type_id=number,
            total=usage.counts[number],
            month=usage.month,
            updated=month.updated,
            doi=work.doi,
            publication_year=work.year,
            registrant=registrant,
        )


def moment(at: datetime) -> str:
    """Return a moment (naive UTC) as DataCite writes it."""
    return f"{at.isoformat(timespec='milliseconds')}Z"
