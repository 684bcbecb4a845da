# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Share links: one view of one scope for whoever has the link, until it expires or is revoked."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app
from flask_principal import Identity
from invenio_access.permissions import system_identity
from invenio_db import db
from itsdangerous import BadSignature, URLSafeSerializer

from ..errors import InvalidQueryError, ShareError, UnknownScopeError
from ..ledger.models import utc_now
from . import opting
from .models import Share
from .permissions import allows
from .scopes import Scope, resolve_scope

SALT = "usage-stats-share"
VIEW = "view"
"""What the share of a page has in the place of a question; its parameters are the page's."""
Pairs = list[tuple[str, str]]


def create(
    identity: Identity, scope_name: str, question: str, parameters: Pairs, lifetime: timedelta
) -> Share:
    """Return a new share of a view; raises ``UnknownScopeError``, ``InvalidQueryError``."""
    scope = manageable(identity, scope_name)
    longest = current_app.config["USAGE_STATS_SHARE_LIFETIME"]
    if not timedelta() < lifetime <= longest:
        raise InvalidQueryError("days", f"must lie between 1 and {longest.days}.")
    share = Share(
        scope=scope.path,
        question=question,
        parameters=[list(pair) for pair in parameters],
        created_by=str(identity.id),
        expires=(utc_now() + lifetime).replace(microsecond=0),
    )
    db.session.add(share)
    db.session.commit()
    return share


def shares_of(identity: Identity, scope_name: str) -> list[Share]:
    """Return the shares of a scope that are valid, the newest first."""
    scope = manageable(identity, scope_name)
    query = db.select(Share).filter_by(scope=scope.path, revoked=None)
    query = query.where(Share.expires > utc_now()).order_by(Share.created.desc(), Share.id)
    return list(db.session.scalars(query))


def revoke(identity: Identity, id_: UUID) -> None:
    """Make a share's link invalid for ever.

    Raises ``UnknownScopeError`` alike for shares that there are not, and for scopes that this
    identity may not manage.
    """
    share = db.session.get(Share, id_)
    if share is None:
        raise UnknownScopeError(str(id_))
    manageable(identity, share.scope)
    share.revoked = share.revoked or utc_now()
    db.session.commit()


def manageable(identity: Identity, name: str) -> Scope:
    """Return a scope that this identity may manage; raises ``UnknownScopeError``."""
    scope = resolve_scope(identity, name)
    if not may_manage(identity, scope):
        raise UnknownScopeError(name)
    return scope


def may_manage(identity: Identity, scope: Scope) -> bool:
    """Tell whether an identity may make and revoke the share links of a scope."""
    if scope.kind == "community":
        return allows(identity, "manage_community", community_id=scope.id)
    return scope.kind != "user" and allows(identity, "manage")


def token(share: Share) -> str:
    """Return what a link to a share ends with."""
    return _signer().dumps([share.id.hex, int(share.expires.replace(tzinfo=UTC).timestamp())])


def opened(text: str) -> tuple[Share, Scope]:
    """Return the share of a token, with its scope.

    Raises ``ShareError`` alike for what is forged, expired, revoked, or of a scope that is gone or
    hidden again.
    """
    share = db.session.get(Share, _checked(text))
    if share is None or share.revoked or share.expires <= utc_now():
        raise ShareError
    try:
        scope = resolve_scope(system_identity, share.scope)
    except UnknownScopeError as error:
        raise ShareError from error
    if scope.kind == "community" and not opting.is_shown(scope.id):
        raise ShareError
    return share, scope


def opened_view(text: str, scope_name: str) -> tuple[Share, Scope]:
    """Return the share of a page's token, with its scope, which must be the page's.

    ``scope_name``: as ``resolve_scope`` takes it. Raises ``ShareError``.
    """
    share, scope = opened(text)
    names = (scope.path, f"{scope.path.rpartition('/')[0]}/{scope.slug}")
    if share.question != VIEW or scope_name not in names:
        raise ShareError
    return share, scope


def _checked(text: str) -> UUID:
    """Return the id in a token; what is forged or expired costs no look into the database."""
    try:
        id_, expires = _signer().loads(text)
    except BadSignature as error:
        raise ShareError from error
    if datetime.fromtimestamp(expires, UTC) <= datetime.now(UTC):
        raise ShareError
    return UUID(id_)


def _signer() -> URLSafeSerializer:
    """Return what signs tokens with the instance's secret."""
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=SALT)


def to_dict(share: Share) -> dict[str, Any]:
    """Return a share as plain data."""
    return {
        "id": str(share.id),
        "scope": share.scope,
        "question": share.question,
        "parameters": share.parameters,
        "created": f"{share.created:%Y-%m-%dT%H:%M:%SZ}",
        "expires": f"{share.expires:%Y-%m-%dT%H:%M:%SZ}",
    }
