# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What is overdue: tasks that have missed two of the times at which beat should start them."""

from copy import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from celery import schedules
from flask import current_app
from invenio_db import db

from ..aggregations.running.journal import last_of
from ..ext import BEAT_ENTRIES
from ..ledger.models import LedgerEntry

FAR = timedelta(days=1)
"""How often a task is due where beat's schedule does not say."""
NIGHT = "night"
"""The step as which a night's work is noted."""


def overdue(task: str, last: datetime) -> bool:
    """Tell whether a task has missed two of its times since it ran last (with a time zone)."""
    when = schedule_of(task)
    return datetime.now(UTC) > time_after(when, time_after(when, last))


def schedule_of(task: str) -> Any:
    """Return when beat starts a task; none when it does not."""
    beat = current_app.config.get("CELERY_BEAT_SCHEDULE") or {}
    entry = beat.get(BEAT_ENTRIES[task])
    return schedules.maybe_schedule(entry["schedule"]) if entry else None


def time_after(when: Any, moment: datetime) -> datetime:
    """Return the first time of a schedule after a moment."""
    if isinstance(when, schedules.crontab):
        return _crontab_after(when, moment)
    return moment + (when.run_every if isinstance(when, schedules.schedule) else FAR)


def _crontab_after(when: schedules.crontab, moment: datetime) -> datetime:
    """Return the first time of a crontab, which reckons from what it takes for the present."""
    local = moment.astimezone(when.tz)
    then = copy(when)
    then.nowfun = lambda: local
    start, ahead, _ = then.remaining_delta(local)
    return start + ahead


def last_night() -> datetime | None:
    """Return when a night's work began last, in UTC; none before the first."""
    row = last_of(NIGHT)
    return row["started"].replace(tzinfo=UTC) if row else None


def night_is_overdue() -> bool:
    """Tell whether nights do not run, though beat has them."""
    since = last_night() or _installed()
    return bool(since and schedule_of("reconcile") and overdue("reconcile", since))


def _installed() -> datetime | None:
    """Return when the ledger's first entry was recorded."""
    query = sa.select(LedgerEntry.recorded_at).order_by(LedgerEntry.id).limit(1)
    with db.engine.connect() as connection:
        first = connection.execute(query).scalar()
    return first.replace(tzinfo=UTC) if first else None
