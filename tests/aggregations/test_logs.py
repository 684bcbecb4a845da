# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What is logged, with fields for logs that are kept as JSON."""

import logging
from collections.abc import Iterator
from datetime import datetime

import pytest

from invenio_usage_stats.aggregations.running.failures import Boundary
from invenio_usage_stats.aggregations.running.journal import Outcome
from invenio_usage_stats.aggregations.runs import aggregate, step_names
from invenio_usage_stats.indices import EVENTS, full_name
from invenio_usage_stats.operations.nightly import Nightly, nightly

from ..oracle.world import Event, World, make_facts, publish
from ..trouble import narrow
from ..world import forget_failures, forget_world, load

LOGGER = "invenio"


@pytest.fixture(autouse=True)
def logged(clean, caplog) -> Iterator[None]:
    """Log what workers log, and start with nothing."""
    caplog.set_level(logging.INFO, LOGGER)
    yield
    forget_failures()
    forget_world()


def world() -> World:
    """Return a record that was viewed."""
    known, at = World(), datetime(2024, 1, 10, 9)
    publish(known, "r1", "P1", at, make_facts(), "A")
    known.events = [Event(at, "view", "r1", "P1", "v", "s", "ui_r1")]
    return known


def test_each_step_is_logged_with_its_numbers(caplog):
    load(world())
    found = {record.step: record for record in caplog.records if hasattr(record, "step")}
    assert set(found) == set(step_names())
    for record in found.values():
        assert (record.name, record.levelname) == (LOGGER, "INFO")
        assert record.outcome == "ok"
        assert all(hasattr(record, name) for name in Outcome._fields if name != "name")
    usage = found["usage delta"]
    assert usage.events == 1
    assert f"usage delta: ok, {usage.documents} documents in" in usage.getMessage()


def test_a_failure_is_logged_with_its_place(caplog, app):
    Boundary().report("x-agg", "cannot be read", day=2, scope="A")
    Boundary().report("x-agg", "cannot be read", day=3)
    records = [record for record in caplog.records if hasattr(record, "aggregator")]
    assert [(r.levelname, r.scope, r.day, r.reason) for r in records] == [
        ("WARNING", "A", 2, "cannot be read"),
        ("WARNING", "", 3, "cannot be read"),
    ]
    assert records[1].getMessage().endswith("1970-01-04 of all scopes failed: cannot be read")


def test_a_step_that_fails_is_logged_with_a_traceback(caplog):
    known = world()
    publish(known, "r2", "P2", datetime(2024, 1, 2), make_facts())
    load(known)
    caplog.clear()
    with narrow(full_name(EVENTS)):
        aggregate()
    errors = [record for record in caplog.records if record.levelname == "ERROR"]
    assert errors
    assert errors[0].exc_info
    assert errors[0].getMessage() == "Usage statistics: records delta failed."
    (said,) = [r for r in caplog.records if getattr(r, "step", "") == "records delta"]
    assert said.outcome == "failed"
    assert said.reason


def test_a_night_is_logged(caplog):
    nightly()
    (said,) = [record for record in caplog.records if hasattr(record, "removed")]
    assert all(hasattr(said, name) for name in Nightly._fields)
    assert "night" in {getattr(record, "step", "") for record in caplog.records}
