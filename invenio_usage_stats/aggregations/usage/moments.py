# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Moments: when something was viewed first and last in a day, and downloaded last.

Texts of one form are in the order of the times that they say, so none of them is parsed.
"""

from collections.abc import Hashable
from typing import TypeVar

from .attribution import Segment
from .events import UsageEvent

K = TypeVar("K", bound=Hashable)


class Moments:
    """Know the moments of a day, however many lots it is given in."""

    def __init__(self) -> None:
        self._viewed: dict[Segment, list[str]] = {}
        self._downloaded: dict[tuple[Segment, str], str] = {}

    def view(self, segment: Segment, event: UsageEvent) -> None:
        """Take a view."""
        note(self._viewed, segment, event.timestamp)

    def download(self, segment: Segment, event: UsageEvent) -> None:
        """Take a download."""
        file = segment, event.unique_id
        if event.timestamp > self._downloaded.get(file, ""):
            self._downloaded[file] = event.timestamp

    def viewed(self, segment: Segment) -> list[str]:
        """Return the first and the last view; nothing without any."""
        return self._viewed.get(segment, [])

    def downloaded(self, segment: Segment, file: str) -> str:
        """Return the last download of a file."""
        return self._downloaded[segment, file]


def note(times: dict[K, list[str]], key: K, moment: str) -> None:
    """Note a moment, if it is the first or the last of its key."""
    known = times.get(key)
    if known is None:
        times[key] = [moment, moment]
    elif moment < known[0]:
        known[0] = moment
    elif moment > known[1]:
        known[1] = moment
