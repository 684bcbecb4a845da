# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a dashboard's URL says, and the URLs of its links."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from ..errors import InvalidQueryError
from ..reader.periods import Period, parse_name, parse_range, today
from ..services.query import DEFAULT_PERIOD, PeriodChoice

KEYS = ("period", "since", "until", "metric", "tab")


@dataclass(frozen=True)
class Address(PeriodChoice):
    """Be the state of a dashboard that its URL holds; what is ``None`` is the default."""

    period: str | None = None
    since: str | None = None
    until: str | None = None
    metric: str | None = None
    tab: str | None = None
    others: tuple[tuple[str, str], ...] = ()
    """Parameters of the page around the dashboard."""

    @classmethod
    def read(cls, args: MultiDict) -> "Address":
        """Return the address of a request's parameters."""
        own = {key: args[key] for key in KEYS if args.get(key)}
        others = [pair for pair in args.items(multi=True) if pair[0] not in KEYS]
        return cls(**own, others=tuple(others))

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters that differ from the defaults."""
        own = [(key, getattr(self, key)) for key in KEYS]
        return [*self.others, *((key, value) for key, value in own if value)]

    def link(self, **changes: str | None) -> str:
        """Return the relative URL of this state with changes."""
        return f"?{urlencode(replace(self, **changes).pairs())}"

    def named(self, name: str) -> str:
        """Return the relative URL with a period by name."""
        wanted = None if name == DEFAULT_PERIOD else name
        return self.link(period=wanted, since=None, until=None)

    def hidden(self) -> list[tuple[str, str]]:
        """Return the parameters that a form for the bounds must keep."""
        return replace(self, period=None, since=None, until=None).pairs()


def read_period(address: Address, first: date | None, years: int) -> Period:
    """Return the period that an address asks for, cut off at today.

    Raises ``InvalidQueryError`` for a malformed one, or one that is longer than ``years``.
    """
    now, longest = today(), 366 * years
    if address.by_days:
        names = ("since", "until")
        period = parse_range(address.since, address.until, names, longest)
    else:
        earliest = parse_name(f"{years}y", now=now).since
        period = parse_name(address.name, max(first or now, earliest), now)
    return _checked(period, now, longest)


def _checked(period: Period, now: date, longest: int) -> Period:
    """Return the part of a period that is over or under way."""
    if period.since > now:
        raise InvalidQueryError("since", f"{period.since} lies in the future.")
    if period.length > longest:
        raise InvalidQueryError("period", f"{period.length} days are too many, at most {longest}.")
    return Period(period.since, min(period.until, now))


def known(value: str | None, allowed: Iterable[str], parameter: str) -> str | None:
    """Return a value that must be one of a few.

    Raises ``InvalidQueryError``.
    """
    choices = list(allowed)
    if value is not None and value not in choices:
        raise InvalidQueryError(parameter, f"{value!r} is not one of {', '.join(choices)}.")
    return value
