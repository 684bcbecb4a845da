# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Check of ears: whether a queue gets every event, keeps it, and somebody takes it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from flask import current_app

from ...aggregations.running.journal import last_of
from ...exchange.ear import Ear
from .base import Finding, some
from .events import MOST_WAITING
from .setting_up import SETUP

OFF = Finding("switched off")
LONGEST = timedelta(hours=6)
"""How long ago the last run may be: RabbitMQ throws events away after a day."""
LOSES = "the broker loses events when it restarts"
KEEP = "Switch on the append-only file of Redis ('appendonly yes'), or use RabbitMQ."


def listening(ear: Ear, step: str, entries: Iterable[str]) -> Finding:
    """Check that a queue gets events, keeps them, and that they are taken from it.

    ``step``: as which runs are noted that take them; ``entries``: those of beat that start them.
    """
    found = ear.look()
    if not found.exists or found.unbound:
        state = f"not bound to {some(sorted(found.unbound))}" if found.exists else "missing"
        return Finding(f"{state}; events are not heard", SETUP)
    if not found.keeps:
        return Finding(LOSES, KEEP)
    return _worked_at(found.waiting, step, entries)


def silent(ear: Ear, was_on: bool) -> Finding:
    """Check that no queue is left of what was switched off."""
    if was_on and ear.look().exists:
        return Finding("switched off, but the queue still gets events", SETUP)
    return OFF


def _worked_at(waiting: int, step: str, entries: Iterable[str]) -> Finding:
    """Check that events are taken from a queue, by tasks that beat starts."""
    state = f"{waiting} events wait"
    beat = current_app.config.get("CELERY_BEAT_SCHEDULE") or {}
    if missing := [entry for entry in entries if entry not in beat]:
        return Finding(state, f"Add {some(missing)} to CELERY_BEAT_SCHEDULE.")
    last = last_of(step)
    age = datetime.now(UTC).replace(tzinfo=None) - last["started"] if last else None
    if (waiting and (age is None or age > LONGEST)) or waiting > MOST_WAITING:
        return Finding(state, "Check that worker and beat run: events wait for a day at most.")
    return Finding(state)
