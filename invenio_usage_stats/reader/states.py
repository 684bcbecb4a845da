# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""States of a scope: read from month ends and folded with the deltas since."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from ..aggregations.snapshots import (
    UNFOLDED,
    delta_of,
    deltas_from,
    month_end,
    month_start,
    states_before,
)
from ..aggregations.states import UsageState, united, unpack
from ..indices import USAGE_DELTA, USAGE_SNAPSHOT, Product, find, of_scope, scroll
from .periods import Period

BEGINNING = date(1, 1, 1)
ONE_DAY = timedelta(days=1)


def state_at(product: Product, scope: str, day: date) -> Any:
    """Return the state of a scope at the end of a day."""
    return next(states(product, scope, Period(day, day)))[1]


def states(product: Product, scope: str, period: Period) -> Iterator[tuple[date, Any]]:
    """Yield each day with the state at its end; the state is changed by the next step.

    ``product``: a snapshot product.
    """
    last, state = states_before(product, {scope: period.since})[scope]
    first = last + ONE_DAY if last else BEGINNING
    deltas = deltas_from(delta_of(product), {scope: first}, period.until).get(scope, [])
    position = 0
    for day in period.days():
        while position < len(deltas) and deltas[position][0] <= day:
            state.fold(deltas[position][1])
            position += 1
        yield day, state


def usage_of(scope: str, period: Period) -> UsageState:
    """Return the usage of a period as one state: whole months, and days around them."""
    usage, rest = UsageState(), []
    months = _stored_months(scope, period)
    start = period.since
    for end in sorted(months):
        usage.fold(months[end])
        rest.append(Period(start, month_start(end) - ONE_DAY))
        start = end + ONE_DAY
    for days in (*rest, Period(start, period.until)):
        if days.since <= days.until:
            found = deltas_from(USAGE_DELTA, {scope: days.since}, days.until)
            united(usage, (delta for _, delta in found.get(scope, ())))
    return usage


def _stored_months(scope: str, period: Period) -> dict[date, UsageState]:
    """Return the usage of whole months within a period that are stored, by their last day."""
    first = period.since if period.since.day == 1 else month_end(period.since) + ONE_DAY
    query = of_scope(scope, "snapshot_date", gte=first, lte=period.until)
    hits = scroll(USAGE_SNAPSHOT.target, query, _source=["snapshot_date", "month"])
    return {
        date.fromisoformat(hit["_source"]["snapshot_date"]): unpack(
            hit["_source"]["month"], UsageState
        )
        for hit in hits
    }


def delta_documents(product: Product, scope: str, period: Period) -> dict[date, dict[str, Any]]:
    """Return the stored delta documents of a period, without their packed state."""
    query = of_scope(scope, "period_start", gte=period.since, lt=period.until + ONE_DAY)
    found = {}
    for hit in scroll(product.target, query):
        source = hit["_source"]
        del source["state"]
        found[date.fromisoformat(source["period_start"][:10])] = source
    return found


def daily_totals(
    product: Product, scope: str, period: Period, fields: list[str]
) -> Iterator[tuple[date, dict[str, int]]]:
    """Yield the numbers of mapped fields for each stored day, from columns, not documents."""
    body = {
        "size": 10_000,
        "_source": False,
        "docvalue_fields": [{"field": "period_start", "format": "strict_date"}, *fields],
        "query": of_scope(scope, "period_start", gte=period.since, lt=period.until + ONE_DAY),
    }
    for hit in find(product.target, body)["hits"]["hits"]:
        values = hit["fields"]
        yield (
            date.fromisoformat(values["period_start"][0]),
            {field: values[field][0] for field in fields if field in values},
        )


def first_day(product: Product, scope: str) -> date | None:
    """Return the first day on which a scope has a delta."""
    body = {
        "size": 1,
        "query": {"term": {"community_id": scope}},
        "sort": [{"period_start": "asc"}],
        "_source": ["period_start"],
    }
    hits = find(product.target, body)["hits"]["hits"]
    return date.fromisoformat(hits[0]["_source"]["period_start"][:10]) if hits else None


def empty_delta(product: Product) -> Any:
    """Return the delta of a day on which nothing happened."""
    return UNFOLDED[product.family]()
