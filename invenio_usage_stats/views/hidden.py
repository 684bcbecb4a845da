# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What gets the answer of a restricted community, so that it does not tell what there is."""

from invenio_communities.errors import CommunityDeletedError
from invenio_pidstore.errors import PIDDeletedError, PIDDoesNotExistError
from invenio_records_resources.services.errors import PermissionDenied
from sqlalchemy.exc import NoResultFound

from ..errors import UnknownScopeError

HIDDEN = (
    CommunityDeletedError,
    NoResultFound,
    PermissionDenied,
    PIDDeletedError,
    PIDDoesNotExistError,
    UnknownScopeError,
)
"""How the repository and we say that there is nothing to be read."""
