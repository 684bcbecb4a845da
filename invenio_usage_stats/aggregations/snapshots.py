# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The pass over snapshots: deltas folded into the state at the end of each month.

Only months in which a scope changed are stored; any other day is folded by the reader.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

from invenio_search import current_search_client

from ..indices import Product, find, of_scope, scroll
from .documents import Documents
from .states import RecordDelta, RecordState, UsageState, pack, united, unpack
from .writer import Row, packed, write_rows

FOLDED = {"records": RecordState, "usage": UsageState}
UNFOLDED = {"records": RecordDelta, "usage": UsageState}
SCOPES_PER_REQUEST = 200


def month_start(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def delta_of(snapshot: Product) -> Product:
    """Return the deltas from which a product's snapshots are folded."""
    return snapshot._replace(kind="delta")


class SnapshotsPass:
    """Write the month-end snapshots of one product."""

    def __init__(self, documents: Documents, product: Product) -> None:
        self.product = product
        self.delta = delta_of(product)
        self.documents = documents
        self.usage = product.family == "usage"
        self.render = documents.usage_snapshot if self.usage else documents.record_snapshot

    def run(self, since: datetime | None, today: date | None = None) -> int:
        """Write the snapshots that deltas written since a moment change; return how many."""
        today = today or datetime.now(UTC).date()
        changed = list(self.changed(since, today))
        groups = range(0, len(changed), SCOPES_PER_REQUEST)
        some = (dict(changed[start : start + SCOPES_PER_REQUEST]) for start in groups)
        return sum(write_rows(self.product, self._rows(firsts, today)) for firsts in some)

    def changed(self, since: datetime | None, today: date) -> Iterator[tuple[str, date]]:
        """Yield scopes with the first month from which their snapshots must be folded again.

        A month that ended since the last run counts as changed: its snapshot is due.
        """
        query: dict[str, Any] = {"match_all": {}}
        if since is not None:
            due = {
                "gte": month_start(since.date()).isoformat(),
                "lt": month_start(today).isoformat(),
            }
            written = {"range": {"timestamp": {"gte": since.replace(microsecond=0).isoformat()}}}
            query = {"bool": {"should": [written, {"range": {"period_start": due}}]}}
        after: dict[str, Any] = {}
        while True:
            answer = find(self.delta.target, _earliest(query, after))
            buckets = answer.get("aggregations", {}).get("scopes", {}).get("buckets", ())
            for bucket in buckets:
                first = datetime(1970, 1, 1) + timedelta(milliseconds=bucket["day"]["value"])
                yield bucket["key"]["scope"], month_start(first.date())
            if not buckets:
                return
            after = {"after": buckets[-1]["key"]}

    def _rows(self, firsts: dict[str, date], today: date) -> Iterator[Row]:
        """Yield the snapshots of scopes from their first changed month on."""
        bases = states_before(self.product, firsts)
        for scope, days in deltas_from(self.delta, firsts).items():
            _, state = bases[scope]
            for first, pairs in groupby(days, key=lambda pair: month_start(pair[0])):
                deltas = [delta for _, delta in pairs]
                month = united(UsageState(), deltas) if self.usage else None
                state = united(state, deltas if month is None else [month])
                if month_end(first) < today:
                    yield scope, month_end(first), self._fields(state, month)

    def _fields(self, state: Any, month: UsageState | None) -> dict[str, Any]:
        """Return the fields of a snapshot; that of usage holds its month apart, too."""
        self.documents.prefetch([state.cells])
        extra = {"month": pack(month)} if month is not None else {}
        return {**packed(self.render, state), **extra}


def _earliest(query: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return the request for the earliest day of each scope."""
    sources = [{"scope": {"terms": {"field": "community_id"}}}]
    return {
        "size": 0,
        "query": query,
        "aggs": {
            "scopes": {
                "composite": {"size": 1_000, "sources": sources, **after},
                "aggs": {"day": {"min": {"field": "period_start"}}},
            }
        },
    }


def states_before(product: Product, firsts: dict[str, date]) -> dict[str, tuple[date | None, Any]]:
    """Return for each scope its last snapshot before a day: its day and state, empty without."""
    body: list[dict[str, Any]] = []
    for scope, first in firsts.items():
        body.append({"index": product.target, "ignore_unavailable": True, "allow_no_indices": True})
        query = of_scope(scope, "snapshot_date", lt=first)
        body.append({"size": 1, "query": query, "sort": [{"snapshot_date": "desc"}]})
    answers = current_search_client.msearch(body=body)["responses"] if body else []
    kind = FOLDED[product.family]
    return {scope: _last(answer, kind) for scope, answer in zip(firsts, answers, strict=True)}


def _last(answer: dict[str, Any], kind: Callable[[], Any]) -> tuple[date | None, Any]:
    """Return day and state of the only hit of an answer."""
    hits = answer["hits"]["hits"]
    if not hits:
        return None, kind()
    source = hits[0]["_source"]
    return date.fromisoformat(source["snapshot_date"]), unpack(source["state"], kind)


def deltas_from(
    product: Product, firsts: dict[str, date], until: date | None = None
) -> dict[str, list[tuple[date, Any]]]:
    """Return for each scope its deltas from a day on (until a day, inclusive), in time order."""
    if not firsts:
        return {}
    end = {"lte": until} if until else {}
    clauses = [of_scope(scope, "period_start", gte=first, **end) for scope, first in firsts.items()]
    query = {"bool": {"should": clauses}}
    kind = UNFOLDED[product.family]
    found: defaultdict[str, list[tuple[date, Any]]] = defaultdict(list)
    for hit in scroll(product.target, query):
        source = hit["_source"]
        day = date.fromisoformat(source["period_start"][:10])
        found[source["community_id"]].append((day, unpack(source["state"], kind)))
    for days in found.values():
        days.sort(key=lambda pair: pair[0])
    return found
