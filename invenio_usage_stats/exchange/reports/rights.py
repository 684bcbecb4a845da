# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Who has a right to which report: administrators, managers of communities, and owners."""

from typing import NamedTuple

from flask_principal import Identity
from invenio_rdm_records.proxies import current_rdm_records_service

from ...errors import UnknownScopeError
from ...ledger.history import GLOBAL
from ...services.permissions import allows
from ...services.scopes import REPOSITORY, Scope, resolve_scope

OWN = "own"
"""Stands in addresses for everything that the reader owns."""


class Right(NamedTuple):
    """Be what somebody may have a report of."""

    scope: Scope
    owner: str | None = None
    """The user whose own records and communities it is about; none for anybody's."""


def right_to(identity: Identity, asked: str | None) -> Right:
    """Return the right to a scope as it stands in addresses.

    Without one it is the repository for whoever has a right to it, else what the reader owns.
    Raises ``UnknownScopeError`` for who has no right, or what does not exist.
    """
    if asked == OWN or (asked is None and not allows(identity, "report_global")):
        return _own(identity)
    if asked in (None, GLOBAL):
        return _granted(identity, allows(identity, "report_global"), REPOSITORY)
    scope = resolve_scope(identity, asked)
    if scope.kind == "user":
        return _own(identity)
    if scope.kind == "record":
        record = current_rdm_records_service.read(identity, scope.id)._record
        return _granted(identity, allows(identity, "report_record", record=record), scope)
    return _granted(identity, may_report(identity, scope.id), scope)


def may_report(identity: Identity, community: str) -> bool:
    """Tell whether an identity has a right to the report of a community (its UUID)."""
    return allows(identity, "report_community", community_id=community)


def managed(identity: Identity) -> list[str]:
    """Return the communities (their UUIDs) to whose reports an identity has a right as a member."""
    of = {str(need.value) for need in identity.provides if need.method == "community"}
    return [community for community in sorted(of) if may_report(identity, community)]


def _own(identity: Identity) -> Right:
    """Return the right of somebody to what is theirs."""
    return _granted(identity, allows(identity, "report_own"), REPOSITORY, str(identity.id))


def _granted(identity: Identity, allowed: bool, scope: Scope, owner: str | None = None) -> Right:
    """Return a right; raise ``UnknownScopeError`` when there is none, or none to files at all."""
    if not (allowed and allows(identity, "export", scope=scope)):
        raise UnknownScopeError(scope.path)
    return Right(scope, owner)
