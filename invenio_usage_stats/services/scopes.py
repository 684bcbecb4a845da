# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Scopes, and who may read their numbers."""

from typing import Any, NamedTuple

from flask_principal import Identity
from invenio_communities.errors import CommunityDeletedError
from invenio_communities.proxies import current_communities
from invenio_pidstore.errors import PIDDeletedError, PIDDoesNotExistError
from invenio_records_resources.services.errors import (
    PermissionDeniedError,
    RecordPermissionDeniedError,
)
from sqlalchemy.exc import NoResultFound

from ..errors import UnknownScopeError
from ..ledger.history import GLOBAL

HIDDEN = (
    CommunityDeletedError,
    NoResultFound,
    PermissionDeniedError,
    PIDDeletedError,
    PIDDoesNotExistError,
    RecordPermissionDeniedError,
)
"""How the communities service says that there is nothing to be read."""


class Scope(NamedTuple):
    """Be what numbers are about: the repository, or one community."""

    id: str
    """``global``, or the community's UUID."""

    title: str = ""
    slug: str = ""

    @property
    def is_global(self) -> bool:
        """Tell whether this is the whole repository."""
        return self.id == GLOBAL


REPOSITORY = Scope(GLOBAL)


def resolve_scope(identity: Identity, value: Any) -> Scope:
    """Return the scope of ``global``, or of a community's UUID or slug.

    Whoever may read a community may read its numbers. Raises ``UnknownScopeError`` alike for
    communities that do not exist, are deleted, or may not be read.
    """
    if value in (None, GLOBAL):
        return REPOSITORY
    try:
        item = current_communities.service.read(identity, str(value))
    except HIDDEN as error:
        raise UnknownScopeError(str(value)) from error
    data = item.data
    return Scope(str(item.id), data["metadata"]["title"], data["slug"])
