# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Who reads, and which events they may know of: those about records that they may see."""

from collections import defaultdict
from collections.abc import Iterator, Set
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
from ....indices import terms_batches
from ....services import visible
from ....services.scopes import anonymous
from .asked import Asked
from .reading import Query, groups

TOKEN = "token_auth"
ANONYMOUS = "anonymous"
UNAUTHORIZED = 401
IDS = 10_000
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

    def hidden(self, query: Query) -> list[Query]:
        """Return queries for the events about records that the reader may not see.

        All versions as one are seen in any of them.
        """
        found = [group["key"] for group in groups(query, ("recid", "parent_recid"))]
        records = {key["recid"] for key in found if key["recid"]}
        works = {key["parent_recid"] for key in found if not key["recid"] and key["parent_recid"]}
        only = {"must_not": [{"exists": {"field": "recid"}}]}
        return [
            *terms_batches("recid", self._unseen(RECORD, records)),
            *(
                {"bool": {"filter": [some], **only}}
                for some in terms_batches("parent_recid", self._unseen(PARENT, works))
            ),
        ]

    def _unseen(self, field: str, ids: Set[str]) -> list[str]:
        """Return the ids of what the reader may not see."""
        known = self._known[field]
        for some in _lots(sorted(ids - known.keys())):
            seen = _seen(self.identity, field, some)
            known |= {id_: id_ in seen for id_ in some}
        return [id_ for id_ in ids if not known[id_]]


def _lots(ids: list[str]) -> Iterator[list[str]]:
    """Yield ids, as many as one search may ask for."""
    yield from (ids[start : start + IDS] for start in range(0, len(ids), IDS))


def _seen(identity: Identity, field: str, ids: list[str]) -> set[str]:
    """Return the values of a field among the published records that an identity may read."""
    wanted = dsl.Q("terms", **{field: ids})
    for name, value in visible.PUBLISHED.items():
        wanted &= dsl.Q("term", **{name: value})
    search = visible.search_for(current_rdm_records_service, identity, wanted)[:0]
    search.aggs.bucket("seen", "terms", field=field, size=len(ids))
    return {bucket.key for bucket in search.execute().aggregations.seen.buckets}
