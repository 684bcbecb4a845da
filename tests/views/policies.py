# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Policies that instances could have."""

from invenio_records_permissions.generators import SystemProcess

from invenio_usage_stats.services.permissions import UsageStatsPermissionPolicy


class NoFiles(UsageStatsPermissionPolicy):
    """Keep files to the system."""

    can_export = [SystemProcess()]


class NoRecords(UsageStatsPermissionPolicy):
    """Keep the numbers of single records to the system."""

    can_read_record = [SystemProcess()]
