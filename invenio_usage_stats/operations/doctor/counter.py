# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Checks of what is counted by the Code of Practice: whether every event is heard, and judged."""

from datetime import UTC, date, datetime, timedelta

from flask import current_app

from ...aggregations.running.journal import last_of
from ...aggregations.sheets.spans import ONE_DAY
from ...exchange.counter import agents, quarantine, stream
from ...exchange.counter.agent_lists import bundled
from ...exchange.counter.consumer import STEP
from ...exchange.counter.fields import EVENTS
from ...exchange.switch import is_on
from ...ext import COUNTER_BEAT_ENTRIES, counter_schedules
from ...indices import USAGE_EVENTS, find, full_name
from ...reader.periods import today
from .base import Finding, some
from .events import MOST_WAITING
from .setting_up import SETUP

OFF = Finding("switched off")
LONGEST = timedelta(hours=6)
"""How long ago the last run may be: RabbitMQ throws events away after a day."""
OLDEST = timedelta(days=550)
"""Of which age a list of robots may be; the official one is renewed about once a year."""
LOSES = "the broker loses events when it restarts"
KEEP = "Switch on the append-only file of Redis ('appendonly yes'), or use RabbitMQ."


def queue() -> Finding:
    """Check that our queue gets events, keeps them, and that they are taken from it."""
    if not is_on():
        return _switched_off()
    found = stream.EAR.look()
    if not found.exists or found.unbound:
        state = f"not bound to {some(sorted(found.unbound))}" if found.exists else "missing"
        return Finding(f"{state}; events are not heard", SETUP)
    if not found.keeps:
        return Finding(LOSES, KEEP)
    return _worked_at(found.waiting)


def _switched_off() -> Finding:
    """Check that no queue is left of what was switched off."""
    if agents.versions() and stream.EAR.look().exists:
        return Finding("switched off, but the queue still gets events", SETUP)
    return OFF


def _worked_at(waiting: int) -> Finding:
    """Check that events are taken from our queue, by a task that beat starts."""
    state = f"{waiting} events wait"
    beat = current_app.config.get("CELERY_BEAT_SCHEDULE") or {}
    wanted = counter_schedules(current_app.config["USAGE_STATS_COUNTER_SCHEDULE"])
    names = [entry for name, entry in COUNTER_BEAT_ENTRIES.items() if wanted[name]]
    if missing := [entry for entry in names if entry not in beat]:
        return Finding(state, f"Add {some(missing)} to CELERY_BEAT_SCHEDULE.")
    last = last_of(STEP)
    age = datetime.now(UTC).replace(tzinfo=None) - last["started"] if last else None
    if (waiting and (age is None or age > LONGEST)) or waiting > MOST_WAITING:
        return Finding(state, "Check that worker and beat run: events wait for a day at most.")
    return Finding(state)


def arrivals() -> Finding:
    """Check that what the repository has stored of yesterday was heard by us, too.

    It stores less than we hear: no robots, and of repeated clicks one.
    """
    if not is_on():
        return OFF
    day = today() - ONE_DAY
    heard_from = min((row["since"].date() for row in agents.versions()), default=day)
    if heard_from >= day:
        return Finding("no whole day was heard yet")
    theirs = _count(",".join(map(full_name, USAGE_EVENTS.values())), day)
    ours = _count(full_name(EVENTS), day)
    state = f"of yesterday the repository has {theirs}, we have {ours}"
    return Finding(state, f"Events were not heard, or wait. {SETUP}" if theirs > ours else "")


def _count(index: str, day: date) -> int:
    """Return how many events of a day there are."""
    bounds = {"gte": day.isoformat(), "lt": (day + ONE_DAY).isoformat()}
    body = {"size": 0, "track_total_hits": True, "query": {"range": {"timestamp": bounds}}}
    return find(index, body)["hits"]["total"]["value"]


def quarantined() -> Finding:
    """Check that every event could be stored."""
    found = quarantine.state()
    if not found["quarantined"]:
        return Finding("empty")
    state = f"{found['quarantined']} events, mostly: {found['reasons'][0]['reason']}"
    advice = "Mend it, then run 'invenio usage-stats counter quarantine --again', or --drop."
    return Finding(state, advice)


def lists() -> Finding:
    """Check that the list of robots is not outdated."""
    if not is_on():
        return OFF
    known = agents.versions()
    if not known:
        return Finding("there is none", SETUP)
    state = f"{known[0]['version']}, of {known[0]['dated']}"
    version, patterns = bundled()
    if version not in {row["version"] for row in known} and patterns.dated > known[0]["dated"]:
        advice = "Run 'invenio usage-stats counter lists --bundled' to use it from now on."
        return Finding(f"{state}; {version} is installed", advice)
    if today() - known[0]["dated"] > OLDEST:
        advice = "Update counter-robots, or run 'invenio usage-stats counter lists --update'."
        return Finding(state, advice)
    return Finding(state)
