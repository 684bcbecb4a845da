# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Spans: the days, months and years that sheets are about, and how they cover a period."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

DAY, MONTH, YEAR = "day", "month", "year"
_LENGTH = {DAY: 10, MONTH: 7, YEAR: 4}
BEGINNING = date(1, 1, 1)
ONE_DAY = timedelta(days=1)


def month_start(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - ONE_DAY


class Span(NamedTuple):
    """Be a day, a month or a year, by its first day."""

    start: date
    kind: str

    @property
    def end(self) -> date:
        """Return its last day."""
        if self.kind == DAY:
            return self.start
        return month_end(self.start) if self.kind == MONTH else self.start.replace(month=12, day=31)

    @property
    def key(self) -> str:
        """Return it as text: 2026-01-31, 2026-01 or 2026."""
        return self.start.isoformat()[: _LENGTH[self.kind]]


def day_span(day: date) -> Span:
    """Return the span of a day."""
    return Span(day, DAY)


def month_of(day: date) -> Span:
    """Return the month of a day."""
    return Span(month_start(day), MONTH)


def year_of(day: date) -> Span:
    """Return the year of a day."""
    return Span(day.replace(month=1, day=1), YEAR)


def cover(spans: Iterable[Span], since: date, until: date) -> Iterator[Span]:
    """Yield the largest of the spans that lie within a period and do not overlap, in order."""
    size = {YEAR: 0, MONTH: 1, DAY: 2}
    within = [span for span in spans if since <= span.start and span.end <= until]
    covered: date | None = None
    for span in sorted(within, key=lambda span: (span.start, size[span.kind])):
        if covered is None or span.start > covered:
            yield span
            covered = span.end
