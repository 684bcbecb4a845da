# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Who may see whom in reports.

| reader | sees by name |
|---|---|
| administrator | everybody |
| manager of the community that is asked for | its members, and users with a public profile |
| everybody else with a right to the totals | nobody |
| in each case | themselves |

Owners with a public profile are named to everybody. Whoever is not seen by name is one of the
``other users``.
"""

from collections.abc import Collection, Iterable
from functools import cached_property

import sqlalchemy as sa
from flask_principal import Identity
from invenio_accounts.models import User
from invenio_communities.members.records.models import MemberModel
from invenio_db import db

from ...services.permissions import allows
from ...services.scopes import Scope
from ...services.visible import uploaders

USERS, MEMBERS = User.__table__, MemberModel.__table__


class People:
    """Know the names of users, as far as a reader may see them."""

    def __init__(self, identity: Identity, scope: Scope) -> None:
        """Take who reads, and the scope that is asked for."""
        self.identity, self.scope = identity, scope
        self._known: dict[int, str | None] = {}

    def names(self, users: Iterable[int]) -> dict[int, str]:
        """Return the names of those whom the reader may see."""
        wanted = set(users)
        if new := wanted - self._known.keys():
            self._known |= {**dict.fromkeys(new), **self._seen(new)}
        return {user: name for user in wanted if (name := self._known[user]) is not None}

    def _seen(self, users: Collection[int]) -> dict[int, str]:
        """Look up the names of some users."""
        if allows(self.identity, "read_users"):
            return _names(users, emails=True)
        own = {user for user in users if str(user) == str(self.identity.id)}
        found = _names(own, emails=True)
        if self._manages:
            public = uploaders(self.identity, map(str, users))
            found |= {int(user): seen.label for user, seen in public.items()}
            found |= _names(self._members(users))
        return found

    @cached_property
    def _manages(self) -> bool:
        """Tell whether the reader manages the community that is asked for."""
        if self.scope.kind != "community":
            return False
        return allows(self.identity, "read_users_of_community", community_id=self.scope.id)

    def _members(self, users: Collection[int]) -> set[int]:
        """Return which of some users are members of the community."""
        of_it = MEMBERS.c.community_id == self.scope.id
        active = MEMBERS.c.active.is_(True)
        query = sa.select(MEMBERS.c.user_id).where(of_it, active, MEMBERS.c.user_id.in_(users))
        with db.engine.connect() as connection:
            return set(connection.execute(query).scalars())


def _names(users: Collection[int], *, emails: bool = False) -> dict[int, str]:
    """Return how users are called; ``emails``: by their address where they have no name."""
    if not users:
        return {}
    columns = (USERS.c.id, USERS.c.displayname, USERS.c.profile, USERS.c.email)
    with db.engine.connect() as connection:
        rows = connection.execute(sa.select(*columns).where(USERS.c.id.in_(users))).all()
    return {row.id: _name(row, emails) for row in rows}


def _name(row: sa.Row, emails: bool) -> str:
    """Return how a user is called."""
    profile = row.profile or {}
    last = row.email if emails else ""
    return profile.get("full_name") or row.displayname or last or f"#{row.id}"
