# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The service: every number, with permissions."""

from .service import UsageStatsService

__all__ = ("UsageStatsService",)
