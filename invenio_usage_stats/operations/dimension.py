# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A dimension that was added to the catalog: filling it into the facts of the past.

Nobody knows what a record's value was before the ledger noted it, so the present one stands for
all that was noted earlier. Facts noted since the first that have a value of this dimension are
left as they are: a record without a value had none.
"""

from collections.abc import Iterator

import msgspec
import sqlalchemy as sa
from invenio_db import db
from sqlalchemy.engine import Connection

from ..catalog import Dimension
from ..errors import InvalidQueryError
from ..ledger.facts import Facts, decode_facts
from ..ledger.models import GENERATION, LedgerEntry, LedgerFacts, LedgerRecord
from ..ledger.projection import project
from ..ledger.source import RECORDS as PUBLISHED
from ..ledger.source import read_parents, read_records
from ..proxies import current_usage_stats
from ..readiness import require_setup

FACTS, ENTRIES, RECORDS = (m.__table__ for m in (LedgerFacts, LedgerEntry, LedgerRecord))
BATCH = 500


def dimension_of(name: str) -> Dimension:
    """Return a dimension; raise ``InvalidQueryError`` when the catalog has none of this name."""
    dimensions = current_usage_stats.catalog.dimensions
    if name not in dimensions:
        raise InvalidQueryError("dimension", f"{name!r} is not one of {', '.join(dimensions)}.")
    return dimensions[name]


def fill(dimension: Dimension) -> int:
    """Give earlier facts their record's present values; return how many have changed.

    The latest facts come first. So after a kill the earliest that have a value still divide
    what is to be done from what is done. At the end every worker forgets what it has read.
    """
    require_setup()
    if dimension.source != "record":
        return 0
    count = 0
    for rows in _batches(_first_with(dimension)):
        with db.engine.begin() as connection:
            changed = list(_changed(connection, rows, dimension))
            for row, facts in changed:
                _replace(connection, row, facts)
            project(connection, {row.record_id for row, _ in changed})
        count += len(changed)
    with db.engine.begin() as connection:
        connection.execute(GENERATION)
    return count


def _first_with(dimension: Dimension) -> int:
    """Return the id of the earliest facts that have a value of a dimension."""
    value = FACTS.c.facts["values"][dimension.id]
    with db.engine.connect() as connection:
        first = connection.execute(sa.select(sa.func.min(FACTS.c.id)).where(value.is_not(None)))
        last = connection.execute(sa.select(sa.func.max(FACTS.c.id))).scalar() or 0
        return first.scalar() or last + 1


def _batches(end: int) -> Iterator[list[sa.Row]]:
    """Yield the facts before an id, the latest first."""
    while True:
        query = sa.select(FACTS).where(FACTS.c.id < end).order_by(FACTS.c.id.desc()).limit(BATCH)
        with db.engine.connect() as connection:
            rows = list(connection.execute(query))
        if not rows:
            return
        end = rows[-1].id
        yield rows


def _changed(
    connection: Connection, rows: list[sa.Row], dimension: Dimension
) -> Iterator[tuple[sa.Row, Facts]]:
    """Yield the facts that change, with what they become."""
    present = _present(connection, {row.record_id for row in rows})
    for row in rows:
        values = present[row.record_id].values.get(dimension.id) if row.record_id in present else ()
        if values:
            facts = decode_facts(row.facts)
            filled = {**facts.values, dimension.id: values}
            yield row, msgspec.structs.replace(facts, values=filled)


def _present(connection: Connection, record_ids: set[int]) -> dict[int, Facts]:
    """Return the facts of records as they are now, of those that are there and can be read."""
    ids = {
        row.uuid: row.id
        for row in connection.execute(sa.select(RECORDS).where(RECORDS.c.id.in_(record_ids)))
    }
    pairs = connection.execute(
        sa.select(PUBLISHED.c.id, PUBLISHED.c.parent_id).where(PUBLISHED.c.id.in_(list(ids)))
    ).all()
    parents = read_parents(connection, {row.parent_id for row in pairs})
    catalog = current_usage_stats.catalog
    observed = read_records(connection, [row.id for row in pairs], parents, catalog)
    return {ids[record.uuid]: record.facts for record in observed if record.facts}


def _replace(connection: Connection, row: sa.Row, facts: Facts) -> None:
    """Change a row of facts; where equal facts stand already, its entries take those."""
    same = (FACTS.c.record_id == row.record_id, FACTS.c.digest == facts.digest)
    twin = connection.execute(sa.select(FACTS.c.id).where(*same)).scalar()
    if twin is None:
        values = {"facts": facts.encode(), "digest": facts.digest}
        connection.execute(sa.update(FACTS).where(FACTS.c.id == row.id).values(values))
        return
    entries = sa.update(ENTRIES).where(ENTRIES.c.facts_id == row.id).values(facts_id=twin)
    connection.execute(entries)
    connection.execute(sa.delete(FACTS).where(FACTS.c.id == row.id))
