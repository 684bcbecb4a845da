# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Small histories that are easily got wrong: each is a special case of the property."""

from datetime import datetime, timedelta

import pytest

from invenio_usage_stats.ledger.facts import first_day

from ..oracle.world import Event, World, make_facts, publish
from ..world import forget_world
from .living import beginning, check_against_oracle, check_against_rebuild, live_through
from .steps import Night, Run
from .stories import Story

MOMENT = datetime(2024, 1, 10, 9)


@pytest.fixture(autouse=True)
def forgetful(app):
    """Let the tests that follow load their worlds anew."""
    yield
    forget_world()


def download(at: datetime) -> Event:
    """Return a download of the file of the record."""
    return Event(at, "download", "r1", "P1", "v", "s", "r1_a.pdf", file_key="a.pdf", size=1)


def check(world: World, *acts) -> None:
    """Live through some acts and compare."""
    with beginning():
        live_through(Story(world, list(acts)))
        check_against_oracle(world)
        check_against_rebuild(world)


def record(published: str = "") -> World:
    """Return a record with a file."""
    world = World()
    publish(world, "r1", "P1", MOMENT, make_facts({"pdf": [1, 1]}, published), "A")
    return world


def test_downloads_of_the_draft_of_a_record_that_becomes_known_late():
    """They counted for the repository while the record was unknown."""
    world = record()
    world.events = [download(MOMENT - timedelta(days=1))]
    check(world, ("e1", world.events[0]), Run(0), world.operations)


def test_a_deleted_event_beside_a_draft_s_download():
    """The difference that has its reason makes up for the one that has none."""
    world = record()
    events = [download(MOMENT - timedelta(hours=1)), *[download(MOMENT)] * 2]
    known = [(f"e{number}", event) for number, event in enumerate(events)]
    world.events = events[:2]
    gone = ("e2", None, events[2])
    check(world, world.operations, Run(0), *known, Run(0), Night(0), gone)


@pytest.mark.parametrize("published", ["0001", "0001-01-01", "9999", "9999-12-31"])
def test_the_ends_of_time(published: str):
    world = record(first_day(published))
    with beginning():
        live_through(Story(world, [world.operations]))
        check_against_rebuild(world)
