# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The pass over snapshots: deltas folded into the state at the end of each month.

Only months in which a scope changed are stored; any other day is folded by the reader.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from ..indices import USAGE_DELTA, Product, find_all, of_scope, scroll
from ..ledger.history import day_date
from .base import Work
from .changes import Months, changed_months
from .heads import UsageHeads
from .leases import next_token
from .sheets.spans import month_end, month_start
from .states import RecordDelta, RecordState, unpack
from .writer import Row, packed

SCOPES_PER_REQUEST = 200


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

    def _write(self, product: Product, months: Months, today: date, token: int) -> int:
        """Write the snapshots of one product."""
        if delta_of(product) == USAGE_DELTA:
            return UsageHeads(self.work, product, today, token).write(months)
        count, scopes = 0, sorted(months)
        for start in range(0, len(scopes), SCOPES_PER_REQUEST):
            firsts = {s: min(months[s]) for s in scopes[start : start + SCOPES_PER_REQUEST]}
            rows = self._rows(product, firsts, today)
            count += self.work.writer.rows(product, rows, token)
        return count

    def _rows(self, product: Product, firsts: dict[str, date], today: date) -> Iterator[Row]:
        """Yield the snapshots of scopes from their first changed month on."""
        bases = states_before(product, firsts)
        for scope, days in deltas_from(delta_of(product), firsts).items():
            _, state = bases[scope]
            for first, pairs in groupby(days, key=lambda pair: month_start(pair[0])):
                for _, delta in pairs:
                    state.fold(delta)
                if month_end(first) < today:
                    self.documents.prefetch([state.cells])
                    fields = packed(self.documents.record_snapshot, state)
                    yield scope, month_end(first), fields


def states_before(
    product: Product, firsts: dict[str, date]
) -> dict[str, tuple[date | None, RecordState]]:
    """Return for each scope its last snapshot before a day's month: its day and state.

    Empty without one. Daily snapshots, where there are any, are passed over: only those at the
    ends of months are kept up whatever the policy is.
    """
    return last_snapshots(product, {scope: month_start(day) for scope, day in firsts.items()})


def last_snapshots(
    product: Product, firsts: dict[str, date]
) -> dict[str, tuple[date | None, RecordState]]:
    """Return for each scope its last snapshot before a day: its day and state, empty without."""

    def body(scope: str) -> dict[str, Any]:
        query = of_scope(scope, "snapshot_date", lt=firsts[scope])
        return {"size": 1, "query": query, "sort": [{"snapshot_date": "desc"}]}

    answers = find_all((product.target, body(scope)) for scope in firsts)
    return {scope: _last(answer) for scope, answer in zip(firsts, answers, strict=True)}


def _last(answer: dict[str, Any]) -> tuple[date | None, RecordState]:
    """Return day and state of the only hit of an answer."""
    hits = answer["hits"]["hits"]
    if not hits:
        return None, RecordState()
    source = hits[0]["_source"]
    return date.fromisoformat(source["snapshot_date"]), unpack(source["state"], RecordState)


def deltas_from(
    product: Product, firsts: dict[str, date], until: date | None = None
) -> dict[str, list[tuple[date, RecordDelta]]]:
    """Return for each scope its deltas from a day on (until a day, inclusive), in time order."""
    if not firsts:
        return {}
    end = {"lte": until} if until else {}
    clauses = [of_scope(scope, "period_start", gte=first, **end) for scope, first in firsts.items()]
    query = {"bool": {"should": clauses}}
    found: defaultdict[str, list[tuple[date, RecordDelta]]] = defaultdict(list)
    for hit in scroll(product.target, query):
        source = hit["_source"]
        day = date.fromisoformat(source["period_start"][:10])
        found[source["community_id"]].append((day, unpack(source["state"], RecordDelta)))
    for days in found.values():
        days.sort(key=lambda pair: pair[0])
    return found
