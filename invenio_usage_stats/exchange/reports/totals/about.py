# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What is said of records beside numbers: asked of the repository, of what the reader may see."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from flask_principal import Identity
from invenio_rdm_records.proxies import current_rdm_records_service
from invenio_search.engine import dsl

from ....aggregations.sheets.spans import ONE_DAY
from ....ledger.history import GLOBAL
from ....reader.periods import Period
from ....services.visible import PUBLISHED, hits_of, search_for
from ..rights import Right

T = TypeVar("T")
BATCH = 500
"""So many things are described at a time."""
FIELDS = (
    *("id", "parent.id", "metadata.title", "created", "files.totalbytes", "access.status"),
    *("parent.access.owned_by.user", "parent.communities.ids"),
)
OWNER = "parent.access.owned_by.user"
COMMUNITIES = "parent.communities.ids"


class About(NamedTuple):
    """Be what is said of a record."""

    id: str
    work: str
    title: str
    owner: str
    size: int
    created: datetime
    communities: tuple[str, ...]
    """The UUIDs of the work's communities."""
    status: str
    """Who may get at it: ``open``, ``embargoed``, ``restricted``, ``metadata-only``."""


def described(
    identity: Identity, recids: Iterable[str], created: Period | None
) -> dict[str, About]:
    """Return what is said of the records among some that a reader may see, by id.

    ``created``: the days on which a record must have been created, none for any.
    """
    wanted = _published(created) & dsl.Q("terms", id=list(recids))
    search = search_for(current_rdm_records_service, identity, wanted).source(list(FIELDS))
    return {about.id: about for about in map(_about, hits_of(search))}


def allowed(identity: Identity, recids: Iterable[str], action: str) -> list[str]:
    """Return the records among some with which a reader may do something, by their ids."""
    wanted = _published(None) & dsl.Q("terms", id=list(recids))
    search = search_for(current_rdm_records_service, identity, wanted, action).source(["id"])
    return [hit["id"] for hit in hits_of(search)]


def every_record(identity: Identity, right: Right, created: Period | None) -> Iterator[About]:
    """Yield all records of a right that a reader may see."""
    search = _search(identity, right, created).source(list(FIELDS)).params(size=BATCH)
    return (_about(hit.to_dict()) for hit in search.scan())


def has_records(identity: Identity, right: Right) -> bool:
    """Tell whether a right is about any record that a reader may see."""
    return _search(identity, right, None).count() > 0


def _search(identity: Identity, right: Right, created: Period | None) -> Any:
    """Return a search for all records of a right."""
    return search_for(current_rdm_records_service, identity, _published(created) & _of(right))


def batches(some: Iterable[T]) -> Iterator[list[T]]:
    """Yield things, as many at a time as are described together."""
    waiting = iter(some)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def moment(text: str) -> datetime:
    """Return a time that a document says as naive UTC, cut to the second."""
    return in_utc(datetime.fromisoformat(text))


def in_utc(found: datetime) -> datetime:
    """Return a time as naive UTC, cut to the second."""
    return (found.astimezone(UTC) if found.tzinfo else found).replace(tzinfo=None, microsecond=0)


def within(created: Period | None) -> Any:
    """Return a query for what was created on some days; none for any."""
    if created is None:
        return dsl.Q("match_all")
    end = created.until + ONE_DAY
    return dsl.Q("range", created={"gte": created.since.isoformat(), "lt": end.isoformat()})


def _published(created: Period | None) -> Any:
    """Return a query for published records that were created on some days."""
    wanted = within(created)
    for field, value in PUBLISHED.items():
        wanted &= dsl.Q("term", **{field: value})
    return wanted


def _of(right: Right) -> Any:
    """Return a query for the records of a right."""
    if right.owner is not None:
        return dsl.Q("term", **{OWNER: right.owner})
    if right.scope.id == GLOBAL:
        return dsl.Q("match_all")
    field = "id" if right.scope.kind == "record" else COMMUNITIES
    return dsl.Q("term", **{field: right.scope.id})


def _about(hit: dict[str, Any]) -> About:
    """Return what a hit says."""
    parent = hit.get("parent", {})
    return About(
        hit["id"],
        parent.get("id", ""),
        hit.get("metadata", {}).get("title") or hit["id"],
        str(parent.get("access", {}).get("owned_by", {}).get("user") or ""),
        int(hit.get("files", {}).get("totalbytes") or 0),
        moment(hit["created"]),
        tuple(parent.get("communities", {}).get("ids", ())),
        hit.get("access", {}).get("status", ""),
    )
