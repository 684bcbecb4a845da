# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a scope holds: states read from month ends and folded with the deltas since."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from ..aggregations.records.states import DayChange, RecordState, unpack
from ..aggregations.sheets.spans import BEGINNING, DAY, ONE_DAY
from ..aggregations.snapshots.monthly import delta_of, deltas_from, states_before
from ..indices import SHEETS, Product, find, of_scope, scroll, with_any
from .periods import Period


def state_at(product: Product, scope: str, day: date) -> RecordState:
    """Return the state of a scope at the end of a day."""
    return next(states(product, scope, Period(day, day)))[1]


def states(product: Product, scope: str, period: Period) -> Iterator[tuple[date, RecordState]]:
    """Yield each day with the state at its end; the state is changed by the next step.

    ``product``: a snapshot product.
    """
    last, packed = states_before(product, {scope: period.since})[scope]
    first = last + ONE_DAY if last else BEGINNING
    deltas = deltas_from(delta_of(product), {scope: first}, period.until).get(scope, [])
    state, position = unpack(packed), 0
    for day in period.days():
        while position < len(deltas) and deltas[position][0] <= day:
            state.fold(unpack(deltas[position][1], DayChange))
            position += 1
        yield day, state


def delta_documents(product: Product, scope: str, period: Period) -> dict[date, dict[str, Any]]:
    """Return the stored deltas of a period, put together and without their packed state."""
    query = of_scope(scope, "period_start", gte=period.since, lt=period.until + ONE_DAY)
    found: dict[date, dict[str, Any]] = {}
    parts: list[dict[str, Any]] = []
    for hit in scroll(product.target, query):
        source = hit["_source"]
        source.pop("state", None)
        if "part" in source:
            parts.append(source)
        else:
            found[_day(source)] = source
    for part in sorted(parts, key=lambda part: part["part"]):
        whole = found[_day(part)]
        if part["part"] < whole.get("parts", 0):
            for field, items in part["subcounts"].items():
                whole["subcounts"][field] += items
    for whole in found.values():
        whole.pop("parts", None)
    return found


def _day(source: dict[str, Any]) -> date:
    """Return the day of a delta."""
    return date.fromisoformat(source["period_start"][:10])


def daily_totals(
    product: Product, scope: str, period: Period, fields: list[str]
) -> Iterator[tuple[date, dict[str, int]]]:
    """Yield the numbers of mapped fields for each stored day, from columns, not documents.

    ``product``: deltas, or ``SHEETS`` for usage of days whose documents may be removed by now.
    """
    target, when, wanted = _daily(product)
    days = of_scope(scope, when, gte=period.since, lt=period.until + ONE_DAY)
    body = {
        "size": 10_000,
        "_source": False,
        "docvalue_fields": [{"field": when, "format": "strict_date"}, *fields],
        "query": {"bool": {"filter": [days, *wanted]}},
    }
    for hit in find(target, body)["hits"]["hits"]:
        values = hit["fields"]
        found = {field: values[field][0] for field in fields if field in values}
        if found:
            yield date.fromisoformat(values[when][0]), found


def dated(product: Product) -> str:
    """Return the field of a product's day."""
    return _daily(product)[1]


def _daily(product: Product) -> tuple[str, str, list[dict[str, Any]]]:
    """Return where a product's daily totals are: alias, field of the day, and filters."""
    if product == SHEETS:
        return product.target, "span_start", [{"term": {"span": DAY}}]
    return product.target, "period_start", []


def first_day_body(product: Product, scope: str, fields: Iterable[str]) -> dict[str, Any]:
    """Return a search for the first day on which a scope has any of some mapped numbers.

    Where numbers were taken away afterwards, documents without any are left.
    """
    _, field, wanted = _daily(product)
    conditions = [{"term": {"community_id": scope}}, *wanted, with_any(fields)]
    return {
        "size": 1,
        "query": {"bool": {"filter": conditions}},
        "sort": [{field: "asc"}],
        "_source": False,
        "docvalue_fields": [{"field": field, "format": "strict_date"}],
    }


def first_day_of(product: Product, answer: dict[str, Any]) -> date | None:
    """Return the day that such a search has found."""
    hits = answer["hits"]["hits"]
    return date.fromisoformat(hits[0]["fields"][dated(product)][0]) if hits else None
