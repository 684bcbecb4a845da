# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What happens every night, what is removed, and when it is all scheduled."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from celery.schedules import crontab
from invenio_db import db
from invenio_jobs.models import Job
from invenio_jobs.proxies import current_jobs
from invenio_search import current_search_client

from invenio_usage_stats import tasks
from invenio_usage_stats.aggregations.running import bookmarks
from invenio_usage_stats.aggregations.running.journal import last_of
from invenio_usage_stats.aggregations.running.leases import hold
from invenio_usage_stats.aggregations.runs import aggregate, daily_names
from invenio_usage_stats.config import USAGE_STATS_SCHEDULE
from invenio_usage_stats.ext import schedules
from invenio_usage_stats.indices import (
    PRODUCTS,
    USAGE_DELTA,
    USAGE_EVENTS,
    full_name,
    refresh,
    scroll,
)
from invenio_usage_stats.ledger.models import LedgerEntry, LedgerRecord
from invenio_usage_stats.operations import passes, retention
from invenio_usage_stats.operations.due import NIGHT
from invenio_usage_stats.operations.nightly import nightly
from invenio_usage_stats.operations.passes import AGAIN
from invenio_usage_stats.readiness import missing_tables, missing_templates

from .. import content
from ..oracle.world import Event, World, make_facts, publish
from ..world import Loader, index_events, stored_deltas
from .conftest import grow_old


def views(day: date) -> int:
    """Return how many views of a day our documents counted."""
    found = stored_deltas(USAGE_DELTA).get(("global", day))
    return found["totals"]["view"]["total_events"] if found else 0


def delete_an_event(day: date | None = None) -> date:
    """Delete a view, by default of the day with the most; return its day."""
    hits = list(scroll(full_name(USAGE_EVENTS["view"]), {"match_all": {}}))
    days = Counter(hit["_source"]["timestamp"][:10] for hit in hits)
    wanted = str(day) if day else days.most_common(1)[0][0]
    hit = next(hit for hit in hits if hit["_source"]["timestamp"].startswith(wanted))
    current_search_client.delete(index=hit["_index"], id=hit["_id"], refresh=True)
    return date.fromisoformat(wanted)


def test_deleted_events_are_no_longer_counted(run, past):
    aggregate()
    day = delete_an_event()
    before = views(day)
    grow_old()
    aggregate()
    assert views(day) == before
    assert nightly().days == 1
    assert views(day) == before - 1
    assert nightly().days == 0


def test_a_day_whose_events_are_all_gone(run, past):
    aggregate()
    day = max(event.at.date() for event in past.events)
    for alias in USAGE_EVENTS.values():
        current_search_client.delete_by_query(
            index=full_name(alias),
            body={"query": {"range": {"timestamp": {"gte": f"{day}T00:00:00"}}}},
            params={"refresh": "true"},
        )
    assert nightly().days == 1
    assert ("global", day) not in stored_deltas(USAGE_DELTA)


def test_events_without_a_time_of_indexing_are_found(run, past):
    aggregate()
    event = max(past.events, key=lambda e: e.at)
    day = event.at.date()
    before = views(day)
    index_events(
        [Event(event.at, "view", event.record, event.parent, "w", "w", f"ui_{event.record}")]
    )
    script = {"source": "ctx._source.remove('updated_timestamp')"}
    current_search_client.update_by_query(
        index=full_name(USAGE_EVENTS["view"]),
        body={"script": script, "query": {"match_all": {}}},
        params={"refresh": "true"},
    )
    grow_old()
    aggregate()
    assert views(day) == before
    nightly()
    assert views(day) == before + 1


def test_days_that_somebody_else_counts_wait(run, past):
    aggregate()
    day = delete_an_event()
    before = views(day)
    with hold(AGAIN):
        assert nightly().documents is None
    assert last_of(NIGHT)["outcome"] == "partial"
    assert "1 days wait" in last_of(NIGHT)["reason"]
    assert nightly().days == 1
    assert views(day) == before - 1


def test_an_event_that_is_deleted_after_its_day_was_read(run, past, monkeypatch):
    aggregate()
    day = delete_an_event()
    before = views(day)
    write = passes.GivenDays.write

    def deleting(self, period, scope=None):
        count = write(self, period, scope)
        delete_an_event(day)
        return count

    with monkeypatch.context() as patch:
        patch.setattr(passes.GivenDays, "write", deleting)
        assert nightly().days == 1
    assert views(day) == before - 1
    assert nightly().days == 1
    assert views(day) == before - 2


