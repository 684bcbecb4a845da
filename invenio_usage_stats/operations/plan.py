# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Plans: which months a backfill or rebuild has to write, and how much there is to be read."""

from calendar import monthrange
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from ..errors import InvalidQueryError
from ..indices import EVENTS, RECORD_DELTAS, USAGE_DELTA, USAGE_EVENTS, full_name
from ..ledger.history import day_date
from ..reader.periods import FIRST_DAY, LAST_DAY, Period, parse_day, today
from .counts import buckets, days_to_count, within
from .passes import SNAPSHOTS
from .retention import first_kept_day
from .scopes import scope_id

MOVING = ("event_date", "record_created_date", "record_published_date")
"""The days on which a record may move, on any basis."""


BACKFILL = "backfill"


class Job(NamedTuple):
    """Be a backfill (``only_missing``) or a rebuild of given days, of all scopes or of one."""

    name: str
    period: Period
    scope: str | None = None
    only_missing: bool = False


class Part(NamedTuple):
    """Be the work of one worker; ``weight``: how much there is to be read."""

    step: str
    name: str
    period: Period
    weight: int


def backfill_job() -> Job:
    """Return the job that aggregates what is not there yet."""
    return Job(BACKFILL, Period(FIRST_DAY, LAST_DAY), only_missing=True)


def rebuild_job(period: Period, scope: str | None = None) -> Job:
    """Return the job that writes these days anew."""
    name = f"rebuild {period.since} {period.until} {scope or ''}".rstrip()
    return Job(name, period, scope)


def asked_job(since: str | None, until: str | None, scope: str | None) -> Job:
    """Return the rebuild that somebody asks for in words.

    Raises ``InvalidQueryError``, ``UnknownScopeError``.
    """
    first = parse_day("since", since)
    last = parse_day("until", until) if until else LAST_DAY
    if first > last:
        raise InvalidQueryError("since", f"{first} is after until {last}.")
    return rebuild_job(Period(first, last), scope_id(scope))


def parts_of(job: Job, marks: Collection[str], left: Collection[date] = frozenset()) -> list[Part]:
    """Return the parts of a job; ``marks``: the aggregators that have a bookmark.

    Records that have none are written for all months, else for those that an earlier plan has
    ``left`` (their first days). Of usage, those months are missing in which the events of a day
    are not what our documents counted; years that were removed for their age are not missing.
    """
    records, usage = _record_months(job.period), _usage_months(job.period)
    if job.only_missing:
        if all(product.name in marks for product in RECORD_DELTAS):
            records = Counter({month: count for month, count in records.items() if month in left})
        first = (USAGE_DELTA.name in marks and first_kept_day()) or FIRST_DAY
        wrong = {_month(day_date(day)) for day in days_to_count(Period(first, today()))}
        usage = Counter({month: count for month, count in usage.items() if month in wrong})
    parts = [*_months("records", records, job.period), *_months("usage", usage, job.period)]
    if parts or not marks >= SNAPSHOTS.keys():
        begins = min((part.period.since for part in parts), default=job.period.since)
        whole = Period(begins, job.period.until)
        parts += [Part("snapshots", name, whole, 0) for name in SNAPSHOTS]
    return parts


def _months(step: str, months: Counter, period: Period) -> Iterator[Part]:
    """Yield a part for each month, cut to a period."""
    for first, weight in sorted(months.items()):
        last = first.replace(day=monthrange(first.year, first.month)[1])
        cut = Period(max(first, period.since), min(last, period.until))
        yield Part(step, f"{first:%Y-%m}", cut, weight)


def _record_months(period: Period) -> Counter:
    """Return the months in which records move or have documents."""
    months: Counter = Counter()
    for field in MOVING:
        months.update(_counts(full_name(EVENTS), field, period))
    for product in RECORD_DELTAS:
        months.update(dict.fromkeys(_counts(product.target, "period_start", period), 0))
    return months


def _usage_months(period: Period) -> Counter:
    """Return the months with events, and those with documents."""
    months: Counter = Counter()
    for alias in USAGE_EVENTS.values():
        months.update(_counts(full_name(alias), "timestamp", period))
    months.update(dict.fromkeys(_counts(USAGE_DELTA.target, "period_start", period), 0))
    return months


def _counts(index: str, field: str, period: Period) -> dict[date, int]:
    """Return the number of documents by month."""
    found = buckets(index, within(field, period), field, "month")
    return {_month(day): bucket["doc_count"] for day, bucket in found}


def _month(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)
