# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Backfill and rebuild: complete, resumable, on several workers, while runs go on."""

import json
import os
import re
import signal
import time
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from invenio_db import db
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.models import RunLease
from invenio_usage_stats.aggregations.running import bookmarks
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.indices import (
    PRODUCTS,
    RECORD_DELTAS,
    USAGE_DELTA,
    USAGE_SNAPSHOT,
    refresh,
)
from invenio_usage_stats.ledger.history import GLOBAL
from invenio_usage_stats.ledger.models import utc_now
from invenio_usage_stats.operations import backfill, workers
from invenio_usage_stats.operations.models import BackfillMonth
from invenio_usage_stats.operations.plan import backfill_job

from ..world import answer, stored_deltas

DELTAS = (*RECORD_DELTAS, USAGE_DELTA)
LOCAL = ("--workers", "local")
PARTS = BackfillMonth.__table__


def everything() -> dict:
    """Return all deltas that are stored."""
    return {product.name: stored_deltas(product) for product in DELTAS}


@pytest.fixture
def expected(past) -> dict:
    """Return what one run over everything writes; then nothing is left of it."""
    aggregate()
    found = everything()
    names = ",".join(product.target for product in PRODUCTS)
    forget(names)
    return found


def forget(names: str) -> None:
    """Delete documents and bookmarks."""
    marks = f"{current_search_prefix()}stats-bookmarks"
    current_search_client.delete_by_query(
        index=f"{names},{marks}",
        body={"query": {"match_all": {}}},
        params={"refresh": "true", "ignore_unavailable": "true", "conflicts": "proceed"},
    )


def current_search_prefix() -> str:
    """Return the prefix of indices."""
    return USAGE_DELTA.target.removesuffix(USAGE_DELTA.alias)


@pytest.mark.parametrize("who", [LOCAL, (*LOCAL, "--processes", "2"), ()])
def test_a_backfill_writes_what_one_run_writes(run, expected, who):
    code, output = run("backfill", *who)
    assert code == 0, output
    assert everything() == expected
    assert set(bookmarks.read(p.name for p in PRODUCTS)) == {p.name for p in PRODUCTS}
    assert "Nothing is missing" in run("backfill", *who)[1]
    code, output = run("status", "--json")
    assert code == 0
    assert {row["lag_seconds"] for row in json.loads(output)["aggregations"]} == {0}


def test_snapshots_of_a_backfill_are_those_of_a_run(run, past):
    aggregate()
    days = sorted({event.at.date() for event in past.events})
    whole = answer(USAGE_SNAPSHOT, GLOBAL, days[-1], days[-1])
    forget(",".join(product.target for product in PRODUCTS))
    run("backfill", *LOCAL)
    assert answer(USAGE_SNAPSHOT, GLOBAL, days[-1], days[-1]) == whole


def test_a_backfill_goes_on_after_a_kill(run, expected):
    job = backfill_job()
    planned = backfill.begin(job).parts
    backfill.do_part(backfill.open_parts(job.name)[0])
    code, output = run("doctor")
    assert code == 1, output
    assert "unfinished: backfill" in output
    code, output = run("backfill", *LOCAL)
    assert code == 0
    assert f"1 of {planned} parts were done before" in output
    assert everything() == expected
    assert "backfill: nothing is left" in run("doctor")[1]


def test_a_backfill_goes_on_after_its_process_was_killed(app, run, expected):
    job = backfill_job()
    backfill.begin(job)
    app.config["USAGE_STATS_THROTTLE"] = 0.05
    try:
        db.session.remove()
        db.engine.dispose()
        process = os.fork()
        if process == 0:
            workers.work(job.name)
            os._exit(0)
        while backfill.progress(job.name).done < 2:
            time.sleep(0.05)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    finally:
        app.config["USAGE_STATS_THROTTLE"] = 0.7
    assert not backfill.progress(job.name).is_done
    with db.engine.begin() as connection:
        past = utc_now() - timedelta(minutes=1)
        connection.execute(sa.update(RunLease.__table__).values(expires_at=past))
    assert run("backfill", *LOCAL)[0] == 0
    assert everything() == expected


def test_regular_runs_go_on_during_a_backfill(run, expected):
    job = backfill_job()
    backfill.begin(job)
    outcomes = {outcome.name: outcome for outcome in aggregate()}
    assert outcomes["records delta"].documents == outcomes["usage delta"].documents == 0
    run("backfill", *LOCAL)
    assert everything() == expected


def test_records_come_first_then_usage_newest_first_then_snapshots(past):
    backfill.begin(backfill_job())
    with db.engine.connect() as connection:
        rows = {row.id: row for row in connection.execute(sa.select(PARTS))}
    first = [rows[id_] for id_ in backfill.open_parts("backfill")]
    steps = [row.step for row in first]
    assert steps == sorted(steps)
    assert set(steps) == {"records", "usage"}
    months = [row.part for row in first if row.step == "usage"]
    assert months == sorted(months, reverse=True)
    assert len(months) > 1


