# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Which months are counted, and when: open ones as often as anything is new, until they close."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from flask import current_app

from ...aggregations.running.failures import ends_run, reason_of
from ...aggregations.running.leases import Lease, hold
from ...bulk import explained
from ...errors import MonthError
from ...ledger.models import utc_now
from ..noting import add_reason, noted
from ..switch import require_on
from .agents import current
from .counting import Count, write
from .generations import Shown, close, show, shown
from .reading import bounds, events_by_month

LEASE = "counter"
"""The name whose holder may count and switch."""
PATIENCE = timedelta(minutes=2)
STEP = "counter months"
"""What the journal calls the counting of open months."""


@dataclass
class Counted:
    """Say what a run has counted."""

    counts: list[Count] = field(default_factory=list)
    reason: str = ""
    sent: dict[str, int] = field(default_factory=dict)

    @property
    def received(self) -> int:
        """Return how many events the months have."""
        return sum(count.events for count in self.counts)

    @property
    def stored(self) -> int:
        """Return how many documents were written."""
        return sum(count.documents for count in self.counts)


@contextmanager
def alone() -> Iterator[Lease]:
    """Be the only one who counts or switches; raise ``MonthError`` when somebody else does."""
    with explained():
        require_on()
        with hold(LEASE, PATIENCE) as lease:
            if lease is None:
                raise MonthError("Another run is counting months; nothing done.")
            yield lease


def count(month: str) -> Count:
    """Count an open month, whether or not anything is new; close it when it is over.

    Raises ``MonthError`` for a closed month, or one without events.
    """
    with alone() as lease:
        last, size = shown().get(month), events_by_month().get(month, 0)
        if last is not None and last.closed:
            raise MonthError(f"{month} is closed. Count it again by 'counter recount {month}'.")
        require_events(month, size, last)
        return _count(lease, month)


def count_open() -> list[Count]:
    """Count every open month that has anything new, and close those that are over.

    What is wrong with one month holds up no other one; the journal says what was.
    """
    counted = Counted()
    with alone() as lease, noted(STEP, counted, flawed="failed"):
        _count_due(lease, counted)
    return counted.counts


def waiting() -> dict[str, int]:
    """Return how many events came after their month was closed, and so are not counted."""
    found = events_by_month()
    late = {m: found.get(m, 0) - last.events for m, last in shown().items() if last.closed}
    return {month: count for month, count in late.items() if count > 0}


def is_over(month: str) -> bool:
    """Tell whether a month is to be closed: nothing more of it is expected."""
    days = current_app.config["USAGE_STATS_COUNTER_CLOSES_AFTER"]
    return utc_now() >= bounds(month)[1] + timedelta(days=days)


def require_events(month: str, size: int, last: Shown | None) -> None:
    """Raise ``MonthError`` when a month has no events, or some were removed since its count."""
    if not size:
        raise MonthError(f"There are no events of {month}.")
    if last is not None and size < last.events:
        raise MonthError(
            f"{month} was counted from {last.events} events, of which {size} are left; its count "
            "stays as it is."
        )


def _count_due(lease: Lease, counted: Counted) -> None:
    """Count and close what is due; add what was counted, and what went wrong."""
    for month in _due():
        try:
            counted.counts.append(_count(lease, month))
        except Exception as error:
            current_app.logger.exception("Usage statistics: %s could not be counted.", month)
            if ends_run(error):
                raise
            add_reason(counted, f"{month}: {reason_of(error)}")


def _due() -> list[str]:
    """Return the open months to be counted; close those that are over and have lost events."""
    known, found, due = shown(), events_by_month(), []
    for month in sorted({*known, *found}):
        last, size = known.get(month), found.get(month, 0)
        if last is not None and not last.closed and size < last.events:
            # What is left of the events would be less than what was counted.
            if is_over(month):
                close(month)
        elif last is None or (not last.closed and _is_due(last, size)):
            due.append(month)
    return due


def _is_due(last: Shown, size: int) -> bool:
    """Tell whether an open month is over, has new events, or was counted by another list."""
    news = last.events != size or last.list_version != current().version
    return news or is_over(last.month)


def _count(lease: Lease, month: str) -> Count:
    """Count a month by the present list, and show the count."""
    done = write(lease, month, current().version)
    show(month, done.generation, done.events, closes=is_over(month))
    return done
