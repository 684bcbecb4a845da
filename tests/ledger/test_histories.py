# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The ledger's tables and their projection tell the same histories."""

import msgspec
from invenio_db import db

from invenio_usage_stats.ledger.projection import drain
from invenio_usage_stats.ledger.reading import read_histories
from invenio_usage_stats.ledger.store import histories_of

from ..oracle.random_history import random_world
from ..world import Loader, forget_world


def test_tables_and_projection_tell_the_same(clean):
    world = random_world(17, operations=30, days=20)
    Loader(world).operations(world.operations)
    drain()
    projected = {one.record: one for one in read_histories("record_id", world.records)}
    with db.engine.connect() as connection:
        stored = histories_of(connection, world.records)
    bare = msgspec.structs.replace
    for one in projected.values():
        one.entries = [bare(entry, facts=None) for entry in one.entries]
    assert stored == projected
    assert len({one.parent_ordinal for one in stored.values()}) < len(stored)
    forget_world()
