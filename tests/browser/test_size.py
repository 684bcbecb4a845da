# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a browser loads of ours, in the real build."""

import gzip
import json
import os
from pathlib import Path

import pytest

from invenio_usage_stats.views.places.world import world

SHAPE = world()["shapes"]["DE"]
pytestmark = pytest.mark.browser
BUDGET = {
    "invenio-usage-stats-dashboard": 30_000,
    "invenio-usage-stats-dashboard-theme": 6_000,
    "invenio-usage-stats-card": 2_000,
    "invenio-usage-stats-card-theme": 1_500,
    "invenio-usage-stats-embed-theme": 6_000,
}
"""Compressed bytes of what is ours in an entry: its script, its styles."""


@pytest.mark.parametrize("entry", BUDGET)
def test_an_entry_is_small(entry):
    if "USAGE_STATS_TEST_STATIC" not in os.environ:
        pytest.fail("there are no built assets: run ./run-tests.sh without arguments")
    built = Path(os.environ["USAGE_STATS_TEST_STATIC"]) / "dist"
    chunks = json.loads((built / "manifest.json").read_text())["chunks"][entry]
    # libraries are chunks of their own, which other pages of a repository load, too
    own = [name for name in chunks if Path(name).name.startswith("invenio-usage-stats-")]
    assert own
    size = sum(len(gzip.compress((built / name).read_bytes())) for name in own)
    assert size <= BUDGET[entry], (own, size)


def test_the_map_is_small_and_loaded_by_pages_that_draw_it_only():
    built = Path(os.environ["USAGE_STATS_TEST_STATIC"]) / "dist"
    known = json.loads((built / "manifest.json").read_text())["chunks"][
        "invenio-usage-stats-dashboard"
    ]
    maps = [path for path in (built / "js").glob("*.js") if SHAPE in path.read_text()]
    assert len(maps) == 1
    assert not [name for name in known if Path(name).name == maps[0].name]
    assert len(gzip.compress(maps[0].read_bytes())) <= 15_000
