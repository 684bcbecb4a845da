# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The pass over snapshots: deltas folded into the state at the end of each month.

Only months in which a scope changed are stored; any other day is folded by the reader.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from ...indices import USAGE_DELTA, Product, find, of_scope, scroll
from ...ledger.history import day_date, day_number
from ..base import Work, without_collector
from ..records.growing import Growing
from ..records.states import DayChange, RecordState, pack, unpack
from ..running.leases import next_token
from ..sheets.spans import month_end, month_start
from ..writer import Row
from .changes import Months, changed_months
from .heads import UsageHeads

SCOPES_PER_REQUEST = 200
EMPTY = pack(RecordState())
Packed = tuple[date, str]
"""A day and its packed state or change; who unpacks it answers for its scope."""
Base = tuple[date | None, str]
"""The day of a scope's last snapshot, none without one, and the packed state."""
Unpacked = tuple[RecordState, list[tuple[date, DayChange]]]


def delta_of(snapshot: Product) -> Product:
    """Return the deltas from which a product's snapshots are folded."""
    return snapshot._replace(kind="delta")


class SnapshotsPass:
    """Write the month-end snapshots of some products, and the sheets of months and years."""

    def __init__(self, work: Work, products: tuple[Product, ...]) -> None:
        self.work = work
        self.documents = work.documents
        self.products = products

    def run(self, since: datetime | None, today: date | None = None) -> int:
        """Write the snapshots that deltas written since a moment change; return how many."""
        today = today or datetime.now(UTC).date()
        token = next_token()
        changed = changed_months([delta_of(product) for product in self.products], since, today)
        return sum(
            self._write(product, self._with_due(product, changed[delta_of(product)]), today, token)
            for product in self.products
        )

    def _with_due(self, product: Product, months: Months) -> Months:
        """Return the changed months, and those that failed before."""
        for scope, day in self.work.boundary.places(product.name):
            months[scope].add(month_start(day_date(day)))
        return months

    @without_collector()
    def _write(self, product: Product, months: Months, today: date, token: int) -> int:
        """Write the snapshots of one product."""
        if delta_of(product) == USAGE_DELTA:
            return UsageHeads(self.work, product, today, token).write(months)
        return self.work.writer.rows(product, self._folded(product, months, today), token)

    def _folded(self, product: Product, months: Months, today: date) -> Iterator[Row]:
        """Yield the snapshots of one product, some scopes at a time."""
        scopes = sorted(months)
        for start in range(0, len(scopes), SCOPES_PER_REQUEST):
            some = scopes[start : start + SCOPES_PER_REQUEST]
            yield from self._rows(product, {scope: min(months[scope]) for scope in some}, today)
            self.work.rest()

    def _rows(self, product: Product, firsts: dict[str, date], today: date) -> Iterator[Row]:
        """Yield the snapshots of scopes from their first changed month on."""
        found = self._unpacked(product, firsts)
        texts = self.documents.records
        texts.prefetch(change.cells for _, days in found.values() for _, change in days)
        for scope, (state, days) in found.items():
            with self._around(product, scope, firsts[scope]):
                growing = Growing(texts, state)
                for first, pairs in groupby(days, key=lambda pair: month_start(pair[0])):
                    for _, change in pairs:
                        growing.fold(change)
                    if month_end(first) < today:
                        yield scope, month_end(first), growing.stored()

    def _unpacked(self, product: Product, firsts: dict[str, date]) -> dict[str, Unpacked]:
        """Return the states before, and the changes since, of scopes that can be read."""
        bases = states_before(product, firsts)
        found: dict[str, Unpacked] = {}
        for scope, days in deltas_from(delta_of(product), firsts).items():
            with self._around(product, scope, firsts[scope]):
                changes = [(day, unpack(text, DayChange)) for day, text in days]
                found[scope] = unpack(bases[scope][1]), changes
        return found

    def _around(self, product: Product, scope: str, day: date) -> AbstractContextManager:
        """Return the boundary of one scope from a day on."""
        return self.work.boundary.around(product.name, day=day_number(day), scope=scope)


def states_before(product: Product, firsts: dict[str, date]) -> dict[str, Base]:
    """Return for each scope its last snapshot before a day's month: its day and packed state.

    Empty without one. Daily snapshots, where there are any, are passed over: only those at the
    ends of months are kept up whatever the policy is.
    """
    return last_snapshots(product, {scope: month_start(day) for scope, day in firsts.items()})


def last_snapshots(product: Product, firsts: dict[str, date]) -> dict[str, Base]:
    """Return for each scope its last snapshot before a day: its day and packed state.

    Empty without one.
    """
    found: dict[str, Base] = dict.fromkeys(firsts, (None, EMPTY))
    scopes = sorted(firsts)
    for start in range(0, len(scopes), SCOPES_PER_REQUEST):
        some = scopes[start : start + SCOPES_PER_REQUEST]
        body = {
            "size": len(some),
            "query": _any(of_scope(scope, "snapshot_date", lt=firsts[scope]) for scope in some),
            "collapse": {"field": "community_id"},
            "sort": [{"snapshot_date": "desc"}],
            **_columns("snapshot_date"),
        }
        for hit in find(product.target, body)["hits"]["hits"]:
            scope, day, state = _stored(hit["fields"], "snapshot_date")
            found[scope] = (day, state)
    return found


def deltas_from(
    product: Product, firsts: dict[str, date], until: date | None = None
) -> dict[str, list[Packed]]:
    """Return for each scope how its days change it, packed; from a day on, until a day."""
    end = {"lte": until} if until else {}
    found: defaultdict[str, list[Packed]] = defaultdict(list)
    scopes = sorted(firsts)
    for start in range(0, len(scopes), SCOPES_PER_REQUEST):
        some = scopes[start : start + SCOPES_PER_REQUEST]
        query = _any(of_scope(scope, "period_start", gte=firsts[scope], **end) for scope in some)
        for hit in scroll(product.target, query, **_columns("period_start")):
            scope, day, change = _stored(hit["fields"], "period_start")
            found[scope].append((day, change))
    for days in found.values():
        days.sort(key=itemgetter(0))
    return found


def _any(queries: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return a query for what any of some queries finds; scores are not asked for."""
    return {"bool": {"filter": {"bool": {"should": list(queries)}}}}


def _columns(dated: str) -> dict[str, Any]:
    """Return what to ask for of each hit: states without the rest of their documents."""
    day = {"field": dated, "format": "strict_date"}
    return {"_source": False, "docvalue_fields": ["community_id", day, "state"]}


def _stored(fields: dict[str, list[str]], dated: str) -> tuple[str, date, str]:
    """Return scope, day and packed state of a hit; without a state a text that is none."""
    (scope,), (day,) = fields["community_id"], fields[dated]
    return scope, date.fromisoformat(day), fields.get("state", [""])[0]
