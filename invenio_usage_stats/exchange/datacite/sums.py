# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Sums over many datasets and all their months, made by the search engine."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from ...indices import find, full_name, terms_batches
from ..counter.documents import MONTHS
from ..counter.metrics import COUNTED
from ..counter.months import states
from .records import Level

FIELDS = {counted.id: f"counts.{counted.field}" for counted in COUNTED}
SAME = ("month", "generation")
"""What identifies a count of a month."""


def sums(level: Level, recids: Collection[str], numbers: Collection[str]) -> Counter[str]:
    """Return the sums of some numbers over some datasets."""
    found: Counter[str] = Counter()
    shown = _shown()
    for wanted in terms_batches("recid", recids) if shown else ():
        query = {
            "filter": [{"term": {"level": level}}, wanted],
            "should": shown,
            "minimum_should_match": 1,
        }
        sum_of = {number: {"sum": {"field": FIELDS[number]}} for number in numbers}
        body = {"size": 0, "query": {"bool": query}, "aggs": sum_of}
        answer = find(full_name(MONTHS), body).get("aggregations", {})
        found.update({number: round(one["value"]) for number, one in answer.items()})
    return found


def _shown() -> list[dict[str, Any]]:
    """Return queries for the one count of each month that is shown."""
    return [
        {"bool": {"filter": [{"term": {name: getattr(state, name)}} for name in SAME]}}
        for state in states()
    ]
