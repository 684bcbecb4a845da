# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Distinct numbers of every scope: bounds from above, from the largest sheets within a period.

What months count, added up, is much nearer to the number of a year than what days count. For a
period that is a single year, month or day its sheets have the number itself.
"""

from collections.abc import Iterator
from typing import NamedTuple

from ..aggregations.sheets.spans import DAY, MONTH, ONE_DAY, YEAR
from .periods import Period, bucket_start, count_intervals, interval_end
from .totals import by_scope_and_span


class Bound(NamedTuple):
    """Be a number that is not smaller than the one that is meant, or is that."""

    number: int
    exact: bool


class Piece(NamedTuple):
    """Be days that sheets of a kind cover exactly."""

    kind: str
    period: Period


def pieces(period: Period, kinds: tuple[str, ...] = (YEAR, MONTH, DAY)) -> Iterator[Piece]:
    """Yield the parts of a period: whole years, whole months beside them, and single days."""
    kind, *smaller = kinds
    whole = _whole(period, kind)
    if whole is None:
        yield from pieces(period, tuple(smaller))
        return
    if period.since < whole.since:
        yield from pieces(Period(period.since, whole.since - ONE_DAY), tuple(smaller))
    yield Piece(kind, whole)
    if whole.until < period.until:
        yield from pieces(Period(whole.until + ONE_DAY, period.until), tuple(smaller))


def _whole(period: Period, kind: str) -> Period | None:
    """Return the years, months or days that lie within a period, if any does."""
    since, until = period.bounds
    if bucket_start(since, kind) != since:
        since = interval_end(bucket_start(since, kind), kind) + ONE_DAY
    if since > until:
        return None
    if interval_end(bucket_start(until, kind), kind) != until:
        until = bucket_start(until, kind) - ONE_DAY
    return Period(since, until) if since <= until else None


def distinct_by_scope(period: Period, field: str, events: str) -> dict[str, Bound]:
    """Return what sheets say of a mapped field that does not add up, for every scope.

    ``events``: the field of the events that it is a number of. Where these are fewer than those of
    the days, a scope's month or year has no sheet, or an old one: then its days are added up.
    """
    parts = list(pieces(period))
    wanted = list(dict.fromkeys((p.period, kind) for p in parts for kind in (p.kind, DAY)))
    sums = dict(zip(wanted, by_scope_and_span(wanted, [field, events]), strict=True))
    single = len(parts) == 1 and count_intervals(period, parts[0].kind) == 1
    found: dict[str, Bound] = {}
    for kind, days in parts:
        heads = sums[days, kind]
        for scope, row in sums[days, DAY].items():
            head = heads.get(scope, {})
            covered = head.get(events) == row[events]
            number = head[field] if covered else row[field]
            before = found.get(scope, Bound(0, True)).number
            found[scope] = Bound(before + number, single and covered)
    return found
