# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Who may read which numbers."""

from typing import Any

from flask import current_app
from flask_principal import Identity
from invenio_administration.generators import Administration
from invenio_base.utils import obj_or_import_string
from invenio_communities.generators import CommunityManagers, CommunityMembers
from invenio_rdm_records.services.generators import RecordOwners
from invenio_records_permissions.generators import (
    AnyUser,
    AuthenticatedUser,
    IfConfig,
    SystemProcess,
)
from invenio_records_permissions.policies import BasePermissionPolicy

READERS = "USAGE_STATS_COMMUNITY_READERS"
EVERYBODY, MEMBERS, MANAGERS = "readers", "members", "managers"
"""Who may read the numbers of a community, of those who may read the community."""


class UsageStatsPermissionPolicy(BasePermissionPolicy):
    """Let whoever may read a community or a record read its numbers.

    ``can_read_community`` and ``can_read_record`` are asked after the repository's own policies:
    they can only narrow these.
    """

    can_read_global = [AnyUser(), SystemProcess()]
    can_read_community = [
        IfConfig(
            READERS,
            accept_values=[EVERYBODY],
            then_=[AnyUser()],
            else_=[
                IfConfig(
                    READERS,
                    accept_values=[MEMBERS],
                    then_=[CommunityMembers()],
                    else_=[CommunityManagers()],
                )
            ],
        ),
        Administration(),
        SystemProcess(),
    ]
    can_read_record = [AnyUser(), SystemProcess()]
    can_read_own = [AuthenticatedUser(), SystemProcess()]
    """Who may read the numbers of everything that they own."""
    can_export = [AnyUser(), SystemProcess()]
    can_read_uploaders = [
        IfConfig("USAGE_STATS_SHOW_UPLOADERS", then_=[AnyUser()], else_=[]),
        SystemProcess(),
    ]
    can_read_users = [Administration(), SystemProcess()]
    """Who may see every user by name in reports by user."""
    can_read_users_of_community = [CommunityManagers(), Administration(), SystemProcess()]
    """Who may see a community's members there, and users with a public profile."""
    can_manage = [Administration(), SystemProcess()]
    can_manage_community = [Administration(), SystemProcess()]
    """Who may make share links of a community; ``CommunityManagers()`` adds its managers."""
    can_report_global = [Administration(), SystemProcess()]
    """Who may have reports of the whole repository, thing by thing."""
    can_report_community = [CommunityManagers(), Administration(), SystemProcess()]
    can_report_record = [RecordOwners(), Administration(), SystemProcess()]
    can_report_own = [AuthenticatedUser()]
    """Who may have reports of what they own."""


def allows(identity: Identity, action: str, **over: Any) -> bool:
    """Tell whether the configured policy allows an action to an identity."""
    policy = obj_or_import_string(current_app.config["USAGE_STATS_PERMISSION_POLICY"])
    return policy(action, identity=identity, **over).allows(identity)
