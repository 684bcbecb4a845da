# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Results of the service."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from ..catalog import Dimension, Metric


class Point(NamedTuple):
    """Be one point of a series: the first day of an interval and its number."""

    day: date
    value: int


class Row(NamedTuple):
    """Be one value of a dimension with its numbers by metric."""

    id: str
    label: Any
    values: dict[str, int]


@dataclass(frozen=True)
class Breakdown:
    """Be the table of one dimension.

    ``count``: how many values there are in all; ``missing``: what has no value; ``totals``: what
    shares are of. Where a record can have several values, shares add up to more than 100 %.
    """

    dimension: Dimension
    metrics: tuple[Metric, ...]
    rows: list[Row]
    count: int
    missing: dict[str, int]
    totals: dict[str, int]
