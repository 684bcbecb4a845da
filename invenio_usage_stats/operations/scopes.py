# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Scopes as operators name them."""

import sqlalchemy as sa
from invenio_access.permissions import system_identity
from invenio_db import db

from ..errors import UnknownScopeError
from ..ledger.history import GLOBAL
from ..ledger.models import LedgerEntry
from ..services.scopes import resolve_scope


def scope_id(value: str | None) -> str | None:
    """Return the id of a scope, none for all; deleted communities are known by their UUID.

    Raises ``UnknownScopeError`` when neither ledger nor repository knows it.
    """
    if value in (None, "", GLOBAL):
        return value or None
    return value if _is_in_ledger(value) else resolve_scope(system_identity, value).id


def _is_in_ledger(value: str) -> bool:
    """Tell whether a record ever belonged to this scope."""
    entries = sa.select(LedgerEntry.scope).where(LedgerEntry.scope == value).limit(1)
    with db.engine.connect() as connection:
        return connection.execute(entries).scalar() is not None


def community_id(name: str) -> str:
    """Return the id of a community by its id or slug; raise ``UnknownScopeError`` for others."""
    scope = resolve_scope(system_identity, name)
    if scope.kind != "community":
        raise UnknownScopeError(name)
    return scope.id
