# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a scope holds of records with certain properties: told by the histories of these records.

The ledger is asked which records ever had the properties; their works are then walked through as
the aggregation does it, counting only while they have them.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cached_property

import sqlalchemy as sa
from invenio_db import db
from invenio_i18n import lazy_gettext as _

from ..aggregations.records.flows import SharesOf, WorkFlows, flow_days
from ..aggregations.records.states import DayChange, RecordDelta, RecordState
from ..aggregations.records.works import read_works
from ..aggregations.shares import TOTAL, Cell, Share, keys_of, shares_of
from ..catalog import Dimension
from ..catalog.base import Basis
from ..errors import UnanswerableError
from ..ledger.facts import Facts
from ..ledger.history import GLOBAL, day_date
from ..ledger.models import LedgerEntry, LedgerFacts, LedgerRecord
from .holdings import (
    Flow,
    Flows,
    Holdings,
    Stock,
    added_up,
    flows_of,
    newcomers_of,
    owners_of,
    stock_of,
    stocks_of,
)
from .periods import Period
from .properties import facts_have
from .records import Known

MOST = 50_000
"""As many works are walked through at most."""

Wanted = dict[Dimension, set[str]]
"""By dimension the values of which a record must have one."""


def shares_with(wanted: Wanted, dimensions: Iterable[Dimension]) -> SharesOf:
    """Return what gives the shares of a record that has wanted values, and none of others."""
    shown = tuple(dimensions)
    files = [values for dimension, values in wanted.items() if dimension.source == "file"]
    extensions = set.intersection(*files) if files else None

    def shares(facts: Facts) -> dict[Cell, Share]:
        if not all(values & set(keys_of(facts, d)) for d, values in wanted.items()):
            return {}
        return shares_of(facts if extensions is None else _only(facts, extensions), shown)

    return shares


def _only(facts: Facts, extensions: set[str]) -> Facts:
    """Return facts with the files of some types only."""
    files = {name: sizes for name, sizes in facts.files.items() if name in extensions}
    return Facts(facts.values, files, facts.published, facts.restricted)


class Told(Holdings):
    """Walk through the histories of some works."""

    def __init__(
        self,
        parents: Iterable[str],
        scope: str,
        basis: Basis,
        owners: Dimension,
        shares: SharesOf,
        only: set[str] | None = None,
    ) -> None:
        """Take works, a scope, and what a record counts for; ``only``: the versions that do."""
        self.only = only
        self.parents, self.scope, self.basis = list(parents), scope, basis
        self.shares, self.owner_dimension = shares, owners.id

    @cached_property
    def deltas(self) -> list[tuple[date, DayChange]]:
        """Return what moved on each day, in order."""
        days: defaultdict[int, RecordDelta] = defaultdict(RecordDelta)
        for versions in read_works(self.parents, mend=False):
            counted = [v for v in versions if self.only is None or v.record in self.only]
            if counted:
                work = WorkFlows(counted, self.shares, self.owner_dimension)
                for day, changes in work.days(self.scope, self.basis).items():
                    for change in changes:
                        days[day].move(change)
        return [(day_date(day), days[day].change()) for day in sorted(days)]

    @cached_property
    def _days(self) -> list[date]:
        """Return the days on which anything moved."""
        return [day for day, _ in self.deltas]

    def _moved(self, period: Period) -> list[tuple[date, DayChange]]:
        """Return the deltas of a period."""
        before = bisect_right(self._days, period.since)
        start = before - (before > 0 and self._days[before - 1] == period.since)
        return self.deltas[start : bisect_right(self._days, period.until)]

    def state(self, day: date) -> RecordState:
        """Return the state of all cells at the end of a day."""
        state = RecordState()
        for _day, delta in self.deltas[: bisect_right(self._days, day)]:
            state.fold(delta)
        return state

    def stock(self, day: date) -> Stock:
        """Return what is held."""
        return stock_of(self.state(day).cell(TOTAL))

    def flows(self, period: Period, interval: str) -> Flows:
        """Return what moved."""
        return flows_of(self._moved(period), TOTAL, interval)

    def flow(self, period: Period) -> Flow:
        """Return what moved, added up."""
        return added_up(self.flows(period, "year").values())

    def owners(self, days: list[date]) -> list[int]:
        """Return how many own what is held at the end of each day."""
        state, found, done = RecordState(), [], 0
        for day in days:
            until = bisect_right(self._days, day)
            for _day, delta in self.deltas[done:until]:
                state.fold(delta)
            done = until
            found.append(owners_of(state, self.owner_dimension))
        return found

    def newcomers(self, period: Period, interval: str) -> dict[date, set[str]]:
        """Return the owners of what joined."""
        return newcomers_of(self._moved(period), interval)

    def table(self, dimension: str, day: date) -> dict[str, Stock]:
        """Return what is held of each value."""
        return stocks_of(self.state(day).table(dimension))

    def cell_flows(self, cell: Cell, period: Period, interval: str) -> Flows:
        """Return what moved under one value."""
        return flows_of(self._moved(period), cell, interval)


def first_held(versions: Iterable[Known], basis: Basis) -> date | None:
    """Return the first day on which any of some versions of a work counts in the repository."""
    wanted = {known.recid: known.parent for known in versions}
    days: set[int] = set()
    for some in read_works(set(wanted.values()), mend=False):
        days |= flow_days((one for one in some if one.record in wanted), GLOBAL, basis)
    return day_date(min(days)) if days else None


def first_held_with(wanted: Wanted, basis: Basis) -> list[date | None]:
    """Return the first day with a record that has values, and the first on which one counts."""
    have = sa.and_(*(facts_have(dimension, values) for dimension, values in wanted.items()))
    records = LedgerRecord.__table__.c
    query = sa.select(records.id, records.recid, records.parent_recid, records.created)
    query = query.where(records.id.in_(sa.select(LedgerFacts.record_id).where(have)))
    with db.engine.connect() as connection:
        found = connection.execute(query.limit(MOST)).all()
    known = [Known(*row[:-1]) for row in found]
    return [min((row.created.date() for row in found), default=None), first_held(known, basis)]


def works_with(scope: str, wanted: Wanted) -> list[str]:
    """Return the works of a scope of which a version ever had values of these dimensions.

    Raises ``UnanswerableError`` when there are more than can be walked through.
    """
    query = (
        sa.select(LedgerRecord.parent_recid)
        .distinct()
        .join(LedgerFacts, LedgerFacts.record_id == LedgerRecord.id)
        .where(*(facts_have(dimension, values) for dimension, values in wanted.items()))
        .limit(MOST + 1)
    )
    if scope != GLOBAL:
        member = sa.select(LedgerEntry.record_id).where(LedgerEntry.scope == scope)
        query = query.where(LedgerRecord.id.in_(member))
    with db.engine.connect() as connection:
        found = list(connection.execute(query).scalars())
    if len(found) > MOST:
        raise UnanswerableError(
            _(
                "More than %(most)s works match these filters, too many to be counted together: "
                "give a filter that fewer match, or a single one."
            ),
            most=MOST,
        )
    return sorted(found)
