# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Who reads, and which events they may know of: those about records that they may see."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

from flask import request
from flask_principal import Identity
from invenio_access.permissions import any_user, authenticated_user
from invenio_access.utils import get_identity
from invenio_communities.utils import load_community_needs
from invenio_oauth2server.models import Token
from invenio_rdm_records.proxies import current_rdm_records_service
from invenio_search.engine import dsl

from ....errors import MatomoError
from ....services import visible
from ....services.scopes import anonymous
from .asked import Asked
from .reading import ReportedEvent

TOKEN = "token_auth"
ANONYMOUS = "anonymous"
UNAUTHORIZED = 401
RECORD, PARENT = "id", "parent.id"
"""The fields of the index of records in which versions and works are found."""


def reader_of(asked: Asked) -> Identity:
    """Return who reads: the owner of a personal access token, or somebody who is not signed in.

    A session means nothing here, so that no page of another site can read with it.
    """
    bearer = request.authorization
    token = asked.optional(TOKEN)
    if token in ("", ANONYMOUS) and bearer is not None and bearer.type == "bearer":
        token = bearer.token or ""
    return anonymous() if token in ("", ANONYMOUS) else _owner(token)


def _owner(token: str) -> Identity:
    """Return the identity of a token's owner."""
    found = Token.query.filter_by(access_token=token, is_personal=True).one_or_none()
    if found is None or not found.user.active or _is_over(found):
        raise MatomoError(
            "Unable to authenticate with the provided token. It is either invalid or expired.",
            UNAUTHORIZED,
        )
    identity = get_identity(found.user)
    identity.provides |= {any_user, authenticated_user}
    load_community_needs(identity)
    return identity


def _is_over(token: Token) -> bool:
    """Tell whether a token is not valid any more."""
    return token.expires is not None and token.expires <= datetime.now(UTC)


class Visible:
    """Know which records a reader may see, each asked for once."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self._known: defaultdict[str, dict[str, bool]] = defaultdict(dict)

    def among(self, events: list[ReportedEvent]) -> list[ReportedEvent]:
        """Return the events about no record, or about one that the reader may see."""
        self._ask(RECORD, {event.recid for event in events if event.recid})
        works = {event.parent_recid for event in events if not event.recid}
        self._ask(PARENT, {work for work in works if work})
        return [event for event in events if self._has(event)]

    def _has(self, event: ReportedEvent) -> bool:
        """Tell whether the reader may know of an event; a work is seen in any of its versions."""
        if event.recid:
            return self._known[RECORD][event.recid]
        return not event.parent_recid or self._known[PARENT][event.parent_recid]

    def _ask(self, field: str, ids: Iterable[str]) -> None:
        """Ask the records' own service for what is not known yet."""
        new = sorted(set(ids) - self._known[field].keys())
        if new:
            seen = _seen(self.identity, field, new)
            self._known[field] |= {id_: id_ in seen for id_ in new}


def _seen(identity: Identity, field: str, ids: list[str]) -> set[str]:
    """Return the values of a field among the published records that an identity may read."""
    wanted = dsl.Q("terms", **{field: ids})
    for name, value in visible.PUBLISHED.items():
        wanted &= dsl.Q("term", **{name: value})
    search = visible.search_for(current_rdm_records_service, identity, wanted)[:0]
    search.aggs.bucket("seen", "terms", field=field, size=len(ids))
    return {bucket.key for bucket in search.execute().aggregations.seen.buckets}
