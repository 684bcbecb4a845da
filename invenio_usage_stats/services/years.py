# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The years that reports are about: of the calendar, or financial ones."""

import re
from dataclasses import dataclass, replace
from datetime import date

from ..errors import InvalidQueryError
from ..reader.periods import Period, earlier, parse_name, today, year_start

CALENDAR, FINANCIAL = "year", "fy"
YEAR = "year"
"""The parameter of a report's address."""
ALL = 10_000
"""So many years back there is every year."""
_WRITTEN = re.compile(r"(fy:)?(\d{4})", re.ASCII)


@dataclass(frozen=True)
class Year:
    """Be a year; a financial one begins on ``USAGE_STATS_YEAR_START``."""

    number: int
    kind: str = CALENDAR

    @classmethod
    def of(cls, day: date, kind: str) -> "Year":
        """Return the year of a kind that holds a day."""
        start = year_start() if kind == FINANCIAL else (1, 1)
        return cls(day.year - ((day.month, day.day) < start), kind)

    @property
    def name(self) -> str:
        """Return it as the name of a period."""
        return f"{self.kind}:{self.number:04}"

    @property
    def value(self) -> str:
        """Return it as it stands in the address of a report."""
        return self.name if self.kind == FINANCIAL else f"{self.number:04}"

    @property
    def label(self) -> str:
        """Return what it is called."""
        since, until = parse_name(self.name).bounds
        return str(self.number) if since.year == until.year else f"{since.year}/{until.year}"

    @property
    def period(self) -> Period:
        """Return its days up to the present one."""
        since, until = parse_name(self.name).bounds
        return Period(since, min(until, today()))

    @property
    def before(self) -> Period:
        """Return the days that it is compared with."""
        return earlier(self.period, "year")

    @property
    def is_over(self) -> bool:
        """Tell whether its last day lies in the past."""
        return parse_name(self.name).until < today()


@dataclass(frozen=True)
class Years:
    """Be the year of a report, among those that there are reports of."""

    shown: Year
    first: date

    @classmethod
    def read(cls, text: str | None, first: date | None, most: int = ALL) -> "Years":
        """Return the years of a report's address; without one, the last that is over.

        ``first``: the first day with data; ``most``: how many years back there are reports.
        Raises ``InvalidQueryError``.
        """
        now = today()
        first = max(first or now, date(max(now.year - most, 1), 1, 1))
        match = _WRITTEN.fullmatch(text or "")
        if text and not match:
            raise InvalidQueryError(YEAR, f"{text[:20]!r} is not a year such as {now.year}.")
        if match:
            return cls(Year(int(match[2]), FINANCIAL if match[1] else CALENDAR), first)._checked()
        found = cls(Year.of(now, CALENDAR), first)
        last = replace(found.shown, number=found.shown.number - 1)
        return cls(last, first) if last in found.all else found

    @property
    def all(self) -> list[Year]:
        """Return the years of this kind, the latest first."""
        kind = self.shown.kind
        first, last = Year.of(self.first, kind).number, Year.of(today(), kind).number
        return [Year(number, kind) for number in range(last, first - 1, -1)]

    def _checked(self) -> "Years":
        """Return these years, if the shown one is one of them."""
        found = self.all
        if self.shown not in found:
            allowed = f"{found[-1].value} to {found[0].value}"
            raise InvalidQueryError(YEAR, f"{self.shown.value} is not one of {allowed}.")
        return self

    @property
    def other_kind(self) -> Year | None:
        """Return the year of the other kind with the same last day, where the kinds differ."""
        if year_start() == (1, 1):
            return None
        financial = self.shown.kind == FINANCIAL
        return Year.of(self.shown.period.until, CALENDAR if financial else FINANCIAL)
