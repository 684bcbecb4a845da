# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A day that does not fit into memory is read in lots, with the same result."""

from dataclasses import replace
from datetime import datetime
from hashlib import sha224

import msgspec
import pytest

from invenio_usage_stats.aggregations.packing import unpack
from invenio_usage_stats.aggregations.usage.daily import EVENT_BYTES
from invenio_usage_stats.aggregations.usage.events import lots_of
from invenio_usage_stats.aggregations.usage.known import known_of
from invenio_usage_stats.indices import SHEETS, USAGE_DELTA, refresh, scroll
from invenio_usage_stats.ledger.history import day_number

from ..oracle.random_history import random_world
from ..oracle.usage import usage_deltas
from ..oracle.world import Event, World, make_facts, publish
from ..world import bare, forget_world, load, stored_deltas


def sheets() -> dict[str, dict]:
    """Return the sections of all sheets, by id."""
    refresh(SHEETS.target)
    hits = scroll(SHEETS.target, {"match_all": {}})
    return {hit["_id"]: sections(hit["_source"]["data"]) for hit in hits}


def sections(data: str) -> dict:
    """Return the sections of a small sheet."""
    packed = msgspec.msgpack.decode(unpack(data), type=dict[str, msgspec.Raw])
    return {name: msgspec.msgpack.decode(section) for name, section in packed.items()}


def test_a_limit_that_holds_no_event(app, monkeypatch):
    forget_world()
    monkeypatch.setitem(app.config, "USAGE_STATS_MAX_MEMORY", 0)
    world, at = World(), datetime(2024, 1, 10, 9)
    publish(world, "r1", "P1", at, make_facts(), "A")
    world.events = [Event(at, "view", "r1", "P1", f"{n:040x}", f"s{n}", "ui") for n in range(3)]
    load(world)
    assert stored_deltas(USAGE_DELTA)["A", at.date()]["totals"]["view"]["total_events"] == 3


@pytest.mark.parametrize("seed", [301])
def test_a_small_limit_changes_nothing(app, monkeypatch, seed):
    forget_world()
    world = random_world(seed, operations=60, days=30)
    world.events = [
        replace(e, visitor=sha224(e.visitor.encode()).hexdigest()) for e in world.events
    ]
    load(world)
    whole, whole_sheets = stored_deltas(USAGE_DELTA), sheets()
    monkeypatch.setitem(app.config, "USAGE_STATS_MAX_MEMORY", 3 * EVENT_BYTES)
    days = {day_number(event.at.date()) for event in world.events}
    events = [sum(known_of(day).events.values()) for day in days]
    assert max(len(lots_of(number, 3)) for number in events) > 2
    load(world)
    assert (
        stored_deltas(USAGE_DELTA) == whole == {k: bare(v) for k, v in usage_deltas(world).items()}
    )
    for id_, found in sheets().items():
        for name, section in found.items():
            assert section == whole_sheets[id_][name], (id_, name)
