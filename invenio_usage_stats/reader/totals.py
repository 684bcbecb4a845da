# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Numbers that add up: sums of mapped fields, made by the search engine."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from ..aggregations.sheets.spans import DAY, ONE_DAY
from ..indices import SHEETS, Product, find_all, of_scope
from .periods import Period
from .states import dated

EPOCH = date(1970, 1, 1)
SCOPES = 60_000
"""So many scopes can be asked for together."""
Sums = dict[str, int]
"""By field what its values add up to."""


def sums(
    product: Product, scope: str, periods: Iterable[Period], fields: Iterable[str]
) -> list[Sums]:
    """Return the sums of fields of a scope's days in some periods, in one request."""
    wanted = list(fields)
    bodies = [{**_of_days(product, scope, p), "aggs": _aggs(wanted)} for p in periods]
    answers = find_all((product.target, body) for body in bodies) if wanted else []
    return [_sums(answer.get("aggregations", {}), wanted) for answer in answers] or [
        {} for _ in bodies
    ]


def histogram(
    product: Product, scope: str, period: Period, fields: Iterable[str], interval: str
) -> dict[date, Sums]:
    """Return the sums of each interval of a period that has any, by the interval's first day."""
    wanted = list(fields)
    body = _of_days(product, scope, period)
    by_date = {
        "field": dated(product),
        "calendar_interval": interval,
        "min_doc_count": 1,
    }
    body["aggs"] = {"buckets": {"date_histogram": by_date, "aggs": _aggs(wanted)}}
    (answer,) = find_all([(product.target, body)])
    buckets = answer.get("aggregations", {}).get("buckets", {}).get("buckets", ())
    return {EPOCH + timedelta(milliseconds=b["key"]): _sums(b, wanted) for b in buckets}


def by_scope(product: Product, period: Period, fields: Iterable[str]) -> dict[str, Sums]:
    """Return the sums of every scope that has a day in a period."""
    (found,) = _by_scope(product, [_of_days(product, None, period)], list(fields))
    return found


def by_scope_and_span(
    wanted: Iterable[tuple[Period, str]], fields: Iterable[str]
) -> list[dict[str, Sums]]:
    """Return the sums over sheets of a kind of span that begin in a period, of every scope."""
    bodies = [_of_days(SHEETS, None, period, span) for period, span in wanted]
    return _by_scope(SHEETS, bodies, list(fields))


def _by_scope(
    product: Product, bodies: list[dict[str, Any]], fields: list[str]
) -> list[dict[str, Sums]]:
    """Return for each search the sums of every scope."""
    terms = {"field": "community_id", "size": SCOPES}
    aggs = {"scopes": {"terms": terms, "aggs": _aggs(fields)}}
    answers = find_all((product.target, {**body, "aggs": aggs}) for body in bodies)
    found = (answer.get("aggregations", {}).get("scopes", {}) for answer in answers)
    return [{b["key"]: _sums(b, fields) for b in some.get("buckets", ())} for some in found]


def _of_days(
    product: Product, scope: str | None, period: Period, span: str = DAY
) -> dict[str, Any]:
    """Return a search for the daily documents of a scope, or of all scopes.

    ``span``: another kind of sheets than those of days.
    """
    field = dated(product)
    bounds = {"gte": period.since.isoformat(), "lt": (period.until + ONE_DAY).isoformat()}
    days = (
        {"range": {field: bounds}}
        if scope is None
        else of_scope(scope, field, gte=period.since, lt=period.until + ONE_DAY)
    )
    daily = [{"term": {"span": span}}] if product == SHEETS else []
    return {"size": 0, "query": {"bool": {"filter": [days, *daily]}}}


def _aggs(fields: list[str]) -> dict[str, Any]:
    """Return an aggregation that adds up fields."""
    return {field.replace(".", "/"): {"sum": {"field": field}} for field in fields}


def _sums(answer: dict[str, Any], fields: list[str]) -> Sums:
    """Return what an aggregation has added up."""
    found = {field: answer.get(field.replace(".", "/")) for field in fields}
    return {field: int(sum_["value"]) if sum_ else 0 for field, sum_ in found.items()}
