# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The shapes of countries, for templates: the file that the scripts load."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[2] / "assets/semantic-ui/js/invenio_usage_stats/charts/world.json"


@cache
def world() -> dict[str, Any]:
    """Return width and height of the map, and paths and dots by ISO code of the country."""
    return json.loads(FILE.read_text())


def by_id(entries: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return entries by their ids."""
    return {entry["id"]: entry for entry in entries}
