# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The command line."""

from . import counter, counter_hub, counter_months, filling, looking, matomo, running, users
from .group import usage_stats

__all__ = (
    "counter",
    "counter_hub",
    "counter_months",
    "filling",
    "looking",
    "matomo",
    "running",
    "usage_stats",
    "users",
)
