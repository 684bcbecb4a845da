# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Rankings of records against a naive count, and of very many records."""

from collections import Counter
from datetime import UTC, date, datetime
from random import Random

import msgspec
import pytest
import sqlalchemy as sa
from invenio_db import db

from invenio_usage_stats.aggregations.base import new_work
from invenio_usage_stats.aggregations.columns import Columns
from invenio_usage_stats.aggregations.running import leases
from invenio_usage_stats.aggregations.sheets.sheet import CELLS, LINES, Lines, deltas
from invenio_usage_stats.aggregations.sheets.spans import day_span
from invenio_usage_stats.aggregations.sheets.store import SheetWriter
from invenio_usage_stats.errors import InvalidQueryError
from invenio_usage_stats.indices import SHEETS, refresh
from invenio_usage_stats.ledger.models import LedgerRecord
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.periods import Period
from invenio_usage_stats.reader.rankings import top_records

from ..oracle.random_history import random_world
from ..oracle.usage import grouped
from ..world import forget_world, load, wipe

MANY = 100_000


def ranked(counts: Counter, size: int) -> list[tuple[str, int]]:
    """Return the largest counts, ties by id."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:size]


def top(scope: str, period: Period, metric: str, size: int) -> list[tuple[str, int]]:
    """Ask for a ranking."""
    catalog = current_usage_stats.catalog
    return top_records(Columns(catalog), scope, period, catalog.metrics[metric], size)


@pytest.mark.parametrize("seed", [401])
def test_top_records_equal_a_naive_count(app, seed):
    forget_world()
    world = random_world(seed, operations=60, days=100)
    load(world)
    days = sorted(event.at.date() for event in world.events)
    for period in (Period(days[0], days[-1]), Period(days[10], days[-10])):
        for scope in world.scopes():
            views, volume = Counter(), Counter()
            events = (e for some in grouped(world).get(scope, {}).values() for e, _ in some)
            for event in events:
                known = event.record in world.records
                if known and period.since <= event.at.date() <= period.until:
                    views[event.record] += event.kind == "view"
                    volume[event.record] += event.size if event.kind == "download" else 0
            assert top(scope, period, "views", 5) == ranked(+views, 5)
            assert top(scope, period, "traffic", 5) == ranked(+volume, 5)


def test_a_metric_that_records_do_not_have(app):
    day = date(2024, 1, 1)
    with pytest.raises(InvalidQueryError, match="cannot rank"):
        top("global", Period(day, day), "records", 5)


def test_a_community_of_very_many_records(app):
    """Most of them have the same number of views: ties are told apart by id."""
    wipe()
    forget_world()
    table, day = LedgerRecord.__table__, date(2024, 3, 1)
    with db.engine.begin() as connection:
        connection.execute(
            sa.text(
                f"INSERT INTO {table.name} (id, uuid, recid, parent_uuid, parent_recid, created,"
                " drafted) SELECT n, gen_random_uuid(), 'r' || lpad((:many - n)::text, 6, '0'),"
                " gen_random_uuid(), 'p' || n, now(), now() FROM generate_series(1, :many) n"
            ),
            {"many": MANY},
        )
    columns = Columns(current_usage_stats.catalog)
    rng = Random(7)
    views = [rng.choice((1, 1, 1, 2)) for _ in range(MANY)]
    nothing = [0] * MANY
    lines = Lines(deltas(list(range(1, MANY + 1))), nothing, nothing, views, views, nothing)
    sections = {
        LINES: msgspec.msgpack.encode(lines),
        CELLS: msgspec.msgpack.encode(([""], [[0]] * len(columns.metrics))),
    }
    with leases.hold("test") as lease:
        writer = SheetWriter(columns, datetime.now(UTC).isoformat(), 1)
        new_work(lease).writer.send(writer.documents("C", day_span(day), sections), 1, SHEETS.name)
    refresh(SHEETS.target)
    counts = Counter({f"r{MANY - n:06}": views[n - 1] for n in range(1, MANY + 1)})
    for size in (10, 40_000):
        assert top("C", Period(day, day), "views", size) == ranked(counts, size)
    wipe()
