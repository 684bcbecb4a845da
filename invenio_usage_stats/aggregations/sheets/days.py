# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The sheet of a scope's day, made from what the day's grouping holds anyway."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b

import msgspec

from ...ledger.reading import seconds
from ..beside import NOTHING, Beside
from ..columns import Columns
from ..reports import encoded
from ..usage.grouping import Entry
from ..usage.pieces import Piece
from ..usage.scope_days import DayCells, Run
from .repeats import Repeats, grouped
from .sheet import (
    CELLS,
    LINES,
    MARKS,
    REPEATS,
    REPORTS,
    TIMES,
    VISITS,
    Lines,
    Marks,
    Sections,
    deltas,
)
from .times import Times


@lru_cache(maxsize=100_000)
def file_number(unique_id: str) -> int:
    """Return a number of 63 bits for a file.

    Two of a repository's ten million files share one with a chance of 5 in a million.
    """
    return int.from_bytes(blake2b(unique_id.encode(), digest_size=8).digest()) >> 1


class DaySheets:
    """Make the sheets of a day."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns

    def sections(
        self,
        entries: list[Entry],
        cells: DayCells,
        runs: list[Run],
        beside: Beside = NOTHING,
    ) -> Sections:
        """Return the sections of one scope's sheet."""
        positions = _Positions(entries)
        encode = msgspec.msgpack.encode
        sections = {LINES: encode(_lines(entries)), TIMES: encode(_times(entries, beside.visited))}
        if beside.visits:
            sections[VISITS] = encode(beside.visits)
        if beside.reports:
            sections[REPORTS] = encoded(beside.reports)
        if repeats := self._repeats(entries, positions):
            sections[REPEATS] = encode(repeats)
        for run in runs:
            keys = [cells.keys[place] for place in run.places]
            columns = self.columns.transposed(run.lanes)
            sections[CELLS + run.dimension] = encode((keys, columns))
            if run.dimension:
                sections[MARKS + run.dimension] = encode(_marks(run, positions))
        return sections

    def _repeats(self, entries: list[Entry], positions: "_Positions") -> Repeats:
        """Return the sessions that several lines of a record count."""
        return Repeats(
            grouped((session, line) for line, _, session in self._shared("view", entries)),
            grouped(
                (session, positions.files[entry.segment, session[0]])
                for _, entry, session in self._shared("download", entries)
            ),
        )

    def _shared(
        self, kind: str, entries: list[Entry]
    ) -> Iterator[tuple[int, Entry, tuple[str, str]]]:
        """Yield the lines of records that change within the day with each of their sessions."""
        column = self.columns.at.get((kind, "uniques"))
        for line, entry in enumerate(entries):
            shared = entry.whole.shared
            if shared and column in shared:
                for session in shared[column]:
                    yield line, entry, session


def _marks(run: Run, positions: "_Positions") -> Marks:
    """Return the marks of a dimension."""
    if run.lines is not None:
        return Marks([lines if len(lines) == 1 else deltas(lines) for lines in run.lines])
    return Marks(
        [deltas(positions.viewed(some)) for some in run.pieces],
        [deltas(positions.loaded(some)) for some in run.pieces],
    )


class _Positions:
    """Know on which line a segment stands, and where its files do."""

    def __init__(self, entries: list[Entry]) -> None:
        self.lines = {entry.segment: line for line, entry in enumerate(entries)}
        names = ((entry.segment, file) for entry in entries for file in entry.downloads)
        self.files = {name: row for row, name in enumerate(names)}

    def viewed(self, pieces: list[Piece]) -> list[int]:
        """Return the lines of pieces of views."""
        return [self.lines[piece.segment] for piece in pieces if not piece.files]

    def loaded(self, pieces: list[Piece]) -> list[int]:
        """Return the files of pieces of downloads."""
        return [self.files[piece.segment, file] for piece in pieces for file in piece.files]


def _lines(entries: list[Entry]) -> Lines:
    """Return the lines of a sheet."""
    segments = [entry.segment for entry in entries]
    files = [item for entry in entries for item in entry.downloads.items()]
    counts = [count for _, count in files]
    return Lines(
        records=deltas([segment.record for segment in segments]),
        parents=[segment.record - segment.parent for segment in segments],
        facts=[segment.facts for segment in segments],
        views=[entry.views[0] for entry in entries],
        unique_views=[entry.views[1] for entry in entries],
        files_per_line=[len(entry.downloads) for entry in entries],
        files=[file_number(file) for file, _ in files],
        downloads=[count[0] for count in counts],
        unique_downloads=[count[1] for count in counts],
        volume=[count[2] for count in counts],
    )


def _times(entries: list[Entry], visited: Sequence[str]) -> Times:
    """Return the times of a sheet."""
    viewed = [[*map(seconds, entry.viewed)] or [0, 0] for entry in entries]
    return Times(
        first_viewed=[first for first, _ in viewed],
        viewed_for=[last - first for first, last in viewed],
        last_downloaded=[seconds(moment) for entry in entries for moment in entry.downloaded],
        visited=[*map(seconds, visited)],
    )
