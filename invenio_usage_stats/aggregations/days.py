# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Queries for sets of days, within the search engine's limit of clauses."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from ..ledger.history import day_date

CLAUSES = 900
"""A query may have 1,024 clauses; on a date, each term is one too."""


def day_queries(fields: Iterable[str], days: Iterable[int]) -> Iterator[dict[str, Any]]:
    """Yield queries for documents with any of these fields on any of these days."""
    names = tuple(fields)
    clauses = [
        {"range": {field: {"gte": first.isoformat(), "lt": end.isoformat()}}}
        for first, end in ranges(days)
        for field in names
    ]
    for start in range(0, len(clauses), CLAUSES):
        yield {"bool": {"should": clauses[start : start + CLAUSES]}}


def ranges(days: Iterable[int]) -> Iterator[tuple[date, date]]:
    """Yield [first, end) of the runs of consecutive days."""
    numbered = enumerate(sorted(days))
    for _, run in groupby(numbered, key=lambda pair: pair[1] - pair[0]):
        run_days = [day for _, day in run]
        yield day_date(run_days[0]), day_date(run_days[-1]) + timedelta(days=1)
