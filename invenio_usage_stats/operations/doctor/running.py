# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Checks of what runs: schedules, steps, failures, the ledger, clocks."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from invenio_db import db
from invenio_search import current_search_client

from ...aggregations.running import bookmarks
from ...aggregations.running.failures import failures as read_failures
from ...ext import BEAT_ENTRIES, schedules
from ...indices import PRODUCTS
from ...ledger.models import utc_now
from ...ledger.reconcile import unreadable
from ...ledger.store import count_unknown_records
from ..backfill import unfinished
from ..due import last_night, night_is_overdue, overdue, schedule_of
from ..projected import count_projected
from ..status import is_failed, last_steps, ledger_status
from .base import Finding, some

APART = timedelta(seconds=5)
"""How far clocks may be apart."""
LOST, STRANGE = "documents are gone", "documents are of no entry"
PROJECT_AGAIN = (
    "Run 'invenio stats aggregations delete community-events-index-agg' and then "
    "'invenio usage-stats aggregate': the projection is written again from the ledger."
)


def ledger() -> Finding:
    """Check that the ledger knows every record; ``verify`` compares everything."""
    with db.engine.connect() as connection:
        unknown = count_unknown_records(connection)
    rows = unreadable()
    if rows:
        state = f"{len(rows)} records cannot be read, first: {rows[0]['reason']}"
        advice = "Correct their metadata, then run 'invenio usage-stats reconcile'."
        return Finding(state, advice)
    if unknown:
        advice = "Run 'invenio usage-stats reconcile'."
        return Finding(f"lacks {unknown} records", advice)
    return Finding("knows every published record")


def projection() -> Finding:
    """Check that the ledger's entries reach the search engine, and are still there."""
    found = count_projected()
    wrong = [f"{n} {text}" for n, text in ((found.lost, LOST), (found.strange, STRANGE)) if n]
    if wrong:
        return Finding("; ".join(wrong), PROJECT_AGAIN)
    return Finding(f"{ledger_status()['waiting']} entries wait for the next run")


def schedule() -> Finding:
    """Check that all tasks are scheduled, and that beat and a worker do run them."""
    beat = current_app.config.get("CELERY_BEAT_SCHEDULE") or {}
    wanted = schedules(current_app.config["USAGE_STATS_SCHEDULE"])
    missing = [entry for name, entry in BEAT_ENTRIES.items() if wanted[name] and entry not in beat]
    if missing:
        advice = f"Add {some(missing)} to CELERY_BEAT_SCHEDULE."
        return Finding("beat entries are missing", advice)
    marks = bookmarks.read(product.name for product in PRODUCTS)
    oldest = min((marks.get(p.name) for p in PRODUCTS if p.name in marks), default=None)
    if oldest is None or len(marks) < len(PRODUCTS):
        advice = "Run 'invenio usage-stats backfill'."
        return Finding("something has never been aggregated", advice)
    age = max(datetime.now(UTC) - oldest, timedelta())
    if overdue("aggregate", oldest):
        advice = "Check that worker and beat run; 'invenio usage-stats status' shows failures."
        return Finding(f"the last complete run is {age} ago", advice)
    return Finding(f"the last complete run is {int(age.total_seconds())} s ago")


def night() -> Finding:
    """Check that the nightly task is at work."""
    last = last_night()
    state = f"began last at {last:%Y-%m-%d %H:%M} UTC" if last else "has not begun yet"
    if night_is_overdue():
        return Finding(state, "Check that worker and beat run, and see the worker's log.")
    return Finding(state if schedule_of("reconcile") else f"{state}; beat does not start it")


def steps() -> Finding:
    """Check that the last run of each step went well, or that later ones made up for it."""
    bad = filter(is_failed, last_steps())
    failed = [f"{row['name']}: {row['reason']}" for row in bad]
    if failed:
        return Finding(f"failed: {some(failed)}", "See the reason, and the worker's log.")
    return Finding("every step went well when it ran last")


def failures() -> Finding:
    """Check that no day or scope waits to be tried again."""
    rows = read_failures()
    if rows:
        state = f"{len(rows)} days or scopes wait to be tried again: {rows[0]['reason']}"
        return Finding(state, "See 'invenio usage-stats status' for all reasons.")
    return Finding("none")


def months() -> Finding:
    """Check that no backfill or rebuild was left unfinished."""
    left = [f"{job} ({count} parts)" for job, count in sorted(unfinished().items())]
    if left:
        advice = "Unless it is at work, the hourly task goes on with it; see also --cancel."
        return Finding(f"unfinished: {some(left)}", advice)
    return Finding("nothing is left")


def clocks() -> Finding:
    """Check that database, search engine and this machine agree on the time."""
    here = utc_now()
    with db.engine.connect() as connection:
        there = connection.execute(sa.text("SELECT timezone('utc', clock_timestamp())")).scalar()
    gaps = {"database": abs(there - here)}
    here = utc_now()
    row = current_search_client.cat.health(format="json")[0]
    engine = datetime.fromtimestamp(int(row["epoch"]), UTC).replace(tzinfo=None)
    gaps["search engine"] = max(abs(engine - here) - timedelta(seconds=1), timedelta())
    wrong = [f"{name} {gap.total_seconds():.0f} s" for name, gap in gaps.items() if gap > APART]
    if wrong:
        advice = "Synchronise the clocks (NTP): late events are found by their time of indexing."
        return Finding(f"apart from this machine: {some(wrong)}", advice)
    ahead = bookmarks.look(product.name for product in PRODUCTS).ahead
    if ahead:
        advice = "Find the machine whose clock was wrong. The next run deletes these bookmarks."
        return Finding(f"bookmarks are in the future: {some(ahead)}", advice)
    return Finding("agree")
