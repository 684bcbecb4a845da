# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A projection that is gone, as a whole or in part: nothing is counted without it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.errors import SetupError
from invenio_usage_stats.indices import EVENTS, RECORD_DELTAS, USAGE_DELTA, full_name
from invenio_usage_stats.operations import backfill
from invenio_usage_stats.operations import setup as setting_up
from invenio_usage_stats.operations.doctor import examine
from invenio_usage_stats.operations.plan import rebuild_job
from invenio_usage_stats.operations.setup import create_events_index
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.periods import Period

from ..oracle.world import Event, World, make_facts, publish
from ..world import Loader, forget_world, index_events, stored_deltas
from .unusable import closed, missing

MOMENT = datetime(2024, 1, 10, 9)
DAY = MOMENT.date()
Trouble = Callable[[], AbstractContextManager[None]]


def view(record: str, minute: int) -> Event:
    """Return a view of a record on the day."""
    at = MOMENT + timedelta(minutes=minute)
    return Event(at, "view", record, f"P-{record}", f"v{minute}", f"{record}-{minute}", "ui")


@pytest.fixture
def loader(clean) -> Iterator[Loader]:
    """Start with two viewed records of a community, counted; then a worker that knows nothing."""
    world = World()
    for record in ("r-1", "r-2"):
        publish(world, record, f"P-{record}", MOMENT, make_facts(), "A")
    loader = Loader(world)
    loader.operations(world.operations)
    index_events([view("r-1", 1), view("r-2", 2)])
    aggregate()
    current_usage_stats.timelines.clear()
    yield loader
    forget_world()


def publish_another(loader: Loader) -> None:
    """Let the ledger know a third record, which is not projected yet."""
    before = len(loader.world.operations)
    publish(loader.world, "r-3", "P-r-3", MOMENT, make_facts(), "A")
    loader.operations(loader.world.operations[before:])


def counted() -> tuple[int, int]:
    """Return how many records entered the community on the day, and how many views it has."""
    joined = stored_deltas(RECORD_DELTAS[0])["A", DAY]["records"]["added"]
    views = stored_deltas(USAGE_DELTA)["A", DAY]["totals"]["view"]["total_events"]
    return sum(joined.values()), views


def delete(query: dict) -> None:
    """Delete projected documents."""
    params = {"refresh": "true"}
    current_search_client.delete_by_query(
        index=full_name(EVENTS), body={"query": query}, params=params
    )


def new_view(loader: Loader) -> None:
    """Let somebody view a record."""
    index_events([view("r-1", 3)])


@pytest.mark.parametrize("trouble", [closed, missing])
@pytest.mark.parametrize(("news", "after"), [(new_view, (2, 3)), (publish_another, (3, 2))])
def test_without_the_projection_nothing_is_counted(loader, trouble: Trouble, news, after):
    with trouble():
        news(loader)
        with pytest.raises(SetupError, match=trouble.__name__):
            aggregate()
        assert counted() == (2, 2)
        finding = next(one for one in examine() if one.check == "projection")
        assert not finding.ok
        assert trouble.__name__ in finding.state
    aggregate()
    assert counted() == after


@pytest.mark.parametrize("trouble", [closed, missing])
def test_without_the_projection_nothing_is_rebuilt(loader, trouble: Trouble):
    job = rebuild_job(Period(DAY, DAY))
    backfill.begin(job)
    with trouble():
        for part in backfill.open_parts(job.name):
            with pytest.raises(SetupError):
                backfill.do_part(part)
        assert counted() == (2, 2)
    assert not backfill.begin(job).done
    assert all(done.done for done in backfill.do_all(job.name))
    assert counted() == (2, 2)


def test_a_setup_that_was_killed_is_done_again(loader, monkeypatch):
    current_search_client.indices.delete(index=full_name(EVENTS))
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(setting_up, "project_all", interrupt)
        create_events_index()
    new_view(loader)
    with pytest.raises(SetupError, match="not written wholly"):
        aggregate()
    assert counted() == (2, 2)
    assert create_events_index()
    assert not create_events_index()
    aggregate()
    assert counted() == (2, 3)


def interrupt() -> None:
    """Be killed."""
    raise KeyboardInterrupt


def test_a_record_whose_documents_are_gone_is_written_anew(loader, caplog):
    delete({"term": {"record_id": "r-1"}})
    finding = next(one for one in examine() if one.check == "projection")
    assert finding.state == "2 documents are gone"
    new_view(loader)
    aggregate()
    assert counted() == (2, 3)
    assert "of 1 records cannot be read, first r-1: its documents are gone" in caplog.text
    assert next(one for one in examine() if one.check == "projection").ok
