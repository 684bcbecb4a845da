# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The rows of files.

Their use is counted by numbers that only the names of files lead to. So the files of all records
that were used are read once, to know which is which, and then again as they are listed.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from uuid import UUID

from flask_principal import Identity

from ....aggregations.documents import current_documents
from ....reader.used import DOWNLOADS, LOADED, RECORD, VOLUME, used_files
from ....services.files import without_name
from ....services.visible import address
from ..asked import Asked
from ..rights import Right
from .about import About, allowed, batches, described, every_record
from .around import Around
from .names import FileIds, Named, files_by_id, files_of
from .numbers import Shown
from .records import only_of, places_of, recids_of
from .row import Row

FILE_PAGE = "invenio_app_rdm_records.record_file_download"
FILES = "read_files"


def file_rows(identity: Identity, right: Right, asked: Asked) -> Iterator[Row]:
    """Yield the rows of files that were used, and then of others if they are asked for."""
    columns, only = current_documents().columns, only_of(identity, right)
    shown = Shown(used_files(columns, places_of(right, asked.used), only))
    return _Files(identity, right, asked, shown).rows()


class _Files:
    """Make the rows of files."""

    def __init__(self, identity: Identity, right: Right, asked: Asked, shown: Shown) -> None:
        self.identity, self.right, self.asked, self.shown = identity, right, asked, shown
        self.around = Around(identity)
        self.ids = FileIds(len(shown.used.keys) + 1)

    def rows(self) -> Iterator[Row]:
        """Yield all rows."""
        of = sorted(self.shown.used.columns[RECORD][:-1])
        for ordinals in batches(ordinal for ordinal, _ in groupby(of)):
            self._learn(recids_of(ordinals).values())
        for places in batches(self.shown.used.order(self.asked.sort)):
            yield from self._used(places)
        if self.asked.include_zero:
            for some in batches(every_record(self.identity, self.right, None)):
                yield from self._unused(some)

    def _learn(self, recids: Iterable[str]) -> None:
        """Learn which numbers the files of some records have, if the reader may see them."""
        for file in files_of(self._allowed(recids)):
            place = self.shown.used.place(file.number)
            self.ids.put(place, file.id)

    def _allowed(self, recids: Iterable[str]) -> list[str]:
        """Return the records among some whose files the reader may see."""
        return allowed(self.identity, recids, FILES)

    def _used(self, places: list[int]) -> Iterator[Row]:
        """Yield the rows of files that were used."""
        of = self.shown.used.columns[RECORD]
        recids = recids_of(of[place] for place in places)
        known = described(self.identity, recids.values(), None)
        self.around.learn(known.values())
        ids = {place: id_ for place in places if (id_ := self.ids.get(place))}
        files: dict[UUID, Named] = files_by_id(ids.values())
        for place in places:
            about = known.get(recids.get(of[place], ""))
            if about:
                yield from self._row(about, files.get(ids.get(place)), place)

    def _unused(self, records: list[About]) -> Iterator[Row]:
        """Yield the rows of the files of some records that were not used."""
        known = {about.id: about for about in records}
        self.around.learn(records)
        for file in files_of(self._allowed(known)):
            if file.number not in self.shown.used:
                yield from self._row(known[file.recid], file, len(self.shown.used.keys))

    def _row(self, about: About, file: Named | None, place: int) -> Iterator[Row]:
        """Yield the row of a file; none of one that was not created when it should have been."""
        created = self.asked.created
        if created and not (file and created.since <= file.created.date() <= created.until):
            return
        number = self.shown.used.keys[place] if file is None else file.number
        key, name = (file.key, file.key) if file else without_name(number)
        owner, owner_id = self.around.owner(about.owner)
        yield Row(
            type="file",
            id=f"{about.id}/{key}",
            name=name,
            owner=owner,
            owner_id=owner_id,
            size=file.size if file else None,
            created=file.created if file else None,
            downloads=self.shown.number(DOWNLOADS, place),
            volume=self.shown.number(VOLUME, place),
            last_downloaded=self.shown.time(LOADED, place),
            location=(address(FILE_PAGE, pid_value=about.id, filename=key) or "") if file else "",
            parent_record=about.id,
            communities=self.around.slugs(about.communities),
            parent_communities=self.around.parents(about.communities),
            status=about.status,
        )
