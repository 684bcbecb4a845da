# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What fails for one day, scope or document is kept, tried again, and holds up nobody."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from invenio_db import db
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.base import Work, new_work
from invenio_usage_stats.aggregations.running import bookmarks
from invenio_usage_stats.aggregations.running import failures as failures_module
from invenio_usage_stats.aggregations.running.failures import FAILURES, Boundary, failures
from invenio_usage_stats.aggregations.running.leases import hold, next_token
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.aggregations.writer import Document
from invenio_usage_stats.errors import RejectedError
from invenio_usage_stats.indices import USAGE_DELTA, full_name, refresh, scroll
from invenio_usage_stats.ledger.history import day_date, day_number
from invenio_usage_stats.ledger.models import utc_now

from ..oracle.world import Event, World, make_facts, publish
from ..trouble import picky
from ..world import forget_failures, forget_world, index_events, load, rest, stored_deltas

MOMENT = datetime(2024, 1, 10, 9)
DAY = day_number(MOMENT.date())


@pytest.fixture(autouse=True)
def no_failures(app) -> Iterator[None]:
    """Start and end without failures."""
    forget_failures()
    yield
    forget_failures()
    forget_world()


@pytest.fixture
def work(clean) -> Iterator[Work]:
    """Return what a step works with."""
    with hold("tests") as lease:
        yield new_work(lease)


def view(moment: datetime, record: str = "r1") -> Event:
    return Event(moment, "view", record, f"P-{record}", "v", "s", f"ui_{record}")


def two_communities(*scopes: str) -> World:
    """Return a world with a viewed record in each of two communities."""
    world = World()
    for record, scope in zip(("r1", "r2"), scopes, strict=True):
        publish(world, record, f"P-{record}", MOMENT, make_facts(), scope)
    world.events = [view(MOMENT, record) for record in ("r1", "r2")]
    return world


def retry_now() -> None:
    """Let the time pass until everything is due."""
    with db.engine.begin() as connection:
        connection.execute(sa.update(FAILURES).values(retry_at=utc_now()))


def usage_document(scope: str, **fields) -> Document:
    """Return a document of usage."""
    day = day_date(DAY)
    source = {"community_id": scope, "period_start": f"{day}T00:00:00", **fields}
    body = current_search_client.transport.serializer.dumps(source)
    return Document(USAGE_DELTA.index(day), f"{scope}-{day}", body, scope, DAY)


def scopes_of_usage() -> dict[str, dict]:
    refresh(USAGE_DELTA.target)
    hits = scroll(USAGE_DELTA.target, {"match_all": {}})
    return {hit["_source"]["community_id"]: hit["_source"] for hit in hits}


def places() -> list[tuple[str, str, int]]:
    return [(row["aggregator"], row["scope"], row["day"]) for row in failures()]


def test_a_document_against_the_mapping_fails_alone(work):
    sent = [usage_document("A"), usage_document("bad", unknown=1), usage_document("B")]
    assert work.writer.send(sent, next_token(), USAGE_DELTA.name) == 2
    assert set(scopes_of_usage()) == {"A", "B"}
    assert places() == [(USAGE_DELTA.name, "bad", DAY)]
    assert "strict_dynamic_mapping_exception" in failures()[0]["reason"]
    assert work.verdict()[0] == "partial"


def test_a_document_over_the_limit_fails_alone(work):
    """The search engine takes requests of up to 100 MB."""
    huge = usage_document("huge", subcounts={"x": "x" * (101 * 1024 * 1024)})
    sent = [usage_document("A"), huge, usage_document("B")]
    assert work.writer.send(sent, next_token(), USAGE_DELTA.name) == 2
    assert set(scopes_of_usage()) == {"A", "B"}
    assert places() == [(USAGE_DELTA.name, "huge", DAY)]
    assert "larger than a request may be" in failures()[0]["reason"]


def test_an_old_token_does_not_overwrite_what_was_read_later(work):
    old, new = next_token(), next_token()
    work.writer.send([usage_document("A", timestamp="2024-02-02")], new, USAGE_DELTA.name)
    written = work.writer.send([usage_document("A", timestamp="2024-01-01")], old, USAGE_DELTA.name)
    assert (written, work.writer.superseded) == (0, 1)
    assert scopes_of_usage()["A"]["timestamp"] == "2024-02-02"
    assert not failures()


