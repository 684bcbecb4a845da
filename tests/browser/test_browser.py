# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The dashboards in a real browser, on a live server with real numbers."""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from invenio_usage_stats.reader.periods import today

from .. import content
from ..oracle.random_history import random_world
from ..oracle.world import World
from ..world import forget_world, load

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parent.parent.parent
DAYS = 90


@pytest.fixture(scope="module")
def community(app, people) -> str:
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


def node(script: str, *arguments: str) -> subprocess.CompletedProcess:
    """Run one of the scripts beside this file."""
    command = ["node", str(Path(__file__).parent / script), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)


def test_pages_are_accessible_and_the_same_without_scripts(server, community):
    done = node("axe.mjs", server, "/stats", f"/communities/{community}/stats")
    reports = json.loads(done.stdout)
    for report in reports:
        assert report["equal"], report
        assert len(report["plain"]["headlines"]) >= 7
        for run in report["runs"]:
            assert (run["status"], run["errors"], run["violations"]) == (200, [], [])
            assert run["overflow"] == []
            assert run["interactive"] >= 4
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_reader_chooses_and_goes_back(server, community):
    done = node("use.mjs", server, f"/communities/{community}/stats")
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["first"]["query"] == ""
    assert seen["chosen"] == {"query": "?metric=downloads", "pressed": "downloads"}
    assert seen["back"] == seen["first"]
    assert seen["reloaded"] == seen["chosen"]
    assert "period=30d" in seen["month"]["query"]
    assert seen["month"]["pressed"] == "downloads"
