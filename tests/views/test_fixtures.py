# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What the tests of the scripts render: real view models, of the shape that we build."""

import json
import os
from pathlib import Path

import pytest

from invenio_usage_stats.catalog import DIMENSIONS

FIXTURES = Path(__file__).parents[1] / "js/fixtures"
SINGLE = next(d.id for d in DIMENSIONS if not d.multiple and len(d.families) == 2)
OF_EVENTS = next(d.id for d in DIMENSIONS if d.source == "event")
STATES = {
    "dashboard": {"interval": "week"},
    "content": {
        "tab": "content",
        "interval": "week",
        "filter": ["languages:eng", f"{SINGLE}:article"],
    },
    "audience": {"tab": "audience", "interval": "week"},
    "records": {"tab": "records"},
    "split": {"dimension": SINGLE, "interval": "week", "metric": "downloads"},
    "lines": {"dimension": "languages", "cumulative": "true", "interval": "week"},
    "unanswered": {"filter": f"{OF_EVENTS}:DE", "interval": "week"},
    "table": {"table": "subjects", "tab": "content"},
    "years": {"since": "2023-06-01", "until": "2024-04-09", "compare": "none"},
    "explained": {"explain": "true", "interval": "month"},
    "malformed": {"period": "lately"},
}
FREE = ("series", "hidden")
"""What has other keys in each state."""


def shape(value):
    """Return the keys and types of a view model, those of lists as one."""
    if isinstance(value, dict):
        return {k: "free" if k in FREE else shape(part) for k, part in sorted(value.items())}
    if isinstance(value, list):
        return sorted({json.dumps(shape(part)) for part in value})
    return "number" if isinstance(value, float | int) else type(value).__name__


@pytest.mark.parametrize("name", STATES)
def test_the_fixtures_have_the_shape_of_what_we_build(build, name):
    view = json.loads(json.dumps(build(**STATES[name])))
    path = FIXTURES / f"{name}.json"
    if os.environ.get("USAGE_STATS_WRITE_FIXTURES"):
        path.write_text(json.dumps(view, indent=1, ensure_ascii=False) + "\n")
    known = json.loads(path.read_text())
    assert shape(known) == shape(view)
    for metric, series in view["series"].items():
        assert shape(known["series"][metric]) == shape(series)
