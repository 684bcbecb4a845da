# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Which facts of the ledger have a property: for properties that sheets do not have."""

from collections.abc import Iterable

import sqlalchemy as sa
from invenio_db import db

from ..catalog import Dimension
from ..ledger.models import LedgerEntry, LedgerFacts


def facts_have(dimension: Dimension, values: Iterable[str]) -> sa.ColumnElement[bool]:
    """Return a condition for facts with one of some values of a dimension."""
    column = LedgerFacts.facts
    path = column["files"] if dimension.source == "file" else column["values"][dimension.id]
    return sa.or_(*(path.op("?")(value) for value in sorted(values)))


def facts_with(dimension: Dimension, values: Iterable[str]) -> set[int]:
    """Return the sequence numbers of the entries that brought such facts."""
    query = (
        sa.select(LedgerEntry.id)
        .join(LedgerFacts, LedgerFacts.id == LedgerEntry.facts_id)
        .where(facts_have(dimension, values))
    )
    with db.engine.connect() as connection:
        return set(connection.execute(query).scalars())
