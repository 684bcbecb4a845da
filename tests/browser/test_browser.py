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
from typing import Any

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
SHIFT = 0.1
"""What browsers call a good page: nothing moves that a reader notices."""


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
            assert run["shift"] < SHIFT
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def seen(server, community) -> dict[str, Any]:
    """Return what a reader saw who used a community's dashboard."""
    done = node("use.mjs", server, f"/communities/{community}/stats")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_reader_chooses_and_goes_back(seen):
    assert seen["first"]["query"] == ""
    assert seen["chosen"]["query"] == "?metric=downloads"
    assert seen["chosen"]["metric"] == "downloads"
    assert seen["back"] == seen["first"]
    assert seen["forward"] == seen["chosen"]
    assert "period=30d" in seen["month"]["query"]
    assert seen["month"]["metric"] == "downloads"
    assert seen["whole"] == seen["chosen"]


def test_a_reader_filters(seen):
    filtered = seen["filtered"]
    assert "filter=" in filtered["query"]
    assert len(filtered["pills"]) == 1
    assert filtered["numbers"] != seen["chosen"]["numbers"]
    assert seen["reloaded"] == filtered
    assert seen["unfiltered"] == seen["chosen"]


def test_a_reader_compares_and_splits(seen):
    assert "compare=year" in seen["compared"]["query"]
    assert seen["compared"]["numbers"] == seen["chosen"]["numbers"]
    assert "dimension=" in seen["split"]["query"]


def test_scripts_load_no_page_again(seen):
    assert seen["loads"] == 0


def test_numbers_are_the_same_without_scripts(seen):
    plain = seen["plain"]
    assert plain["first"] == seen["first"]
    assert plain["same"] == seen["filtered"]
    assert plain["clicked"]["pills"] == seen["filtered"]["pills"]
    assert "since=" in plain["day"]["query"]


def test_a_table_is_a_file(seen):
    csv = seen["csv"]
    assert (csv["status"], csv["type"].split(";")[0]) == (200, "text/csv")
    assert "," in csv["head"]


def test_the_map_and_the_card_of_a_record(server, community, people):
    recid = content.publish(people["uploader"])
    done = node("places.mjs", server, recid)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["map"]["live"] == seen["map"]["plain"] != []
    assert seen["chosen"] == seen["wanted"]
    assert "filter=" in seen["chosen"]
    assert seen["card"] == {"numbers": ["0", "0"], "link": f"/records/{recid}/stats"}
    assert seen["link"] == seen["card"]["link"]
