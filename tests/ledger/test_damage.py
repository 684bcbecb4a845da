# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Projected documents that cannot be read are written anew from the ledger, and counted."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import sqlalchemy as sa
from invenio_db import db
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.indices import EVENTS, RECORD_DELTAS, USAGE_DELTA, full_name
from invenio_usage_stats.ledger.models import LedgerFacts
from invenio_usage_stats.ledger.projection import drain
from invenio_usage_stats.ledger.reading import read_histories
from invenio_usage_stats.operations.status import healthy, status

from ..oracle.world import Event, World, make_facts, publish
from ..world import Loader, forget_world, index_events, stored_deltas

MOMENT = datetime(2024, 1, 10, 9)
DAY = MOMENT.date()
FACTS = LedgerFacts.__table__


@pytest.fixture(autouse=True)
def projected(clean) -> Iterator[None]:
    """Start with two viewed records of a community, projected and not aggregated."""
    world = World()
    for record in ("r-1", "r-2"):
        publish(world, record, f"P-{record}", MOMENT, make_facts(), "A")
        world.events.append(Event(MOMENT, "view", record, f"P-{record}", "v", record, "ui"))
    Loader(world).operations(world.operations)
    index_events(world.events)
    drain()
    yield
    forget_world()


def damage(script: str, scope: str = "global") -> None:
    """Change the first record's document of a scope."""
    current_search_client.update_by_query(
        index=full_name(EVENTS),
        body={"script": {"source": script}, "query": {"ids": {"values": [f"r-1-{scope}-1"]}}},
        params={"refresh": "true"},
    )


def counted() -> tuple[int, int]:
    """Return how many records entered the community on the day, and how many views it has."""
    joined = stored_deltas(RECORD_DELTAS[0])["A", DAY]["records"]["added"]
    views = stored_deltas(USAGE_DELTA)["A", DAY]["totals"]["view"]["total_events"]
    return sum(joined.values()), views


DAMAGES = {
    "facts": "ctx._source.facts = 'garbage'",
    "without facts": "ctx._source.remove('facts')",
    "record": "ctx._source.record_id = ['r-1', 'r-1']",
    "ordinal": "ctx._source.remove('ordinal')",
    "date": "ctx._source.event_date = '2024'",
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_document_is_written_anew_and_counted(name, caplog):
    damage(DAMAGES[name])
    outcomes = aggregate()
    assert {one.outcome for one in outcomes} == {"ok"}
    assert counted() == (2, 2)
    (said,) = [text for text in caplog.messages if "cannot be read" in text]
    assert "of 1 records cannot be read, first r-1: " in said
    assert said.endswith("they are written anew.")
    assert healthy(status())


def test_damage_of_a_membership(caplog):
    damage("ctx._source.event_type = 5", scope="A")
    aggregate()
    assert counted() == (2, 2)
    assert "r-1" in caplog.text


def test_who_only_looks_mends_nothing(caplog):
    damage(DAMAGES["facts"])
    for _ in range(2):
        found = read_histories("record_id", ["r-1", "r-2"], mend=False)
        assert [history.record for history in found] == ["r-2"]
    assert "these records are left out" in caplog.text


def test_damage_in_the_ledger_itself_is_that_records_alone(caplog):
    record = sa.select(FACTS.c.id).order_by(FACTS.c.id).limit(1).scalar_subquery()
    with db.engine.begin() as connection:
        right = connection.execute(sa.select(FACTS.c.facts).where(FACTS.c.id == record)).scalar()
        connection.execute(sa.update(FACTS).where(FACTS.c.id == record).values(facts={"values": 5}))
    damage(DAMAGES["facts"])
    aggregate()
    assert counted() == (1, 1)
    assert status()["ledger"]["waiting"] == 2
    failed = aggregate()[0]
    assert (failed.name, failed.outcome) == ("projection", "failed")
    assert "first: r-1: its facts cannot be read: " in failed.reason
    assert not healthy(status())
    with db.engine.begin() as connection:
        connection.execute(sa.update(FACTS).where(FACTS.c.id == record).values(facts=right))
    aggregate()
    assert counted() == (2, 2)
    assert healthy(status())