def test_a_token_may_be_used_again(work):
    token = next_token()
    for day in ("2024-01-01", "2024-01-02"):
        work.writer.send([usage_document("A", timestamp=day)], token, USAGE_DELTA.name)
    assert scopes_of_usage()["A"]["timestamp"] == "2024-01-02"


def test_many_documents_are_many_bodies(work):
    payload = "x" * 2_000_000
    sent = [usage_document(f"s{n}", subcounts={"x": payload}) for n in range(7)]
    assert work.writer.send(iter(sent), next_token(), USAGE_DELTA.name) == 7
    assert work.writer.requests == 4
    assert work.writer.bytes > 7 * len(payload)


def test_a_refused_scope_holds_up_nobody_and_is_made_up_for(clean):
    with picky(USAGE_DELTA.index(MOMENT.date())):
        load(two_communities("A", "B"))
        assert set(scopes_of_usage()) == {"global"}
        assert places() == [(USAGE_DELTA.name, scope, DAY) for scope in "AB"]
        assert bookmarks.read([USAGE_DELTA.name])
        retry_now()
        aggregate()
        assert [row["attempts"] for row in failures()] == [2, 2]
        assert failures()[0]["retry_at"] - utc_now() > timedelta(minutes=15)
    rest()
    aggregate()
    assert len(failures()) == 2, "they are not due yet"
    retry_now()
    aggregate()
    assert not failures()
    assert set(scopes_of_usage()) == {"A", "B", "global"}


def test_a_failed_day_does_not_stop_the_next(app):
    boundary = Boundary()
    done = []
    for day in (1, 2, 3):
        with boundary.around("x-agg", day=day):
            if day == 2:
                raise ValueError("cannot be read")
            done.append(day)
    assert done == [1, 3]
    (row,) = failures()
    assert (row["aggregator"], row["scope"], row["day"]) == ("x-agg", "", 2)
    assert row["reason"] == "ValueError: cannot be read"
    assert row["retry_at"] - row["since"] == timedelta(days=1)


def test_a_day_that_is_written_before_its_time_is_settled(app):
    for scope in ("", "A"):
        Boundary().report("x-agg", "slow", day=1, scope=scope)
        Boundary().report("x-agg", "slow", day=2, scope=scope)
    boundary = Boundary()
    with boundary.around("x-agg", day=1):
        boundary.report("x-agg", "still slow", day=1, scope="A")
    boundary.settle()
    assert sorted(places()) == [("x-agg", "", 2), ("x-agg", "A", 1), ("x-agg", "A", 2)]


def test_pauses_double_up_to_a_day(app):
    pauses = []
    for _ in range(10):
        Boundary().report("x-agg", "slow", day=1)
        (row,) = failures()
        pauses.append(round((row["retry_at"] - utc_now()).total_seconds() / 60))
    assert pauses == [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]
    assert row["attempts"] == 10


def test_what_concerns_everything_passes_the_boundary(app):
    boundary = Boundary()
    engine = sa.create_engine("postgresql+psycopg2://127.0.0.1:9/none")
    with pytest.raises(sa.exc.OperationalError), boundary.around("x-agg", day=1):
        engine.connect()
    assert not failures()


def test_rejections_by_the_thousand_end_the_run(app, monkeypatch):
    monkeypatch.setattr(failures_module, "MOST_REJECTIONS", 3)
    with pytest.raises(RejectedError, match="x-agg: 4 failed, first: refused"):
        Boundary().report_all("x-agg", {(f"s{n}", 1): "refused" for n in range(4)})


def test_an_event_that_cannot_be_read(clean):
    world = two_communities("A", "B")
    load(world)
    bad = view(MOMENT + timedelta(days=1))
    index_events([bad, view(MOMENT + timedelta(days=2))])
    current_search_client.update_by_query(
        index=full_name("events-stats-record-view"),
        body={
            "query": {
                "range": {"timestamp": {"gte": bad.at.isoformat(), "lte": bad.at.isoformat()}}
            },
            "script": {"source": "ctx._source.recid = ['not', 'one']"},
        },
        params={"refresh": "true"},
    )
    aggregate()
    assert ("", DAY + 1) in {(scope, day) for _, scope, day in places()}
    assert day_date(DAY + 2) in {day for _, day in stored_deltas(USAGE_DELTA)}
