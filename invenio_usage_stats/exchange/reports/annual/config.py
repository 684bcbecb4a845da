# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Configuration of the resource."""

from ....resources.config import UsageStatsResourceConfig


class AnnualResourceConfig(UsageStatsResourceConfig):
    """Say where and how the resource answers."""

    blueprint_name = "usage_stats_annual"
    url_prefix = "/reports/annual"
    routes = {"global": "/global", "community": "/communities/<scope_id>"}
