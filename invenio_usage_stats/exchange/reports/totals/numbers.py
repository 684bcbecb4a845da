# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Numbers and times as rows show them: small ones are withheld, where that is the rule."""

from datetime import UTC, datetime

from ....reader.used import DOWNLOADS, FIRST, LAST, LOADED, VIEWS, VOLUME, Used
from ....services.withholding import smallest_shown, withheld_columns

BASES = {VIEWS: VIEWS, DOWNLOADS: DOWNLOADS, VOLUME: DOWNLOADS}
"""With which number each is withheld, as it tells something of it."""
TOLD = {FIRST: VIEWS, LAST: VIEWS, LOADED: DOWNLOADS}
"""With which number a time is withheld, as it tells that there is any."""


class Shown:
    """Know what is shown of the use of things."""

    def __init__(self, used: Used) -> None:
        self.used = used
        self._hidden = self._withheld()

    def number(self, name: str, place: int) -> int | None:
        """Return a number; none of one that is withheld."""
        hidden = place in self._hidden.get(name, ())
        return None if hidden else self.used.columns[name][place]

    def time(self, name: str, place: int) -> datetime | None:
        """Return a time; none of what never happened, is not known, or is withheld."""
        if place in self._hidden.get(TOLD[name], ()):
            return None
        return time_of(self.used.columns[name][place])

    def _withheld(self) -> dict[str, set[int]]:
        """Return which places are withheld, and let nothing be ordered by what stands there."""
        limit, count = smallest_shown(), len(self.used.keys)
        if not limit:
            return {}
        known = {name: base for name, base in BASES.items() if name in self.used.columns}
        columns = {name: dict(enumerate(self.used.columns[name][:count])) for name in known}
        hidden = withheld_columns(columns, known, limit)
        for name, places in hidden.items():
            for place in places:
                self.used.columns[name][place] = 0
        return hidden


def time_of(seconds: int | None) -> datetime | None:
    """Return seconds since 1970 as naive UTC; none when they are no time."""
    known = seconds is not None and seconds > 0
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None) if known else None
