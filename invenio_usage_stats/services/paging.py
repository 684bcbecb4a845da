# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Pages: how much an answer has at most, so that none is a burden on its way.

How large a page is follows from what is asked, never from the numbers. So pages fit together.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..catalog import Metric
from ..errors import InvalidQueryError
from ..reader.periods import Period, count_intervals, stretch
from .query import Query
from .results import OneSeries

BYTES = 40_000
"""What the rows or points of an answer take at most; what surrounds them comes on top."""
ROW, PART, SERIES = 260, 160, 160
"""What a row of a ranking, a value of a snapshot, or a series takes beside its numbers."""
NUMBER, CHANGE = 32, 80
POINT, NET_CHANGE = 45, 95
LISTED = 10_000
"""How many rows of a list pages reach: each of them has to be looked up."""
STREAMED, LONGEST = 20_000, 64
"""How many points, and how many intervals, of a stream are made together."""


@dataclass(frozen=True)
class Pages:
    """Be the pages of series: stretches of intervals that all of them have in common."""

    each: int | None = None
    """How many intervals a page has; none for all of them."""
    page: int = 1
    count: int = 1

    def cut(self, period: Period, interval: str) -> Period | None:
        """Return the part of a period that this page is about; none beyond its end.

        The last page has the rest: an earlier period may have more intervals.
        """
        if self.each is None:
            return period
        start = (self.page - 1) * self.each
        rest = self.page == self.count
        count = count_intervals(period, interval) if rest else self.each
        return stretch(period, interval, start, count)


ONE_PAGE = Pages()


class Maker(NamedTuple):
    """Be what makes series, a page or a stretch of each at a time; ``count``: how many."""

    count: int
    of: Callable[[Pages], list[OneSeries]]


def pages_of(query: Query, period: Period, interval: str, widths: Sequence[int]) -> Pages:
    """Return the pages of series; ``widths``: what a point of each takes.

    Raises ``InvalidQueryError`` for a page that there is not.
    """
    if query.extent != "page" or not widths:
        return ONE_PAGE
    each = max(1, (BYTES - SERIES * len(widths)) // sum(widths))
    count = -(-count_intervals(period, interval) // each)
    if query.page > count:
        raise InvalidQueryError("page", f"{query.page} is not one of the {count} there are.")
    return Pages(each, query.page, count)


def stretches(period: Period, interval: str, count: int) -> Iterator[Pages]:
    """Yield the stretches in which a stream has the points of so many series."""
    each = max(1, min(LONGEST, STREAMED // max(1, count)))
    parts = -(-count_intervals(period, interval) // each)
    return (Pages(each, page, parts) for page in range(1, parts + 1))


def width(metric: Metric, query: Query) -> int:
    """Return what a point of a metric takes, with the one that it is compared with."""
    moves = not (metric.event or metric.distinct or query.cumulative)
    return (NET_CHANGE if moves else POINT) * (2 if query.compare else 1)


def most_rows(metrics: int, query: Query) -> int:
    """Return how many rows of a ranking make an answer."""
    return BYTES // (ROW + metrics * (NUMBER + (CHANGE if query.compare else 0)))


def most_parts(metrics: int, dimensions: int) -> int:
    """Return how many values of each dimension make a snapshot."""
    return max(1, BYTES // (max(1, dimensions) * (PART + metrics * NUMBER)))
