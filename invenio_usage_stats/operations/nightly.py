# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What is done every night: what incremental runs cannot see."""

from datetime import timedelta
from typing import NamedTuple

from flask import current_app

from ..aggregations.usage.daily import partly_written_days
from ..ledger.reconcile import reconcile
from ..reader.periods import FIRST_DAY, Period, today
from ..readiness import require_setup
from .counts import days_to_count, remember
from .methods import note_method
from .passes import count_again
from .retention import first_kept_day, remove_outdated


class Nightly(NamedTuple):
    """Say what a night's work found and did."""

    entries: int
    """Ledger entries that were missing."""
    days: int
    """Days that were counted again: their events were not what we had counted, or only some
    scopes had been written last."""
    documents: int
    removed: tuple[str, ...]
    """Indices that were older than the retention."""


def nightly() -> Nightly:
    """Repair the ledger, count days again whose events changed unseen, and remove old deltas.

    Before that, note by which method usage is counted.

    Raises ``SetupError``.
    """
    require_setup()
    note_method()
    entries = sum(reconcile().values())
    first = first_kept_day() or FIRST_DAY
    days = days_to_count(Period(first, today() - timedelta(days=1)))
    days |= partly_written_days(today())
    documents = count_again(days) if days else 0
    remember(days)
    removed = tuple(remove_outdated())
    done = Nightly(entries, len(days), documents, removed)
    current_app.logger.info(
        "Usage statistics: the night found %d missing entries and %d days to count again.",
        *(done.entries, done.days),
        extra=done._asdict(),
    )
    return done