def test_estimates_write_nothing(run, past):
    code, output = run("backfill", "--dry-run")
    assert code == 0
    assert f"{len(past.events)} events" in output
    assert "about" in output
    assert not any(everything().values())
    with db.engine.connect() as connection:
        assert not connection.execute(sa.select(PARTS)).all()


def test_estimates_are_of_what_is_asked_for(run, past):
    aggregate()
    every = ("--since", "2000-01-01", "--dry-run")
    events, whole = estimated(run("rebuild", *every)[1])
    same, part = estimated(run("rebuild", *every, "--scope", GLOBAL)[1])
    assert same == events
    assert 0 < part < whole


def test_estimates_know_records_and_days_without_events(run, past):
    aggregate()
    current_search_client.delete_by_query(
        index=f"{current_search_prefix()}events-stats-*",
        body={"query": {"match_all": {}}},
        params={"refresh": "true"},
    )
    code, output = run("rebuild", "--since", "2000-01-01", "--dry-run")
    assert code == 0
    assert "records of" in output
    events, size = estimated(output)
    assert events == 0
    assert size > 0


def estimated(output: str) -> tuple[int, float]:
    """Return the events and the bytes of an estimate."""
    units = {"bytes": 1, "kB": 1_000, "MB": 1_000_000}
    size, unit = re.search(r"about (\d+) (\w+) on disk", output).groups()
    return int(re.search(r"(\d+) events", output)[1]), int(size) * units[unit]


def test_a_rebuild_repairs_documents(run, past):
    aggregate()
    right = everything()
    day = max(event.at.date() for event in past.events)
    stray = day + timedelta(days=1)
    spoil(GLOBAL, day)
    copy(GLOBAL, day, stray)
    assert everything() != right
    code, output = run("rebuild", "--since", f"{day}", "--until", f"{stray}", *LOCAL)
    assert code == 0, output
    assert everything() == right


def test_a_rebuild_of_one_scope_leaves_the_others_alone(run, past):
    aggregate()
    day = max(event.at.date() for event in past.events)
    scope = next(s for (s, d) in stored_deltas(USAGE_DELTA) if d == day and s != GLOBAL)
    before = times(day)
    code, output = run("rebuild", "--since", f"{day}", "--scope", scope, *LOCAL)
    assert code == 0, output
    after = times(day)
    assert {s for s in before if before[s] != after[s]} == {scope}


def times(day: date) -> dict[str, int]:
    """Return the versions of a day's usage documents by scope."""
    refresh(USAGE_DELTA.target)
    body = {"size": 1_000, "version": True, "query": {"term": {"period_start": str(day)}}}
    hits = current_search_client.search(index=USAGE_DELTA.target, body=body)["hits"]["hits"]
    return {hit["_source"]["community_id"]: hit["_version"] for hit in hits}


def spoil(scope: str, day: date) -> None:
    """Make a stored number wrong."""
    index, id_ = USAGE_DELTA.index(day), f"{scope}-{day}"
    source = current_search_client.get(index=index, id=id_)["_source"]
    source["totals"]["view"]["total_events"] += 7
    put(index, id_, source)


def copy(scope: str, day: date, to: date) -> None:
    """Store a day's document as another day's, too."""
    found = current_search_client.get(index=USAGE_DELTA.index(day), id=f"{scope}-{day}")["_source"]
    times = {"period_start": f"{to}T00:00:00", "period_end": f"{to}T23:59:59"}
    put(USAGE_DELTA.index(to), f"{scope}-{to}", {**found, **times})


def put(index: str, id_: str, source: dict) -> None:
    """Write a document as if it were older than any."""
    current_search_client.delete(index=index, id=id_, ignore=[404])
    current_search_client.index(index=index, id=id_, body=source, refresh=True)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("rebuild",), "--since"),
        (("rebuild", "--since", "yesterday"), "--since"),
        (("rebuild", "--since", "2024-02-01", "--until", "2024-01-01"), "--until"),
        (("rebuild", "--since", "2024-02-01", "--scope", "nowhere"), "nowhere"),
        (("rebuild", "--dimension", "x", "--since", "2024-01-01"), "--dimension"),
        (("backfill", "--processes", "2"), "--workers local"),
        (("backfill", "--workers", "elves"), "elves"),
        (("verify", "--scope", "nowhere"), "nowhere"),
        (("verify", "--since", "2024-13-01"), "2024-13-01"),
        (("remove",), "--all"),
        (("remove", "--all"), "--yes-i-know"),
    ],
)
def test_bad_input_is_a_usage_error(run, arguments, text):
    code, output = run(*arguments)
    assert code == 2
    assert text in output
