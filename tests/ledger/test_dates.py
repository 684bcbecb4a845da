# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Dates that no calendar has, found in the ledger's tables, stop no run."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from invenio_db import db
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.indices import EVENTS, RECORD_DELTAS, USAGE_DELTA, full_name
from invenio_usage_stats.ledger.models import EARLIEST, LATEST, LedgerRecord
from invenio_usage_stats.ledger.projection import drain
from invenio_usage_stats.ledger.store import known_states

from ..oracle.world import Event, World, make_facts, publish
from ..world import Loader, forget_world, index_events, stored_deltas

MOMENT = datetime(2024, 1, 10, 9)
DAY = MOMENT.date()
ODD = "(SELECT id FROM usage_stats_records WHERE recid = 'odd')"


@pytest.fixture(autouse=True)
def two_records(clean) -> Iterator[None]:
    """Start with two viewed records of a community, of which nothing is projected."""
    world = World()
    for record in ("odd", "even"):
        publish(world, record, f"P-{record}", MOMENT, make_facts(published="2024-01-10"), "A")
        world.events.append(Event(MOMENT, "view", record, f"P-{record}", "v", record, "ui"))
    Loader(world).operations(world.operations)
    index_events(world.events)
    yield
    forget_world()


def execute(statement: str, **values: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(sa.text(statement), values)


def troubles() -> dict[str, str]:
    """Return the steps of a run that did not go well, with the reason."""
    return {one.name: one.reason for one in aggregate() if one.outcome != "ok"}


def entered() -> dict[str, int]:
    """Return how many records entered the community on the day, by basis."""
    found = {product.basis: stored_deltas(product).get(("A", DAY)) for product in RECORD_DELTAS}
    return {b: sum(delta["records"]["added"].values()) for b, delta in found.items() if delta}


def views() -> int:
    return stored_deltas(USAGE_DELTA)["A", DAY]["totals"]["view"]["total_events"]


def publish_on(day: str) -> None:
    """Change the publication date in the odd record's facts."""
    execute(
        "UPDATE usage_stats_facts SET facts = facts || jsonb_build_object('published', :day ::text)"
        f" WHERE record_id = {ODD}",
        day=day,
    )


@pytest.mark.parametrize(
    "day", ["9999-12-31", "0000-01-01", "-0044-03-15", "12000-01-01", "2024-02-30", "soon"]
)
def test_a_publication_date_that_does_not_exist_is_none(day):
    publish_on(day)
    assert not troubles()
    assert entered() == {"added": 2, "created": 2, "published": 2}


@pytest.mark.parametrize("day", ["0001-01-01", "9998-12-31"])
def test_the_first_and_the_last_publication_date(day):
    publish_on(day)
    assert not troubles()
    assert entered() == {"added": 2, "created": 2, "published": 1}
    published = stored_deltas(RECORD_DELTAS[2])
    assert sum(published["A", date.fromisoformat(day)]["records"]["added"].values()) == 1


def test_centuries_that_anybody_may_claim_share_an_index():
    years = {
        product.basis: {
            product.index(date(year, 5, 1))[-4:] for year in (1, 1905, 1999, 2101, 9998)
        }
        for product in RECORD_DELTAS
    }
    assert years["published"] == {"0000", "9999"}
    assert len(years["added"]) == len(years["created"]) == 5


MOMENTS = ("9999-12-31 23:59:59", "12000-01-01", "infinity", "0044-03-15 BC", "-infinity")


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_entry_at_a_time_that_does_not_exist(moment):
    execute(
        "UPDATE usage_stats_entries SET effective_at = :at "
        f"WHERE scope = 'A' AND record_id = {ODD}",
        at=moment,
    )
    assert not troubles()
    long_ago = moment.endswith("BC") or moment.startswith("-")
    assert (entered()["added"], views()) == ((2, 2) if long_ago else (1, 1))
    with db.engine.connect() as connection:
        uuids = connection.execute(sa.select(LedgerRecord.uuid)).scalars().all()
        latest = {known.latest for known in known_states(connection, uuids).values()}
    assert latest == {MOMENT, MOMENT if long_ago else LATEST}


@pytest.mark.parametrize("column", ["created", "drafted"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_record_made_at_a_time_that_does_not_exist(moment, column):
    execute(f"UPDATE usage_stats_records SET {column} = :at WHERE recid = 'odd'", at=moment)
    assert not troubles()
    assert entered()["added"] == views() == 2
    with db.engine.connect() as connection:
        found = connection.execute(sa.select(LedgerRecord.__table__.c[column])).scalars().all()
    assert {EARLIEST, LATEST} & set(found)


def test_a_document_that_was_projected_with_the_last_second_of_all():
    drain()
    script = "if (ctx._source.record_id == 'odd') {ctx._source.event_date = '9999-12-31T23:59:59'}"
    current_search_client.update_by_query(
        index=full_name(EVENTS),
        body={"script": {"source": script}},
        params={"refresh": "true"},
    )
    assert not troubles()
    assert entered()["added"] == 1
