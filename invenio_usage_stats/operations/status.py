# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Status: how far each aggregation has come, what it left for later, and what the runs did."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from invenio_db import db

from ..aggregations.running import bookmarks
from ..aggregations.running.failures import failures
from ..aggregations.running.journal import last_of_each_step
from ..aggregations.running.leases import holders
from ..aggregations.runs import bookmark_names, step_names
from ..exchange.counter import quarantine
from ..exchange.counter.consumer import STEP as COUNTER_EVENTS
from ..exchange.counter.monthly import STEP as COUNTER_MONTHS
from ..exchange.counter.monthly import waiting
from ..exchange.matomo.taking import STEP as REPORTED_USE
from ..ledger.history import day_date
from ..ledger.models import LedgerEntry, LedgerRecord
from ..proxies import current_usage_stats
from .due import NIGHT, last_night, night_is_overdue

LATE = timedelta(days=1)
"""How far a bookmark may lie back."""
ALONE = (NIGHT, COUNTER_EVENTS, COUNTER_MONTHS, REPORTED_USE)
"""Steps for which no aggregation makes up."""
SHOWN = 5
"""How many failures of an aggregation are shown as text."""


def status(runs: int = 1) -> dict[str, Any]:
    """Return the state of everything as plain data, ready for JSON.

    ``runs``: how many runs of each step are told.

    ``aggregations``: bookmark, lag in seconds and ``behind``: the days and scopes that failed,
    with reasons (an empty scope: the whole day); ``steps``: the last runs of each step;
    ``night``: when the nightly task began last; ``holders``: who is at work; ``ledger``: its sizes;
    ``counter``: how many events could not be stored for the Code of Practice, and why;
    ``late``: by closed month, how many events wait to be counted on command.
    """
    wanted = bookmark_names()
    marks = bookmarks.read(wanted)
    rows = [_plain(row) for row in failures()]
    names = dict.fromkeys([*wanted, *(row["aggregator"] for row in rows)])
    return {
        "aggregations": [_aggregation(name, marks.get(name), rows) for name in names],
        "steps": [_plain(row) for row in last_steps(runs)],
        "night": _night(),
        "holders": [_plain(row) for row in holders()],
        "ledger": ledger_status(),
        "counter": quarantine.state(),
        "late": waiting(),
    }


def healthy(state: dict[str, Any]) -> bool:
    """Tell whether all is up to date and without failures, nights run, and no last step failed.

    Events in quarantine are a failure, too.
    """
    late = LATE.total_seconds()
    if state["counter"]["quarantined"]:
        return False
    return all(
        row["bookmark"] and row["lag_seconds"] <= late and not row["behind"]
        for row in state["aggregations"]
    ) and not (state["night"]["overdue"] or any(map(is_failed, state["steps"])))


def is_failed(step: dict[str, Any]) -> bool:
    """Tell whether a step failed, and nothing has made up for it since."""
    return step["outcome"] == "failed" and not step["outdated"]


def last_steps(runs: int = 1) -> list[dict[str, Any]]:
    """Return the last runs of each step.

    ``outdated``: a later run of the step, or of everything, has made up for what failed then.
    """
    rows = last_of_each_step(runs)
    newest: dict[str, dict[str, Any]] = {}
    for row in rows:
        newest.setdefault(row["name"], row)
    regular = step_names()
    complete = all(name in newest for name in regular)
    whole = min(newest[name]["started"] for name in regular) if complete else datetime.min
    for row in rows:
        made_up = row["name"] not in {*regular, *ALONE} and row["started"] < whole
        row["outdated"] = made_up or row is not newest[row["name"]]
    return rows


def _night() -> dict[str, Any]:
    """Return when the nightly task began last, and whether it should have since."""
    last = last_night()
    return {"last": last and last.isoformat(), "overdue": night_is_overdue()}


def lines(state: dict[str, Any]) -> Iterator[str]:
    """Yield the state as text."""
    for row in state["aggregations"]:
        lag = "never run" if row["bookmark"] is None else f"{row['lag_seconds']:>8} s ago"
        yield f"{row['name']:44}{lag}"
        for failure in row["behind"][:SHOWN]:
            yield (
                "    {day} of {where}: {reason} ({attempts} attempts since {since}, "
                "next {retry_at})".format(where=failure["scope"] or "all scopes", **failure)
            )
        if len(row["behind"]) > SHOWN:
            yield f"    and {len(row['behind']) - SHOWN} more"
    for step in state["steps"]:
        yield (
            "{name:28}{outcome:8}{started:.19}{seconds:>9.1f} s{events:>11} events"
            "{documents:>9} documents{bytes:>13} bytes  {reason}".format(**step).rstrip()
        )
    if state["night"]["overdue"]:
        yield f"night: overdue, last begun {state['night']['last'] or 'never'}"
    for row in state["holders"]:
        yield "at work: {name} by {holder}, lease until {expires_at:.19}".format(**row)
    ledger = "ledger: {records} records, {entries} entries, {waiting} waiting"
    yield ledger.format(**state["ledger"])
    if state["counter"]["quarantined"]:
        yield "counter: {quarantined} events in quarantine".format(**state["counter"])
    for row in state["counter"]["reasons"]:
        yield "    {count} since {since:.19}: {reason}".format(**row)
    for month, events in state["late"].items():
        yield f"counter: {month} is closed, {events} late events wait"


def _aggregation(name: str, mark: datetime | None, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return how far an aggregator has come."""
    return {
        "name": name,
        "bookmark": mark and mark.isoformat(),
        "lag_seconds": mark and _lag(mark),
        "behind": [
            {key: value for key, value in row.items() if key != "aggregator"}
            for row in rows
            if row["aggregator"] == name
        ],
    }


def _lag(mark: datetime) -> int:
    """Return how many seconds ago a bookmark is; a backfill sets it some minutes ahead."""
    return max(0, int((datetime.now(UTC) - mark).total_seconds()))


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with times and days as text."""
    times = {key: f"{v.isoformat()}Z" for key, v in row.items() if isinstance(v, datetime)}
    days = {"day": day_date(row["day"]).isoformat()} if "day" in row else {}
    return {**row, **times, **days}


def ledger_status() -> dict[str, int]:
    """Return the sizes of the ledger, and how many entries wait for projection."""
    waiting = sa.func.sum(sa.case((LedgerEntry.projected_at.is_(None), 1), else_=0))
    with db.engine.connect() as connection:
        entries, unprojected = connection.execute(
            sa.select(sa.func.count(LedgerEntry.id), waiting)
        ).one()
        records = connection.execute(sa.select(sa.func.count(LedgerRecord.id))).scalar()
    return {
        "records": records,
        "entries": entries,
        "waiting": int(unprojected or 0),
        "recorder_failures": current_usage_stats.recorder_failures,
    }
