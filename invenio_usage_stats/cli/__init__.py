# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The command line."""

from . import counter_hub, filling, looking, running
from .group import usage_stats

__all__ = ("counter_hub", "filling", "looking", "running", "usage_stats")
