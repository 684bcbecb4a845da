# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Scopes, and who may read their numbers."""

from dataclasses import dataclass
from typing import Any, Literal

from flask_principal import AnonymousIdentity, Identity
from invenio_access.permissions import any_user
from invenio_communities.errors import CommunityDeletedError
from invenio_communities.proxies import current_communities
from invenio_i18n import gettext as _
from invenio_pidstore.errors import PersistentIdentifierError
from invenio_rdm_records.proxies import current_rdm_records_service
from invenio_rdm_records.services.errors import RecordDeletedException
from invenio_records_resources.services.errors import (
    PermissionDeniedError,
    RecordPermissionDeniedError,
)
from sqlalchemy.exc import NoResultFound

from ..errors import NotOptedInError, UnknownScopeError
from ..ledger.history import GLOBAL
from . import opting
from .permissions import allows
from .texts import is_storable

HIDDEN = (
    CommunityDeletedError,
    NoResultFound,
    PermissionDeniedError,
    PersistentIdentifierError,
    RecordDeletedException,
    RecordPermissionDeniedError,
)
"""How the repository's services say that there is nothing to be read."""

Kind = Literal["global", "community", "record", "user"]


@dataclass(frozen=True)
class Scope:
    """Be what numbers are about: the repository, a community, a record, or what a user owns."""

    id: str
    """``global``, the community's UUID, or the id of the record or user."""

    title: str = ""
    slug: str = ""
    kind: Kind = "community"
    public: bool = False
    """Whether everybody may read its numbers, as far as that is known."""

    @property
    def is_global(self) -> bool:
        """Tell whether this is the whole repository."""
        return self.id == GLOBAL

    @property
    def path(self) -> str:
        """Return it as it stands in addresses."""
        return GLOBAL if self.is_global else f"{PATHS[self.kind]}/{self.id}"

    def to_dict(self) -> dict[str, str]:
        """Return it as plain data."""
        return {"id": self.id, "kind": self.kind, "title": self.title, "slug": self.slug}


PATHS = {"community": "communities", "record": "records", "user": "users"}
OWN = "me"
"""What readers may call themselves."""
REPOSITORY = Scope(GLOBAL, kind="global")


def anonymous() -> Identity:
    """Return the identity of somebody who is not signed in."""
    identity = AnonymousIdentity()
    identity.provides.add(any_user)
    return identity


def resolve_scope(identity: Identity, value: Any) -> Scope:
    """Return the scope that a text names, if this identity may read its numbers.

    ``value``: ``global``, ``communities/<UUID or slug>``, ``records/<id>``, ``users/me``; a UUID or
    slug alone is a community's. Raises ``UnknownScopeError`` alike for what does not exist, is
    deleted, or may not be read.
    """
    if value in (None, GLOBAL):
        return _repository(identity)
    kind, _, name = str(value).rpartition("/")
    if not is_storable(name):
        raise UnknownScopeError(kind)
    try:
        if kind == PATHS["record"]:
            return _record(identity, name)
        if kind in ("", PATHS["community"]):
            return _community(identity, name)
        if kind == PATHS["user"] and name in (OWN, str(identity.id)):
            return _own(identity)
    except HIDDEN as error:
        raise UnknownScopeError(str(value)) from error
    raise UnknownScopeError(str(value))


def _repository(identity: Identity) -> Scope:
    """Return the repository."""
    if not allows(identity, "read_global"):
        raise UnknownScopeError(GLOBAL)
    return Scope(GLOBAL, kind="global", public=allows(anonymous(), "read_global"))


def _community(identity: Identity, name: str) -> Scope:
    """Return a community."""
    return community_scope(identity, current_communities.service.read(identity, name))


def community_scope(identity: Identity, item: Any) -> Scope:
    """Return the scope of a community that the communities service let this identity read.

    Raises ``UnknownScopeError``; administrators see communities that have not opted in, too.
    """
    id_, record = str(item.id), item._record
    over = {"community_id": id_, "record": record}
    if not allows(identity, "read_community", **over):
        raise UnknownScopeError(id_)
    shown, nobody = opting.is_shown(id_), anonymous()
    if not shown and not allows(identity, "manage"):
        raise NotOptedInError(id_)
    public = shown and current_communities.service.check_permission(nobody, "read", record=record)
    public = public and allows(nobody, "read_community", **over)
    data = item.data
    return Scope(id_, data["metadata"]["title"], data["slug"], "community", public)


def _own(identity: Identity) -> Scope:
    """Return the scope of everything that somebody owns."""
    if not allows(identity, "read_own"):
        raise UnknownScopeError(OWN)
    return Scope(str(identity.id), _("My records"), kind="user")


def _record(identity: Identity, name: str) -> Scope:
    """Return a record."""
    return record_scope(identity, current_rdm_records_service.read(identity, name))


def record_scope(identity: Identity, item: Any) -> Scope:
    """Return the scope of a record that the records service let this identity read."""
    id_, record = str(item.id), item._record
    if not allows(identity, "read_record", record=record):
        raise UnknownScopeError(id_)
    nobody = anonymous()
    public = current_rdm_records_service.check_permission(nobody, "read", record=record)
    public = public and allows(nobody, "read_record", record=record)
    return Scope(id_, item.data["metadata"].get("title", ""), "", "record", public)
