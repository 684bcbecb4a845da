# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A house with open and closed rooms, and everybody who may or may not enter them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from invenio_access.models import ActionUsers
from invenio_access.permissions import superuser_access, system_identity
from invenio_communities.proxies import current_communities
from invenio_db import db
from invenio_rdm_records.proxies import current_rdm_records_service as records
from invenio_rdm_records.proxies import (
    current_record_communities_service as record_communities,
)

from invenio_usage_stats.aggregations.runs import aggregate

from .. import content
from ..oracle.world import Event
from ..world import forget_world, index_events, wipe

API = "/api/usage-stats"
SECRET = "classified"
"""Stands in every title and keyword that only the insiders of a community may see."""
PRIVATE = "confidential"
"""Stands in title and keyword of the record of an author who belongs to no community."""
WHO = ("anonymous", "stranger", "member", "manager", "owner", "author", "administrator")


@dataclass(frozen=True)
class House:
    """Be what there is, by name, and whoever asks."""

    people: dict[str, content.Person]
    communities: dict[str, str]
    records: dict[str, str]

    @property
    def readable(self) -> list[str]:
        """Return the records that the owner of the communities may read."""
        return [recid for name, recid in self.records.items() if name != "private"]

    @property
    def scopes(self) -> dict[str, str]:
        """Return every scope as it stands in addresses."""
        kinds = {"communities": self.communities, "records": self.records}
        found = {f"{n} {k}": f"{k}/{i}" for k, things in kinds.items() for n, i in things.items()}
        return {"global": "global", **found, "unknown communities": "communities/no-such-place"}


@pytest.fixture(scope="module")
def house(app) -> House:
    """Return a house whose records were used on several days."""
    return built(app)


def built(app) -> House:
    """Return a house with an open and a closed community, and a record of each kind in both.

    Beside them stands a record that its author alone may read.
    """
    forget_world()
    wipe()
    people = {name: _user(app, name) for name in WHO[1:]}
    db.session.add(ActionUsers.allow(superuser_access, user_id=int(people["administrator"].id)))
    db.session.commit()
    communities = {
        "public": content.create_community(people["owner"], metadata={"title": "Open house"}),
        "restricted": content.create_community(
            people["owner"],
            "restricted",
            slug=f"{SECRET}-{uuid4().hex[:8]}",
            metadata={"title": f"The {SECRET} house"},
        ),
    }
    for role in ("member", "manager"):
        _join(communities["restricted"], people[role], {"member": "reader"}.get(role, role))
    made = {
        "public": _publish(people["owner"], "public", "An open paper", "open-keyword"),
        "restricted": _publish(
            people["owner"], "restricted", f"A {SECRET} paper", f"{SECRET}-keyword"
        ),
    }
    for community in communities.values():
        record_communities.bulk_add(
            system_identity, community, list(made.values()), set_default=False
        )
    made["private"] = _publish(
        people["author"], "restricted", f"A {PRIVATE} paper", f"{PRIVATE}-keyword"
    )
    _use(made)
    aggregate()
    content.refresh_all()
    return House(people, communities, made)


def _user(app, name: str) -> content.Person:
    """Return a user, made once for the whole run."""
    known = app.config.setdefault("HOUSE_PEOPLE", {})
    if name not in known:
        known[name] = content.create_user(app, f"house-{name}")
    return known[name]


def _join(community: str, person: content.Person, role: str) -> None:
    """Make somebody a member of a community."""
    body = {"members": [{"type": "user", "id": person.id}], "role": role}
    current_communities.service.members.add(system_identity, community, body)


def _publish(person: content.Person, access: str, title: str, keyword: str) -> str:
    """Publish a record with a file."""
    draft = content.create_draft(person, {"a.pdf": b"12345"})
    data = content.metadata(title=title, subjects=[{"subject": keyword}])
    data |= {"files": {"enabled": True}, "access": {"record": access, "files": access}}
    records.update_draft(person.identity, draft.id, data)
    return records.publish(person.identity, draft.id).id


def _use(made: dict[str, str]) -> None:
    """Let each record be viewed and downloaded on several days."""
    events = []
    for number, recid in enumerate(made.values(), start=1):
        parent = records.read(system_identity, recid).data["parent"]["id"]
        for n in range(3 * number):
            at = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=n)
            visitor = f"visitor-{n}"
            common = {"record": recid, "parent": parent, "visitor": visitor, "session": visitor}
            events.append(Event(at, "view", unique_id=f"ui_{recid}", country="SE", **common))
            events.append(
                Event(at, "download", unique_id=f"f_{recid}", file_key="a.pdf", size=5, **common)
            )
    index_events(events)


class Reader(FlaskClient):
    """Read every answer to its end at once, so that streams leave no context behind."""

    def open(self, *args, **kwargs):
        return super().open(*args, **{"buffered": True, **kwargs})


@contextmanager
def asking(app, house: House, who: str) -> Iterator[FlaskClient]:
    """Give a client of somebody.

    It is no context of its own, as that would keep the context of an answer that is streamed.
    """
    with app.app_context():
        client = Reader(app, app.response_class)
        person = house.people.get(who)
        if person is not None:
            data = {"email": person.email, "password": person.password}
            assert client.post("/login/", data=data).status_code == 302
        yield client


@pytest.fixture
def visitor(app, house) -> Iterator[FlaskClient]:
    """Return a client of somebody who is not signed in."""
    with asking(app, house, "anonymous") as client:
        yield client
