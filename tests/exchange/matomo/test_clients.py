# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Clients that others have written report to a real web server, as they are."""

import json
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from matomopy import MatomoTracker
from werkzeug.serving import make_server

from .tracking import IMAGE, LITERAL, outcomes, stored

HERE = Path(__file__).parent
DOI = "https://doi.org/10.5555/model.1"


@pytest.fixture
def served(door) -> Iterator[str]:
    """Return where a web server answers."""
    server = make_server("127.0.0.1", 0, door, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


def programs(found: list[dict]) -> Counter:
    """Return how many downloads of a record each program has reported."""
    assert all(one["recid"] and one["resolved"] for one in found if one["action"] == "download")
    return Counter(one["consumer"] for one in found)


def test_requests_sends_the_literal_address(served, downloaded):
    literal = LITERAL.format(doi="10.5555/model.1", consumer="ilastik", version="1.4.0")
    answer = requests.get(served + literal, timeout=30)
    assert (answer.status_code, answer.content) == (200, IMAGE)
    whole = literal.replace("#", "%23")
    assert requests.get(served + whole, timeout=30).status_code == 200
    assert programs(stored(2)) == {"python-requests": 1, "ilastik": 1}


def test_a_tracker_in_python(served, downloaded):
    tracker = MatomoTracker(served, id_site=1, user_agent="matomopy-client/2.0")
    assert tracker.track_action(DOI, "download").status_code == 204
    tracker.enable_bulk_tracking()
    tracker.track_page_view("Home", url="http://a.org/")
    tracker.track_event("Videos", "Play", url="http://a.org/")
    tracker.track_action(DOI, "download")
    answer = tracker.flush()
    assert answer["tracked"] == 3
    found = stored(2)
    assert programs(found) == {"matomopy-client": 4}
    assert Counter(one["action"] for one in found) == {"download": 2, "page": 1, "event": 1}
    assert len({one["visit_id"] for one in found}) == 1


def test_a_tracker_in_node(served, downloaded):
    literal = LITERAL.format(doi="10.5555/model.1", consumer="ilastik", version="1.4.0")
    command = ["node", str(HERE / "clients.cjs"), served, literal, DOI]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    bulk = {"status": "success", "tracked": 2, "invalid": 0}
    assert json.loads(done.stdout) == [200, 200, bulk]
    assert programs(stored(3)) == {"node": 1, "node-client": 3}
    assert outcomes()["stored"] == 4
