# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The rows of records."""

from collections.abc import Collection, Iterable, Iterator

import sqlalchemy as sa
from flask_principal import Identity
from invenio_db import db

from ....aggregations.documents import current_documents
from ....ledger.history import GLOBAL
from ....ledger.models import LedgerRecord
from ....reader.periods import Period
from ....reader.rankings import named
from ....reader.records import Whereabouts
from ....reader.spans import Place
from ....reader.used import DOWNLOADS, FIRST, LAST, LOADED, VIEWS, VOLUME, Used, used_records
from ....services.visible import RECORD_PAGE, address
from ..asked import Asked
from ..rights import Right
from .about import About, batches, described, every_record
from .around import Around
from .numbers import Shown
from .row import Row

TABLE = LedgerRecord.__table__.c


def record_rows(identity: Identity, right: Right, asked: Asked) -> Iterator[Row]:
    """Yield the rows of records that were used, and then of others if they are asked for."""
    around = Around(identity)
    shown = Shown(_used(identity, right, asked.used))
    for places in batches(shown.used.order(asked.sort)):
        recids = recids_of(shown.used.keys[place] for place in places)
        known = described(identity, recids.values(), asked.created)
        around.learn(known.values())
        for place in places:
            about = known.get(recids.get(shown.used.keys[place], ""))
            if about:
                yield _row(about, around, shown, place)
    if asked.include_zero:
        yield from _unused(identity, right, asked, around, shown)


def _used(identity: Identity, right: Right, period: Period) -> Used:
    """Return the use of the records of a right."""
    columns = current_documents().columns
    return used_records(columns, places_of(right, period), only_of(identity, right))


def places_of(right: Right, period: Period) -> list[Place]:
    """Return where to read the use of what a right is about."""
    if right.scope.kind == "record":
        return Whereabouts([right.scope.id]).places(period)
    return [(right.scope.id if right.owner is None else GLOBAL, period)]


def only_of(identity: Identity, right: Right) -> Collection[int] | None:
    """Return the ordinals of the only records that a right is about; none for all of a scope."""
    if right.owner is None and right.scope.kind != "record":
        return None
    found = every_record(identity, right, None)
    return {ordinal for some in batches(found) for ordinal in ordinals_of(some).values()}


def ordinals_of(records: Collection[About]) -> dict[str, int]:
    """Return the ordinals of records, by their ids."""
    query = sa.select(TABLE.recid, TABLE.id).where(TABLE.recid.in_([one.id for one in records]))
    with db.engine.connect() as connection:
        return {row.recid: row.id for row in connection.execute(query)}


def recids_of(ordinals: Iterable[int]) -> dict[int, str]:
    """Return the ids of records, by their ordinals."""
    return {ordinal: recid for recid, _, ordinal in named(dict.fromkeys(ordinals, 0))}


def _unused(
    identity: Identity, right: Right, asked: Asked, around: Around, shown: Shown
) -> Iterator[Row]:
    """Yield the rows of records without any use."""
    nowhere = len(shown.used.keys)
    for some in batches(every_record(identity, right, asked.created)):
        ordinals = ordinals_of(some)
        around.learn(some)
        for about in some:
            if ordinals.get(about.id, 0) not in shown.used:
                yield _row(about, around, shown, nowhere)


def _row(about: About, around: Around, shown: Shown, place: int) -> Row:
    """Return the row of a record."""
    owner, owner_id = around.owner(about.owner)
    return Row(
        type="record",
        id=about.id,
        name=about.title,
        owner=owner,
        owner_id=owner_id,
        size=about.size,
        created=about.created,
        views=shown.number(VIEWS, place),
        downloads=shown.number(DOWNLOADS, place),
        volume=shown.number(VOLUME, place),
        first_viewed=shown.time(FIRST, place),
        last_viewed=shown.time(LAST, place),
        last_downloaded=shown.time(LOADED, place),
        location=address(RECORD_PAGE, pid_value=about.id) or "",
        parent_record=about.work,
        communities=around.slugs(about.communities),
        parent_communities=around.parents(about.communities),
        status=about.status,
    )
