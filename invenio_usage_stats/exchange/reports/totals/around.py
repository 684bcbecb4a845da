# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What stands around what is listed: owners and communities, each looked up once in a report."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_principal import Identity
from invenio_communities.members.records.models import MemberModel
from invenio_communities.proxies import current_communities, current_roles
from invenio_db import db
from invenio_search.engine import dsl

from ....reader.periods import Period
from ....services.scopes import REPOSITORY
from ....services.visible import ALIVE, hits_of, people, search_for
from ..who import People
from .about import BATCH, About, batches, moment, within

MEMBER = MemberModel.__table__.c
FIELDS = ("id", "slug", "metadata.title", "created", "access.visibility", "parent.id")


class Community(NamedTuple):
    """Be what is said of a community."""

    id: str
    slug: str
    title: str
    created: datetime
    status: str
    parent: str
    """The UUID of the community that it belongs to; empty without one."""


class Around:
    """Know the owners and communities that a reader may see."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self._named = People(identity, REPOSITORY)
        self._people: dict[str, str | None] = {}
        self._communities: dict[str, Community | None] = {}

    def learn(self, records: Iterable[About]) -> None:
        """Look up who owns some records, and where they belong."""
        known = list(records)
        self.learn_people(about.owner for about in known)
        self.learn_communities(id_ for about in known for id_ in about.communities)

    def learn_people(self, ids: Iterable[str]) -> None:
        """Look up users."""
        new = {id_ for id_ in ids if id_} - self._people.keys()
        for some in batches(sorted(new)):
            named = self._named.names(int(id_) for id_ in some if id_.isdecimal())
            found = people(self.identity, some) | {str(id_): name for id_, name in named.items()}
            self._people |= {id_: found.get(id_) for id_ in some}

    def learn_communities(self, ids: Iterable[str]) -> None:
        """Look up communities, and the parents of these."""
        new = {id_ for id_ in ids if id_} - self._communities.keys()
        for some in batches(sorted(new)):
            found = communities(self.identity, some)
            self._communities |= {id_: found.get(id_) for id_ in some}
        if new:
            self.learn_communities(one.parent for id_ in new if (one := self._communities[id_]))

    def learn_owners(self, ids: Collection[str]) -> dict[str, list[str]]:
        """Look up the owners of communities, and return the ids of these users."""
        role = current_roles.owner_role.name
        query = sa.select(MEMBER.community_id, MEMBER.user_id).where(
            MEMBER.community_id.in_(ids), MEMBER.role == role, MEMBER.active, MEMBER.user_id > 0
        )
        found: defaultdict[str, list[str]] = defaultdict(list)
        with db.engine.connect() as connection:
            for community, user in connection.execute(query.order_by(MEMBER.user_id)):
                found[str(community)].append(str(user))
        self.learn_people(user for users in found.values() for user in users)
        return found

    def owner(self, id_: str) -> tuple[str, str]:
        """Return name and id of a user; both are empty for who is not to be seen (see ``who``)."""
        name = self._people.get(id_)
        return ("", "") if name is None else (name, id_)

    def slugs(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return the slugs of the communities among some that are to be seen."""
        return tuple(sorted(one.slug for id_ in ids if (one := self._communities.get(id_))))

    def parents(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return the slugs of the parents of communities."""
        known = {one.parent for id_ in ids if (one := self._communities.get(id_))}
        return self.slugs(known)


def communities(
    identity: Identity, ids: Iterable[str], created: Period | None = None
) -> dict[str, Community]:
    """Return the communities among some that a reader may see, by id.

    ``created``: the days on which a community must have been created, none for any.
    """
    search = _search(identity, within(created) & dsl.Q("terms", id=list(ids)))
    return {found["id"]: _community(found) for found in hits_of(search)}


def every_community(identity: Identity, created: Period | None) -> Iterator[Community]:
    """Yield all communities that a reader may see."""
    search = _search(identity, within(created)).params(size=BATCH)
    return (_community(hit.to_dict()) for hit in search.scan())


def _search(identity: Identity, wanted: Any) -> Any:
    """Return a search for communities."""
    for field, value in ALIVE.items():
        wanted &= dsl.Q("term", **{field: value})
    return search_for(current_communities.service, identity, wanted).source(list(FIELDS))


def _community(hit: dict[str, Any]) -> Community:
    """Return what a hit says."""
    return Community(
        hit["id"],
        hit["slug"],
        hit["metadata"]["title"],
        moment(hit["created"]),
        hit["access"]["visibility"],
        (hit.get("parent") or {}).get("id", ""),
    )
