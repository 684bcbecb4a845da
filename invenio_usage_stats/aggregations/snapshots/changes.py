# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Which months of which scopes must be folded again, asked for all products in one request."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, TypeVar

from ...indices import PAGE, Product, find_all
from ..sheets.spans import month_start

Months = dict[str, set[date]]
"""The first days of months, by scope."""
K = TypeVar("K")


class Question(NamedTuple):
    """Be a question for scopes: in which index, of which documents, and what about each."""

    index: str
    query: dict[str, Any]
    sources: tuple[dict[str, Any], ...] = ()
    """What else than the scope tells buckets apart."""
    aggregations: dict[str, Any] = {}

    def body(self, position: dict[str, Any]) -> dict[str, Any]:
        """Return the request for the buckets after a position."""
        sources = [{"scope": {"terms": {"field": "community_id"}}}, *self.sources]
        found = {"composite": {"size": PAGE, "sources": sources, **position}}
        found |= {"aggs": self.aggregations} if self.aggregations else {}
        return {"size": 0, "query": self.query, "aggs": {"found": found}}


def answers(questions: Mapping[K, Question]) -> Iterator[tuple[K, dict[str, Any]]]:
    """Yield the buckets of all answers, each with the key of its question; page by page.

    Raises ``UsageStatsError`` when an answer is incomplete.
    """
    after: dict[K, dict[str, Any]] = {key: {} for key in questions}
    while after:
        asked = ((questions[key].index, questions[key].body(at)) for key, at in after.items())
        for key, answer in zip(list(after), find_all(asked), strict=True):
            buckets = answer.get("aggregations", {}).get("found", {}).get("buckets", ())
            yield from ((key, bucket) for bucket in buckets)
            if len(buckets) == PAGE:
                after[key] = {"after": buckets[-1]["key"]}
            else:
                del after[key]


def changed_months(
    products: Iterable[Product], since: datetime | None, today: date
) -> dict[Product, Months]:
    """Return the months whose deltas were written since a moment, or that ended since.

    ``products``: deltas; ``since``: naive UTC, none for all months. Raises ``UsageStatsError``
    when an answer is incomplete.
    """
    month = {"date_histogram": {"field": "period_start", "calendar_interval": "month"}}
    query = _query(since, today)
    questions = {p: Question(p.target, query, ({"month": month},)) for p in products}
    found: dict[Product, Months] = {product: defaultdict(set) for product in questions}
    for product, bucket in answers(questions):
        found[product][bucket["key"]["scope"]].add(day_of(bucket["key"]["month"]))
    return found


def day_of(milliseconds: float) -> date:
    """Return a day from the engine's time."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).date()


def written_since(since: datetime) -> dict[str, Any]:
    """Return a query for documents written since a moment (naive UTC)."""
    return {"range": {"timestamp": {"gte": since.replace(microsecond=0).isoformat()}}}


def _query(since: datetime | None, today: date) -> dict[str, Any]:
    """Return a query for deltas written since a moment or of months that ended since."""
    if since is None:
        return {"match_all": {}}
    due = {"gte": month_start(since.date()).isoformat(), "lt": month_start(today).isoformat()}
    return {"bool": {"should": [written_since(since), {"range": {"period_start": due}}]}}
