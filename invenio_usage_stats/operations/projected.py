# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""How many documents the projection has, and how many it must have."""

from typing import NamedTuple

import sqlalchemy as sa
from invenio_db import db

from ..indices import EVENTS, find, full_name, refresh
from ..ledger.models import LedgerEntry

ENTRIES = LedgerEntry.__table__


class Projected(NamedTuple):
    """Say how many documents are stored, and within which bounds that is right.

    Entries may be appended and projected while somebody counts.
    """

    stored: int
    fewest: int
    most: int

    @property
    def lost(self) -> int:
        """Return how many documents are missing at least."""
        return max(self.fewest - self.stored, 0)

    @property
    def strange(self) -> int:
        """Return how many documents have no entry, at least."""
        return max(self.stored - self.most, 0)


def count_projected() -> Projected:
    """Count documents and entries; raise ``SetupError`` when there is no projection."""
    fewest = _count(sa.func.count(ENTRIES.c.projected_at))
    index = full_name(EVENTS)
    refresh(index)
    answer = find(index, {"size": 0, "track_total_hits": True})
    most = _count(sa.func.count())
    return Projected(answer["hits"]["total"]["value"], fewest, most)


def _count(what: sa.ColumnElement[int]) -> int:
    """Return a number of entries."""
    with db.engine.connect() as connection:
        return connection.execute(sa.select(what).select_from(ENTRIES)).scalar() or 0
