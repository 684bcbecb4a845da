# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A live server with built assets, and a community with real numbers on it."""

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from werkzeug.serving import make_server

from invenio_usage_stats.reader.periods import today

from .. import content
from ..oracle.random_history import random_world
from ..oracle.world import World
from ..world import forget_world, load

DAYS = 90


@pytest.fixture(scope="module")
def community(app, people) -> Iterator[str]:
    """Return a community's id that stands for the first one of a loaded random history."""
    uuid = content.create_community(people["owner"])
    start = today() - timedelta(days=DAYS)
    world = random_world(7, operations=200, communities=3, records=60, days=DAYS, start=start)
    load(_with_community(world, uuid))
    yield uuid
    forget_world()


def _with_community(world: World, uuid: str) -> World:
    """Return the same history with a real community for the first one."""
    operations = [replace(o, scope=uuid if o.scope == "C1" else o.scope) for o in world.operations]
    return World(world.records, operations, world.events)


@pytest.fixture(scope="module")
def server(app) -> Iterator[str]:
    """Serve the application on a free port and return its address."""
    if "USAGE_STATS_TEST_STATIC" not in os.environ:
        pytest.fail("the browser needs built assets: run ./run-tests.sh without arguments")
    live = make_server("127.0.0.1", 0, app.wsgi_app, threaded=True)
    thread = threading.Thread(target=live.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{live.server_port}"
    live.shutdown()
    thread.join()
