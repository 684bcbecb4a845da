# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Check of snapshots: each must be the one before it, with the deltas since folded in."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ...aggregations.documents import Documents, current_documents
from ...indices import RECORD_SNAPSHOTS, USAGE_SNAPSHOT, Product, find, of_scope
from ...reader.periods import Period
from ...reader.states import state_at
from ...reader.usage import usages
from .base import Comparison, Question

PAGE = 500
PAYLOAD = ("subcounts", "missing", "state")


def snapshots(question: Question) -> Iterator[Comparison]:
    """Compare the totals of stored snapshots with the fold of what they were made from.

    Records: the snapshot before, which is compared itself, with the deltas since; so all of them
    together are compared with all deltas, and no more than a month is in memory. Usage: the
    sheets up to its day.
    """
    documents = current_documents()
    for product in (*RECORD_SNAPSHOTS, USAGE_SNAPSHOT):
        for scope, day in _stored(product, question):
            folded = _folded(documents, product, scope, day)
            stored = _totals(product, scope, day, list(folded))
            for field, number in folded.items():
                what = f"{product.name.removesuffix('-agg')} {field}"
                yield Comparison(what, scope, day, stored.get(field, 0), number)


def _folded(documents: Documents, product: Product, scope: str, day: date) -> dict[str, int]:
    """Return the totals of the folded state by field."""
    if product.family == "usage":
        _, usage = next(usages(documents.columns, scope, Period(day, day)))
        rendered = documents.usage_snapshot(usage)
    else:
        rendered = documents.record_snapshot(state_at(product, scope, day))
    fields = {k: v for k, v in rendered.items() if k not in PAYLOAD}
    return dict(_flat("", fields))


def _flat(path: str, value: Any) -> Iterator[tuple[str, int]]:
    """Yield each number of a tree with its dotted path."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _flat(f"{path}.{key}" if path else key, part)
    else:
        yield path, value


def _totals(product: Product, scope: str, day: date, fields: list[str]) -> dict[str, int]:
    """Return the totals of a stored snapshot, from columns."""
    body = {
        "size": 1,
        "_source": False,
        "docvalue_fields": fields,
        "query": of_scope(scope, "snapshot_date", gte=day, lte=day),
    }
    hits = find(product.target, body)["hits"]["hits"]
    return {name: values[0] for name, values in hits[0].get("fields", {}).items()} if hits else {}


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
