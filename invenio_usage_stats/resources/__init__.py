# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The API: questions by GET, and share links."""

from .config import SharesResourceConfig, UsageStatsResourceConfig
from .resource import UsageStatsResource
from .shares import SharesResource

__all__ = (
    "SharesResource",
    "SharesResourceConfig",
    "UsageStatsResource",
    "UsageStatsResourceConfig",
)
