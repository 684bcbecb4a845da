# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What is done every night: what incremental runs cannot see."""

import time
from datetime import timedelta
from typing import NamedTuple

from flask import current_app

from ..aggregations.running.failures import reason_of
from ..aggregations.running.journal import Outcome, note
from ..aggregations.usage.known import partly_written_days
from ..ledger.models import utc_now
from ..ledger.reconcile import reconcile
from ..reader.periods import FIRST_DAY, Period, today
from ..readiness import require_setup
from .counts import days_to_count
from .due import NIGHT
from .methods import note_method
from .passes import count_again
from .retention import first_kept_day, remove_outdated


class Nightly(NamedTuple):
    """Say what a night's work found and did."""

    entries: int
    """Ledger entries that were missing."""
    days: int
    """Days that were to be counted again: their events were not what we had counted, or only
    some scopes had been written last."""
    documents: int | None
    """None when somebody else was counting days again, so that these wait for the next night."""
    removed: tuple[str, ...]
    """Indices that were older than the retention."""


def nightly() -> Nightly:
    """Repair the ledger, count days again whose events changed unseen, and remove old deltas.

    Before that, note by which method usage is counted. The journal has a row of each night.

    Raises ``SetupError``.
    """
    require_setup()
    outcome, clock = Outcome(NIGHT, 0, 0, utc_now()), time.monotonic()
    try:
        done = _work()
        outcome = outcome._replace(documents=done.documents or 0)
        if done.documents is None:
            waiting = f"{done.days} days wait: somebody else is counting days again."
            outcome = outcome._replace(outcome="partial", reason=waiting)
    except Exception as error:
        # Whatever it is that ends a night, status and doctor must show it.
        outcome = outcome._replace(outcome="failed", reason=reason_of(error))
        raise
    finally:
        note(outcome._replace(seconds=round(time.monotonic() - clock, 3)))
    return done


def _work() -> Nightly:
    """Do a night's work."""
    note_method()
    entries = sum(reconcile().values())
    first = first_kept_day() or FIRST_DAY
    partly = partly_written_days(today())
    days = days_to_count(Period(first, today() - timedelta(days=1)), partly)
    documents = count_again(days) if days else 0
    removed = tuple(remove_outdated())
    done = Nightly(entries, len(days), documents, removed)
    current_app.logger.info(
        "Usage statistics: the night found %d missing entries and %d days to count again.",
        *(done.entries, done.days),
        extra=done._asdict(),
    )
    return done
