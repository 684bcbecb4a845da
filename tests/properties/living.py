# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Living through a story on the real servers, and comparing what is stored with the oracle."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from invenio_db import db
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.running import bookmarks
from invenio_usage_stats.aggregations.running.failures import failures
from invenio_usage_stats.aggregations.running.journal import Outcome
from invenio_usage_stats.aggregations.runs import aggregate, refresh
from invenio_usage_stats.indices import (
    RECORD_DELTAS,
    RECORD_SNAPSHOTS,
    USAGE_DELTA,
    USAGE_EVENTS,
    USAGE_SNAPSHOT,
    full_name,
)
from invenio_usage_stats.operations import nightly as night
from invenio_usage_stats.operations.models import CountGap
from invenio_usage_stats.proxies import current_usage_stats

from ..aggregations.test_random_histories import check_is_folded, everything
from ..oracle.records import record_deltas, record_snapshot
from ..oracle.usage import usage_deltas, usage_snapshot
from ..oracle.world import Event, World
from ..world import Loader, _action, answer, load, next_second, stored_deltas, wipe
from . import steps
from .comparing import check_equal
from .stories import Story


@contextmanager
def beginning() -> Iterator[None]:
    """Start from nothing, with runs that look back no further than they must.

    So nothing is right only because it was looked at for a second time.
    """
    wipe()
    with db.engine.begin() as connection:
        connection.execute(sa.delete(CountGap.__table__))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bookmarks, "OVERLAP", timedelta(0))
        patch.setattr(night, "reconcile", dict)
        yield


def live_through(story: Story) -> None:
    """Let a story happen, act by act; at its end come a run and a night."""
    loader = Loader(story.world)
    for act in [*story.acts, steps.Run(0), steps.Night(0)]:
        if isinstance(act, list):
            loader.operations(act)
        elif isinstance(act, tuple):
            _store(*act)
        else:
            _work(act)
    assert not failures()


def _work(step: steps.Step) -> None:
    """Carry out a step of the machinery.

    Runs begin with a second: they look at changes in whole ones, and must not see twice what an
    earlier run has seen.
    """
    if isinstance(step, steps.Run):
        next_second()
        check_ok(aggregate())
    elif isinstance(step, steps.Refresh):
        check_ok(refresh())
    elif isinstance(step, steps.Night):
        night.nightly()
    elif isinstance(step, steps.Restart):
        current_usage_stats.timelines.clear()


def check_ok(outcomes: Iterable[Outcome]) -> None:
    """Check that no step of a run failed."""
    check_equal({one.name: one.reason for one in outcomes if one.outcome != "ok"}, {})


def _store(id_: str, event: Event | None, gone: Event | None = None) -> None:
    """Index an event under its id, or delete it."""
    action = _action(event or gone)
    index, name = action["_index"], full_name(USAGE_EVENTS[(event or gone).kind])
    if event:
        current_search_client.index(index=index, id=id_, body=action["_source"])
    else:
        current_search_client.delete(index=index, id=id_)
    current_search_client.indices.refresh(index=name)


def check_against_oracle(world: World) -> None:
    """Compare all deltas, and snapshots of two scopes on the days on which it matters."""
    for delta, snapshot in zip(RECORD_DELTAS, RECORD_SNAPSHOTS, strict=True):
        expected = record_deltas(world, delta.basis)
        check_equal(stored_deltas(delta), expected, delta.name)
        for scope, day in _sampled(expected):
            found = answer(snapshot, scope, day, day)[day]
            correct = record_snapshot(world, delta.basis, scope, day)
            check_equal(found, correct, snapshot.name, scope, day)
    expected = usage_deltas(world)
    check_equal(stored_deltas(USAGE_DELTA), expected, USAGE_DELTA.name)
    check_usage_snapshots(world, expected)


def check_usage_snapshots(world: World, expected: dict) -> None:
    """Compare usage since the beginning."""
    for scope, day in _sampled(expected):
        found = answer(USAGE_SNAPSHOT, scope, day, day)[day]
        correct = usage_snapshot(world, scope, day)
        check_equal(found, correct, USAGE_SNAPSHOT.name, scope, day)


def _sampled(deltas: dict[tuple[str, date], dict]) -> Iterator[tuple[str, date]]:
    """Yield days of the repository and its busiest community at which totals turn."""
    scopes = sorted({scope for scope, _ in deltas}, key=lambda s: sum(s == k for k, _ in deltas))
    for scope in scopes[-2:]:
        days = sorted(day for s, day in deltas if s == scope)
        for day in {days[0], days[len(days) // 2], days[-1]}:
            ends = {day, _month_end(day), date(day.year, 12, 31), day + timedelta(days=1)}
            yield from ((scope, end) for end in sorted(ends) if end <= datetime.now(UTC).date())


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def check_against_rebuild(world: World) -> None:
    """Build everything anew from the same world, and compare."""
    if not world.operations:
        return
    grown = everything()
    load(world)
    rebuilt = everything()
    check_equal({key: grown.get(key) for key in rebuilt}, rebuilt)
    for alias, id_ in grown.keys() - rebuilt.keys():
        check_is_folded(alias, id_, grown[alias, id_])
    check_usage_snapshots(world, usage_deltas(world))
