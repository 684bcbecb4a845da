# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Check of snapshots: each must be the one before it, with the deltas since folded in."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import zip_longest
from typing import Any

from ...aggregations.documents import Documents, current_documents
from ...aggregations.running.failures import UNREADABLE, reason_of
from ...indices import RECORD_SNAPSHOTS, USAGE_SNAPSHOT, Product, find, of_scope
from ...reader.periods import Period
from ...reader.states import state_at
from ...reader.usage import usages
from .base import Comparison, Question

PAGE = 500
LISTS = ("subcounts", "missing")
Fields = dict[str, Any]


def snapshots(question: Question) -> Iterator[Comparison]:
    """Compare stored snapshots with the fold of what they were made from: totals, and lists.

    Records: the snapshot before, which is compared itself, with the deltas since; so all of them
    together are compared with all deltas, and no more than a month is in memory. Usage: the
    sheets up to its day.
    """
    documents = current_documents()
    for product in (*RECORD_SNAPSHOTS, USAGE_SNAPSHOT):
        name = product.name.removesuffix("-agg")
        for scope, day in _stored(product, question):
            try:
                folded = _folded(documents, product, scope, day)
            except UNREADABLE as error:
                yield Comparison(f"{name} readable", scope, day, 0, 1, reason_of(error))
                continue
            stored = _source(product, scope, day)
            for what, ours, theirs in (*_totals(stored, folded), *_lists(stored, folded)):
                yield Comparison(f"{name} {what}", scope, day, ours, theirs)


def _folded(documents: Documents, product: Product, scope: str, day: date) -> Fields:
    """Return the fields of the folded state."""
    if product.family == "usage":
        _, usage = next(usages(documents.columns, scope, Period(day, day)))
        return documents.usage_snapshot(usage)
    return documents.record_snapshot(state_at(product, scope, day))


def _source(product: Product, scope: str, day: date) -> Fields:
    """Return a stored snapshot; nothing when it was deleted meanwhile."""
    body = {"size": 1, "query": of_scope(scope, "snapshot_date", gte=day, lte=day)}
    hits = find(product.target, body)["hits"]["hits"]
    return hits[0]["_source"] if hits else {}


def _totals(stored: Fields, folded: Fields) -> Iterator[tuple[str, int, int]]:
    """Yield each total's field, as stored and as folded."""
    totals = {name: value for name, value in folded.items() if name not in LISTS}
    ours = dict(_flat("", {name: stored.get(name, 0) for name in totals}))
    for field, number in _flat("", totals):
        yield field, ours.get(field, 0), number


def _flat(path: str, value: Any) -> Iterator[tuple[str, int]]:
    """Yield each number of a tree with its dotted path."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _flat(f"{path}.{key}" if path else key, part)
    else:
        yield path, value


def _lists(stored: Fields, folded: Fields) -> Iterator[tuple[str, int, int]]:
    """Yield each breakdown's field, how many of its items are right, and how many there are."""
    for group in LISTS:
        ours, theirs = stored.get(group, {}), folded[group]
        for field in sorted({*ours, *theirs}):
            pairs = list(zip_longest(_items(ours.get(field)), _items(theirs.get(field))))
            yield f"{group}.{field}", sum(mine == other for mine, other in pairs), len(pairs)


def _items(found: list[Fields] | Fields | None) -> list[Fields]:
    """Return the items of a breakdown without their labels, which may have changed since."""
    rows = found if isinstance(found, list) else [found] if found else []
    return [{name: value for name, value in row.items() if name != "label"} for row in rows]


def _stored(product: Product, question: Question) -> Iterator[tuple[str, date]]:
    """Yield scope and day of each stored snapshot; no cursor stays open in between."""
    period = question.period
    days = {"range": {"snapshot_date": {"gte": str(period.since), "lte": str(period.until)}}}
    of = [{"term": {"community_id": question.scope}}] if question.scope else []
    sources = [
        {"scope": {"terms": {"field": "community_id"}}},
        {"day": {"terms": {"field": "snapshot_date"}}},
    ]
    composite: dict[str, Any] = {"size": PAGE, "sources": sources}
    while True:
        body = {
            "size": 0,
            "query": {"bool": {"filter": [days, *of]}},
            "aggs": {"stored": {"composite": composite}},
        }
        answer = find(product.target, body)
        found = answer.get("aggregations", {}).get("stored", {}).get("buckets", ())
        for bucket in found:
            moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=bucket["key"]["day"])
            yield bucket["key"]["scope"], moment.date()
        if len(found) < PAGE:
            return
        composite["after"] = found[-1]["key"]
