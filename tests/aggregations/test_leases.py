# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""One holder of a name at a time, however holders, database and network come to an end."""

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from invenio_db import db

from invenio_usage_stats.aggregations.running import leases
from invenio_usage_stats.aggregations.running.leases import hold, holders, next_token
from invenio_usage_stats.errors import LeaseLostError

pytestmark = pytest.mark.usefixtures("lost_connections")
USUAL_TTL, USUAL_BEAT = leases.TTL, leases.BEAT


@pytest.fixture(autouse=True)
def hasty(app, monkeypatch) -> None:
    """Let leases run out within seconds."""
    monkeypatch.setattr(leases, "TTL", timedelta(seconds=3))
    monkeypatch.setattr(leases, "BEAT", timedelta(seconds=0.5))


def until(condition: Callable[[], bool], seconds: float = 20) -> bool:
    """Tell whether something becomes true within a time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def is_free(name: str) -> bool:
    with hold(name) as lease:
        return lease is not None


def run_out(name: str) -> None:
    """Let a lease expire as if nobody had renewed it."""
    with db.engine.begin() as connection:
        long_ago = leases.NOW - timedelta(hours=1)
        mine = leases.LEASES.c.name == name
        connection.execute(sa.update(leases.LEASES).where(mine).values(expires_at=long_ago))


def test_a_silent_holder_delays_others_by_less_than_two_minutes():
    assert timedelta(0) < 3 * USUAL_BEAT < USUAL_TTL < timedelta(minutes=2)


def test_a_name_has_one_holder():
    with hold("one") as mine, hold("one") as second, hold("other") as other:
        assert mine is not None
        assert second is None
        assert other is not None
        assert {row["name"] for row in holders()} == {"one", "other"}
    assert is_free("one")
    assert not holders()


def test_a_lease_is_renewed_while_its_holder_works():
    with hold("long") as lease:
        time.sleep(leases.TTL.total_seconds() + 1)
        lease.check()
        assert not is_free("long")


def holding_process(name: str) -> int:
    """Start a process that holds a name for ever; return its id."""
    process = os.fork()
    if process:
        return process
    try:
        db.engine.dispose(close=False)
        with hold(name):
            time.sleep(600)
    finally:
        os._exit(1)


def test_the_lease_of_a_killed_process_runs_out():
    worker = holding_process("killed")
    try:
        assert until(lambda: any(row["name"] == "killed" for row in holders()))
        time.sleep(leases.TTL.total_seconds() + 1)
        assert not is_free("killed")
    finally:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
    assert not is_free("killed")
    with hold("killed", patience=leases.TTL + timedelta(seconds=2)) as lease:
        assert lease is not None


def test_who_lost_a_lease_is_told():
    with hold("lost") as first:
        run_out("lost")
        with hold("lost") as second:
            assert second.token > first.token
            with pytest.raises(LeaseLostError):
                assert until(lambda: first.check())
            second.check()
    assert is_free("lost")


def test_a_lease_survives_the_loss_of_its_connections():
    others = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with hold("tough") as lease:
        # This one is open while the next one is made, which so is another.
        db.session.execute(sa.text("SELECT 1"))
        db.engine.connect().close()
        assert db.session.execute(sa.text(others)).scalar() >= 1
        time.sleep(leases.TTL.total_seconds() + 1)
        lease.check()
        assert not is_free("tough")


def test_tokens_only_grow():
    tokens = [next_token() for _ in range(5)]
    assert tokens == sorted(set(tokens))


def test_tokens_of_a_restored_database_are_greater_than_those_it_forgot():
    before = next_token()
    with db.engine.begin() as connection:
        connection.execute(sa.text("SELECT setval('usage_stats_token', 1)"))
    assert next_token() > before
