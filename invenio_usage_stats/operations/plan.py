# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Plans: which months a backfill or rebuild has to write, and how much there is to be read."""

from calendar import monthrange
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from ..aggregations.kinds import stored_kinds
from ..errors import InvalidQueryError
from ..indices import EVENTS, RECORD_DELTAS, USAGE_DELTA, full_name
from ..ledger.history import GLOBAL, day_date
from ..reader.periods import FIRST_DAY, LAST_DAY, Period, parse_day, today
from .counts import buckets, days_to_count, within
from .passes import SNAPSHOTS
from .retention import first_kept_day
from .scopes import scope_id

MOVING = ("event_date", "record_created_date", "record_published_date")
"""The days on which a record may move, on any basis."""
COMING = {
    "added": "event_date",
    "created": "record_created_date",
    "published": "record_published_date",
}
"""By basis the day on which a record comes into the repository."""
PUBLICATIONS = ({"term": {"community_id": GLOBAL}}, {"term": {"event_type": "added"}})
"""Conditions of the entries that tell of records coming into the repository."""

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

    Of usage, those months are missing in which the events of a day are not what our documents
    counted; years that were removed for their age are not missing.
    """
    records, usage = _record_months(job.period), _usage_months(job.period)
    if job.only_missing:
        records = _missing(records, marks, left, job.period)
        first = (USAGE_DELTA.name in marks and first_kept_day()) or FIRST_DAY
        wrong = {_month(day_date(day)) for day in days_to_count(Period(first, today()))}
        usage = Counter({month: count for month, count in usage.items() if month in wrong})
    parts = [*_months("records", records, job.period), *_months("usage", usage, job.period)]
    if parts or not marks >= SNAPSHOTS.keys():
        begins = min((part.period.since for part in parts), default=job.period.since)
        whole = Period(begins, job.period.until)
        parts += [Part("snapshots", name, whole, 0) for name in SNAPSHOTS]
    return parts


def _missing(
    records: Counter, marks: Collection[str], left: Collection[date], period: Period
) -> Counter:
    """Return which months of records are to be written.

    All of them where aggregators have no bookmark, or those of any month are lost: they are few.
    Else those that an earlier plan has ``left`` (their first days).
    """
    if any(product.name not in marks for product in RECORD_DELTAS) or _has_lost_months(period):
        return records
    return Counter({month: count for month, count in records.items() if month in left})


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


def _has_lost_months(period: Period) -> bool:
    """Tell whether documents are missing of a month in which records came into the repository.

    A record that was deleted before its publication date never came.
    """
    for product in RECORD_DELTAS:
        field = COMING[product.basis]
        came = [{"term": {"is_deleted": False}}, {"range": {field: {"lte": "now"}}}]
        conditions = (*PUBLICATIONS, {"bool": {"should": came}})
        months = _counts(full_name(EVENTS), field, period, conditions)
        if months.keys() - _counts(product.target, "period_start", period).keys():
            return True
    return False


def _usage_months(period: Period) -> Counter:
    """Return the months with events, and those with documents."""
    months: Counter = Counter()
    for index in stored_kinds().values():
        months.update(_counts(index, "timestamp", period))
    months.update(dict.fromkeys(_counts(USAGE_DELTA.target, "period_start", period), 0))
    return months


def _counts(
    index: str, field: str, period: Period, conditions: Iterable[dict[str, Any]] = ()
) -> dict[date, int]:
    """Return the number of documents by month."""
    query = {"bool": {"filter": [within(field, period), *conditions]}}
    found = buckets(index, query, field, "month")
    return {_month(day): bucket["doc_count"] for day, bucket in found}


def _month(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)
