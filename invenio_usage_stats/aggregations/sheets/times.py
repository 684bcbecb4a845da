# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Times: when the record of each line was viewed first and last, and each file downloaded last.

They have a section of their own, since few questions are about them.
"""

from collections.abc import Iterable

import msgspec


class Times(msgspec.Struct, array_like=True, gc=False):
    """Hold times as seconds since 1970, in the order of lines and of their files."""

    first_viewed: list[int] = []
    """Nought for a record that was not viewed."""
    viewed_for: list[int] = []
    """Seconds from the first view to the last, which are few where views are."""
    last_downloaded: list[int] = []
    visited: list[int] = []
    """The first and the last visit to the scope's own page, if there was any."""


def joined_times(
    parts: Iterable[tuple[Times, list[int], list[int]]], lines: int, files: int
) -> Times:
    """Return the times of several sheets as one, each given with its places in the joined one."""
    first, last, loaded = [0] * lines, [0] * lines, [0] * files
    visited: list[int] = []
    for times, line_of, row_of in parts:
        views = zip(line_of, times.first_viewed, times.viewed_for, strict=True)
        for line, start, length in views:
            if start:
                first[line] = min(first[line] or start, start)
                last[line] = max(last[line], start + length)
        for row, moment in zip(row_of, times.last_downloaded, strict=True):
            loaded[row] = max(loaded[row], moment)
        visited += times.visited
    lengths = [end - start for start, end in zip(first, last, strict=True)]
    return Times(first, lengths, loaded, [min(visited), max(visited)] if visited else [])
