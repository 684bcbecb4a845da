# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The timelines of records, read once from the projection and kept for the life of a worker."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from invenio_db import db

from ...catalog import Catalog
from ...ledger.models import GENERATION, LedgerEntry
from ...ledger.reading import read_histories
from ...ledger.source import draft_recids
from ...ledger.store import projected_since
from ..base import without_collector
from ..running.bookmarks import OVERLAP
from .attribution import Segment, SegmentCells, Timeline
from .cells import CellTable

GENERATIONS = sa.table(GENERATION.name, sa.column("last_value"), sa.column("is_called"))
KEPT = 200_000
"""How many records are kept; one takes about 1 kB."""


class Timelines:
    """Know where and how records counted at any second."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._generation: tuple[int, bool] | None = None
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.table = CellTable(self.catalog)
        self._cells = SegmentCells(self.catalog, self.table)
        self._known: dict[str, Timeline | None] = {}
        self._strangers: dict[str, Segment] = {}
        self._drafts: set[str] = set()
        self._last: tuple[int, datetime] | None = None

    def catch_up(self) -> None:
        """Forget the records whose entries were projected since the last time.

        A ledger that ends before what was seen is another ledger: everything is forgotten. So it is
        when facts of the past were changed, by whatever worker.
        """
        entries = LedgerEntry.__table__.c
        with db.engine.connect() as connection:
            generation = tuple(connection.execute(sa.select(GENERATIONS)).one())
            if generation != self._generation:
                self.clear()
            self._generation = generation
            last = connection.execute(
                sa.select(sa.func.max(entries.id), sa.func.max(entries.projected_at))
            ).one()
            if self._last and (last[0] is None or last[0] < self._last[0] or None in last):
                self.clear()
            elif self._last and tuple(last) != self._last:
                for recid in projected_since(connection, self._last[1] - OVERLAP):
                    self._known.pop(recid, None)
        if None not in last:
            self._last = tuple(last)
        self._forget_strangers()

    def _forget_strangers(self) -> None:
        """Forget who was unknown, since the ledger may know them now."""
        self._known = {r: t for r, t in self._known.items() if t is not None}
        self._strangers.clear()
        self._drafts.clear()
        if len(self._known) > KEPT:
            self._known.clear()

    @without_collector()
    def load(self, recids: Iterable[str]) -> None:
        """Load the records that are not known yet."""
        wanted = set(recids) - self._known.keys()
        if not wanted:
            return
        for history in read_histories("record_id", wanted):
            self._known[history.record] = Timeline(history, self._cells)
        unknown = wanted - self._known.keys()
        self._known |= dict.fromkeys(unknown)
        with db.engine.connect() as connection:
            self._drafts |= draft_recids(connection, unknown)

    def of(self, recid: str) -> Timeline | None:
        """Return the timeline of a loaded record; none when the ledger does not know it."""
        return self._known[recid]

    def is_draft(self, recid: str) -> bool:
        """Tell whether a record that the ledger does not know is a draft."""
        return recid in self._drafts

    def stranger(self, recid: str, parent: str | None) -> Segment:
        """Return the segment of a record that the ledger never knew."""
        if recid not in self._strangers:
            self._strangers[recid] = self._cells.unknown(recid, parent)
        return self._strangers[recid]
