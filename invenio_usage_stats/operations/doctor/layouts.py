# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Check of the dashboards' settings: what pages cannot show as it was meant."""

from ...views.layouts.checking import problems
from .base import Finding, some


def dashboards() -> Finding:
    """Check that layouts, titles, switches and menus are understood."""
    found = problems()
    if found:
        return Finding(some(found), "Correct it in invenio.cfg; pages leave it out.")
    return Finding("everything in their settings is understood")
