# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A repository with names that spreadsheets find hard, used at known seconds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from invenio_access.models import ActionUsers
from invenio_access.permissions import superuser_access, system_identity
from invenio_db import db
from invenio_rdm_records.proxies import current_rdm_records_service as records
from invenio_rdm_records.proxies import (
    current_record_communities_service as record_communities,
)
from invenio_users_resources.proxies import current_users_service
from invenio_users_resources.records.api import UserAggregate

from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.ledger.models import LedgerEntry

from ... import content
from ...oracle.visits import Visit
from ...oracle.world import Event
from ...resources.conftest import house  # noqa: F401
from ...world import forget_world, index_events, wipe
from ..visits.stored import index_visits

API = "/api/reports/metrics"
TITLES = {
    "quoted": 'He said "no", twice, and left',
    "formula": "=cmd()|'/C calc'!A1",
    "unused": "+1 @nobody -2",
    "hidden": "A secret; kept",
}
FILES = {
    "quoted": ('a "b", c.csv', "=1+1.csv"),
    "formula": ("@SUM(A1).txt", "two\r\nlines,\nor 3.txt"),
    "unused": ("-2.pdf",),
    "hidden": ("hidden.pdf",),
}
SINCE = datetime(2020, 1, 1)
"""From when on the records belong to their community."""


@dataclass(frozen=True)
class Desk:
    """Be what there is, by name."""

    people: dict[str, content.Person]
    communities: dict[str, str]
    records: dict[str, str]
    files: dict[tuple[str, str], str]
    """What files go by where they are used, by record and name."""
    events: list[Event]
    visits: list[Visit]
    """Those to the page of the lower community."""

    def name_of(self, recid: str) -> str:
        """Return the name of a record."""
        return next(name for name, known in self.records.items() if known == recid)


@pytest.fixture(scope="session")
def clerks(app) -> dict[str, content.Person]:
    """Return users: an author, the owner of a community, an administrator, and a stranger."""
    names = ("author", "owner", "administrator", "stranger")
    found = {name: content.create_user(app, f"desk-{name}") for name in names}
    db.session.add(ActionUsers.allow(superuser_access, user_id=int(found["administrator"].id)))
    db.session.commit()
    for person in found.values():
        current_users_service.indexer.index(UserAggregate.from_model(person.user))
    return found


@pytest.fixture(scope="module")
def desk(app, clerks) -> Iterator[Desk]:
    """Return a community below another, with records, of which all but one were used.

    Those of the lower one belong to the upper one, too; a third one is empty.
    """
    wipe()
    forget_world()
    above = content.create_community(clerks["owner"], metadata={"title": 'Over, "all"'})
    below = content.create_community(clerks["owner"], metadata={"title": "=Below"})
    _put_below(below, above)
    idle = content.create_community(clerks["owner"])
    made = {name: _publish(clerks["author"], name, title) for name, title in TITLES.items()}
    body = list(made.values())
    record_communities.bulk_add(system_identity, below, body, set_default=False)
    _backdate()
    files = {(name, key): id_ for name in made for key, id_ in _file_ids(made[name])}
    events = list(_events(made, files))
    index_events(events)
    visits = list(_visits(below))
    index_visits(visits)
    aggregate()
    index_waiting()
    yield Desk(clerks, {"above": above, "below": below, "idle": idle}, made, files, events, visits)
    wipe()


def _visits(community: str) -> Iterator[Visit]:
    """Yield visits on some days, two of them on each."""
    for n in range(1, 5):
        for hour in (21, 4):
            at = datetime(2025, n, 10 + n, hour, 3, n)
            yield Visit(at, community, f"{n:040x}", f"{n}-{hour}")


def index_waiting() -> None:
    """Index the records that wait for it, as a task does it once a minute."""
    records.indexer.process_bulk_queue()
    content.refresh_all()


def _put_below(community: str, parent: str) -> None:
    """Let a community belong to another one."""
    content.update_community(parent, children={"allow": True})
    content.update_community(community, parent={"id": parent})


def _publish(person: content.Person, name: str, title: str) -> str:
    """Publish a record with its files; one of them is only for its owner."""
    if name == "hidden":
        return content.publish_restricted(person, dict.fromkeys(FILES[name], b"1234"))
    return content.publish(person, dict.fromkeys(FILES[name], b"12345"), title=title)


def _backdate() -> None:
    """Let everything have happened long ago, so that it counts at any of the known seconds."""
    db.session.execute(db.update(LedgerEntry).values(effective_at=SINCE))
    db.session.commit()


def _file_ids(recid: str) -> Iterator[tuple[str, str]]:
    """Yield the names of a record's files with what they go by where they are used."""
    record = records.record_cls.pid.resolve(recid)
    for key, entry in record.files.entries.items():
        yield key, f"{record.files.bucket_id}_{entry.file.file_id}"


def _events(made: dict[str, str], files: dict[tuple[str, str], str]) -> Iterator[Event]:
    """Yield what was used, at seconds that are all different."""
    for number, name in enumerate(("quoted", "formula", "hidden")):
        for n in range(1, 8 - 2 * number):
            at = datetime(2025, n, 3 + n, n, 5 * n, number + n)
            yield _event(at, "view", made[name], f"ui_{made[name]}", n)
            for turn, key in enumerate(FILES[name]):
                if n > turn + number:
                    moment = at.replace(hour=20, minute=turn)
                    file = files[name, key]
                    yield _event(moment, "download", made[name], file, n, key)


def _event(
    at: datetime, kind: str, recid: str, unique_id: str, n: int, key: str | None = None
) -> Event:
    """Return a use of a record."""
    who = f"{n:040x}"
    parent = records.read(system_identity, recid).data["parent"]["id"]
    return Event(at, kind, recid, parent, who, who, unique_id, file_key=key, size=5 if key else 0)
