# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Checks of what is counted by the Code of Practice: whether every event is heard, and judged."""

from datetime import date, timedelta

from flask import current_app

from ...aggregations.sheets.spans import ONE_DAY
from ...exchange.counter import agents, quarantine, stream
from ...exchange.counter.agent_lists import bundled
from ...exchange.counter.consumer import STEP
from ...exchange.counter.fields import EVENTS
from ...exchange.switch import is_on
from ...ext import COUNTER_BEAT_ENTRIES, counter_schedules
from ...indices import USAGE_EVENTS, find, full_name
from ...reader.periods import today
from .base import Finding
from .ears import OFF, listening, silent
from .setting_up import SETUP

OLDEST = timedelta(days=550)
"""Of which age a list of robots may be; the official one is renewed about once a year."""


def queue() -> Finding:
    """Check that our queue gets events, keeps them, and that they are taken from it."""
    if not is_on():
        return silent(stream.EAR, bool(agents.versions()))
    wanted = counter_schedules(current_app.config["USAGE_STATS_COUNTER_SCHEDULE"])
    entries = [entry for name, entry in COUNTER_BEAT_ENTRIES.items() if wanted[name]]
    return listening(stream.EAR, STEP, entries)


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
