# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Coverage: for which days scopes have documents, and which days are missing or outdated.

Days are ordinals of the proleptic calendar, so that gaps of many years are ranges.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from ...indices import Product, find, scroll
from ..sheets.spans import BEGINNING
from .changes import Question, answers, day_of, written_since

FIELDS = {"delta": "period_start", "snapshot": "snapshot_date"}
"""The field with the day, by kind of product."""
LISTED = 50
"""How many scopes' days are listed by one query."""
Missing = dict[str, Sequence[int]]
"""The days without a document, in order, by scope."""


class Stored(NamedTuple):
    """Be the days of a scope's documents: the first of all, and those within the dense days."""

    begin: date
    first: int
    last: int
    count: int

    def dense_from(self, day: int) -> bool:
        """Tell whether no day is missing between one day and the last."""
        return self.count == self.last - self.first + 1 and self.first <= day


class Coverage(NamedTuple):
    """Be what is stored of a product and its deltas, and since when that is outdated."""

    deltas: dict[str, Stored]
    snapshots: dict[str, Stored]
    changed: dict[str, date]
    """The first day with a delta that was written lately, by scope."""


def first_of_all(product: Product) -> date | None:
    """Return the first day on which any scope has a document of a product of deltas."""
    body = {"size": 0, "aggs": {"first": {"min": {"field": FIELDS[product.kind]}}}}
    first = find(product.target, body).get("aggregations", {}).get("first", {}).get("value")
    return None if first is None else day_of(first)


def coverage(
    pairs: dict[Product, Product], floors: dict[Product, date], since: datetime | None, today: date
) -> dict[Product, Coverage]:
    """Return what is stored of products of snapshots, all asked for in one request.

    ``pairs``: the deltas of each product; ``floors``: from which day on its days are dense;
    ``since``: naive UTC, up to when snapshots are up to date.
    """
    questions: dict[tuple[str, Product], Question] = {}
    for product, delta in pairs.items():
        floor = floors.get(product, BEGINNING)
        questions["deltas", product] = _days(delta, floor, today)
        questions["snapshots", product] = _days(product, floor, today)
        if since is not None:
            questions["changed", product] = _changes(delta, since, today)
    found = {product: Coverage({}, {}, {}) for product in pairs}
    for (what, product), bucket in answers(questions):
        scope = bucket["key"]["scope"]
        if what == "changed":
            found[product].changed[scope] = day_of(bucket["begin"]["value"])
        else:
            getattr(found[product], what)[scope] = _stored(bucket)
    return found


def _upto(field: str, today: date) -> dict[str, Any]:
    """Return a query for documents that are not of the future, and whole."""
    past = {"range": {field: {"lte": today.isoformat()}}}
    return {"bool": {"filter": [past], "must_not": [{"exists": {"field": "part"}}]}}


def _days(product: Product, floor: date, today: date) -> Question:
    """Return the question for the days of a product's documents before today."""
    field = FIELDS[product.kind]
    first, last = {"min": {"field": field}}, {"max": {"field": field}}
    dense = {"range": {field: {"gte": floor.isoformat(), "lt": today.isoformat()}}}
    within = {"filter": dense, "aggs": {"first": first, "last": last}}
    return Question(product.target, _upto(field, today), (), {"begin": first, "within": within})


def _changes(delta: Product, since: datetime, today: date) -> Question:
    """Return the question for the first day that was written since a moment."""
    field = FIELDS[delta.kind]
    query = {"bool": {"filter": [written_since(since), _upto(field, today)]}}
    return Question(delta.target, query, (), {"begin": {"min": {"field": field}}})


def _stored(bucket: dict[str, Any]) -> Stored:
    """Return the days of a scope from its bucket."""
    within = bucket["within"]
    ends = (within[name]["value"] for name in ("first", "last"))
    first, last = (0 if end is None else day_of(end).toordinal() for end in ends)
    return Stored(day_of(bucket["begin"]["value"]), first, last, within["doc_count"])


def missing_days(
    product: Product, stored: dict[str, Stored], begins: dict[str, date], today: date
) -> Missing:
    """Return the days from each scope's first on and before today that have no document.

    Days are listed only for scopes with gaps before their last document.
    """
    end = today.toordinal()
    missing: Missing = {}
    for scope, begin in begins.items():
        first = begin.toordinal()
        there = stored.get(scope)
        if there is None or not there.count:
            missing[scope] = range(first, end)
        elif there.dense_from(first):
            missing[scope] = range(max(first, there.last + 1), end)
    gaps = [scope for scope in begins if scope not in missing]
    for start in range(0, len(gaps), LISTED):
        days = _listed(product, gaps[start : start + LISTED])
        for scope, listed in days.items():
            wanted = range(begins[scope].toordinal(), end)
            missing[scope] = [day for day in wanted if day not in listed]
    return {scope: days for scope, days in missing.items() if days}


def _listed(product: Product, scopes: Iterable[str]) -> dict[str, set[int]]:
    """Return all days of scopes' documents."""
    field = FIELDS[product.kind]
    days: dict[str, set[int]] = {scope: set() for scope in scopes}
    fields = ["community_id", {"field": field, "format": "strict_date"}]
    query = {"terms": {"community_id": list(days)}}
    for hit in scroll(product.target, query, _source=False, docvalue_fields=fields):
        values = hit["fields"]
        day = date.fromisoformat(values[field][0])
        days[values["community_id"][0]].add(day.toordinal())
    return days
