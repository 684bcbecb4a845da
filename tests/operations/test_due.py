# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What is overdue: runs and nights that beat should have started, whatever its schedule is."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from celery.schedules import crontab, schedule
from flask import current_app
from invenio_db import db

from invenio_usage_stats.aggregations.running.journal import STEPS, Outcome, last_of, note
from invenio_usage_stats.ledger.models import LedgerEntry, utc_now
from invenio_usage_stats.operations import due, nightly
from invenio_usage_stats.operations.doctor.running import night, steps
from invenio_usage_stats.operations.status import healthy as is_healthy
from invenio_usage_stats.operations.status import lines, status

MOMENT = datetime(2026, 3, 4, 10, 0, 5, tzinfo=UTC)
"""A Wednesday."""
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("when", "first", "second"),
    [
        (crontab(minute=0), "04 11:00", "04 12:00"),
        (crontab(minute="*/20"), "04 10:20", "04 10:40"),
        (crontab(minute=0, hour="8-10"), "05 08:00", "05 09:00"),
        (crontab(minute=17, hour=3), "05 03:17", "06 03:17"),
        (crontab(minute=0, hour=3, day_of_week="mon"), "09 03:00", "16 03:00"),
        (schedule(HOUR), "04 11:00", "04 12:00"),
        (None, "05 10:00", "06 10:00"),
    ],
)
def test_the_next_times_of_a_schedule(app, when, first, second):
    after = due.time_after(when, MOMENT)
    assert f"{after:%d %H:%M}" == first
    assert f"{due.time_after(when, after):%d %H:%M}" == second


@pytest.fixture
def every_hour(app, monkeypatch) -> None:
    """Let beat start everything at the full hour."""
    beat = current_app.config["CELERY_BEAT_SCHEDULE"]
    hourly = {name: {**entry, "schedule": crontab(minute=0)} for name, entry in beat.items()}
    monkeypatch.setitem(app.config, "CELERY_BEAT_SCHEDULE", {**beat, **hourly})


def test_a_crontab_tells_how_often_runs_are_due(every_hour):
    now = datetime.now(UTC)
    assert not due.overdue("aggregate", now - HOUR)
    assert due.overdue("aggregate", now - 3 * HOUR)


def night_before(ago: timedelta) -> None:
    """Note a night."""
    note(Outcome(due.NIGHT, 1, 0.1, utc_now() - ago))


def test_nights_that_do_not_run(every_hour, healthy):
    assert night().ok
    assert "has not begun yet" in night().state
    with db.engine.begin() as connection:
        long_ago = utc_now() - timedelta(days=3)
        connection.execute(sa.update(LedgerEntry.__table__).values(recorded_at=long_ago))
    assert not night().ok
    assert "night: overdue, last begun never" in list(lines(status()))
    assert not is_healthy(status())
    night_before(HOUR)
    assert night().ok
    assert is_healthy(status())
    night_before(3 * HOUR)
    assert "worker and beat" in night().advice
    assert not is_healthy(status())


def test_nights_that_beat_does_not_start(app, monkeypatch, healthy):
    beat = dict(app.config["CELERY_BEAT_SCHEDULE"])
    del beat["usage-stats-reconcile"]
    monkeypatch.setitem(app.config, "CELERY_BEAT_SCHEDULE", beat)
    night_before(timedelta(days=9))
    assert night().ok
    assert "beat does not start it" in night().state


def test_a_night_is_noted(healthy):
    done = nightly.nightly()
    row = last_of(due.NIGHT)
    assert (row["outcome"], row["documents"]) == ("ok", done.documents)
    assert utc_now() - row["started"] < timedelta(minutes=1)


def test_a_night_that_fails_is_noted(healthy, monkeypatch):
    def failing() -> dict:
        raise ValueError("a strange record")

    monkeypatch.setattr(nightly, "reconcile", failing)
    with pytest.raises(ValueError, match="a strange record"):
        nightly.nightly()
    assert last_of(due.NIGHT)["reason"] == "ValueError: a strange record"
    assert "a strange record" in steps().state
    assert not is_healthy(status())


def test_the_last_night_is_kept_however_many_runs_follow(healthy, monkeypatch):
    night_before(HOUR)
    with db.engine.begin() as connection:
        last = connection.execute(sa.select(sa.func.max(STEPS.c.id))).scalar()
        connection.execute(sa.text(f"SELECT setval('usage_stats_runs_id_seq', {last + 5_000})"))
    note(Outcome("usage delta", 1, 0.1, utc_now()))
    assert last_of(due.NIGHT)