def test_downloads_of_drafts_are_looked_at_once(run):
    world, published = World(), datetime(2024, 3, 5, 12)
    publish(world, "r1", "P1", published, make_facts({"pdf": [1, 9]}), "A")
    before = published - timedelta(hours=1)
    world.events = [
        Event(before, "download", "r1", "P1", "v", "s", "f", file_key="a.pdf", size=9),
    ]
    Loader(world).operations(world.operations)
    index_events(world.events)
    aggregate()
    assert nightly().days == 1
    assert nightly().days == 0


def test_records_that_the_ledger_lacks_are_added(run, people):
    content.publish(people["uploader"])
    with db.engine.begin() as connection:
        connection.execute(sa.delete(LedgerEntry))
    assert nightly().entries > 0
    assert nightly().entries == 0


@pytest.mark.parametrize(
    ("age", "first"),
    [
        (None, None),
        (timedelta(days=365), date(2025, 1, 1)),
        (timedelta(days=10), date(2026, 1, 1)),
    ],
)
def test_years_are_kept_until_their_last_day_is_old(app, age, first):
    app.config["USAGE_STATS_RETENTION"] = {"daily": age}
    try:
        assert retention.first_kept_day(date(2026, 3, 1)) == first
    finally:
        app.config["USAGE_STATS_RETENTION"] = {"daily": None}


def test_old_years_of_daily_documents_are_removed(app, run, past):
    aggregate()
    year = min(event.at.year for event in past.events)
    app.config["USAGE_STATS_RETENTION"] = {"daily": timedelta(days=1)}
    try:
        removed = nightly().removed
        assert USAGE_DELTA.index(date(year, 1, 1)) in removed
        again = nightly()
        assert (again.days, again.removed) == (0, ())
        aggregate()
        assert "Nothing is missing" in run("backfill", "--workers", "local")[1]
    finally:
        app.config["USAGE_STATS_RETENTION"] = {"daily": None}


def test_removing_everything(run, past):
    aggregate()
    bookmarks.write(daily_names(), datetime(2024, 1, 1))
    db.session.add(Job(title="ours", task="usage_stats_refresh"))
    db.session.commit()
    events = sum(1 for _ in scroll(full_name(USAGE_EVENTS["view"]), {"match_all": {}}))
    code, output = run("remove", "--all", "--dry-run")
    assert code == 0
    assert f"index {USAGE_DELTA.target}-" in output
    assert "bookmarks: 0" not in output
    assert "jobs: 1" in output
    assert bookmarks.read(p.name for p in PRODUCTS)
    code, output = run("remove", "--all", "--yes-i-know")
    assert code == 0
    assert "table usage_stats_records: 0 rows" not in output
    assert not bookmarks.read([*(p.name for p in PRODUCTS), *daily_names()])
    assert missing_templates()
    assert not missing_tables()
    assert not current_search_client.indices.get(index=f"{full_name('stats-community')}-*")
    with db.engine.connect() as connection:
        assert not connection.execute(sa.select(LedgerRecord.__table__)).all()
    assert Job.query.filter_by(task="usage_stats_refresh").count() == 0
    refresh(full_name(USAGE_EVENTS["view"]))
    left = sum(1 for _ in scroll(full_name(USAGE_EVENTS["view"]), {"match_all": {}}))
    assert left == events
    assert run("setup")[0] == 0
    assert not missing_templates()


def test_everything_is_in_beat_and_among_the_jobs(app):
    beat = app.config["CELERY_BEAT_SCHEDULE"]
    assert beat["usage-stats-refresh"]["schedule"] == timedelta(minutes=10)
    assert beat["usage-stats-aggregate"]["schedule"] == timedelta(hours=1)
    assert isinstance(beat["usage-stats-reconcile"]["schedule"], crontab)
    for name in ("refresh", "aggregate", "reconcile"):
        task = beat[f"usage-stats-{name}"]["task"]
        assert task == getattr(tasks, name).name
        assert current_jobs.registry.get(f"usage_stats_{name}").task.name == task


def test_a_schedule_alone_is_that_of_aggregation():
    assert schedules(timedelta(hours=3)) == {
        **USAGE_STATS_SCHEDULE,
        "aggregate": timedelta(hours=3),
    }
    assert schedules({"refresh": None})["refresh"] is None


def test_the_tasks_do_their_work(run, past):
    aggregate()
    tasks.refresh()
    tasks.aggregate()
    tasks.reconcile()
    assert run("status")[0] == 0
