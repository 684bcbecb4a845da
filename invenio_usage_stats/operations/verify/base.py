# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What checks are asked, and what they answer."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from ...ledger.history import GLOBAL
from ...reader.periods import Period


class Question(NamedTuple):
    """Say which days and which scope are to be compared; no scope: all of them."""

    period: Period
    scope: str | None = None

    def includes(self, scope: str) -> bool:
        """Tell whether a scope is asked for."""
        return self.scope in (None, scope)

    @property
    def includes_communities(self) -> bool:
        """Tell whether any community is asked for."""
        return self.scope != GLOBAL


class Comparison(NamedTuple):
    """Be two numbers that must be equal: ours, and what it was made from.

    ``day``: none for what has no day; ``remark``: what else is known of a difference.
    """

    what: str
    scope: str
    day: date | None
    ours: int
    theirs: int
    remark: str = ""

    @property
    def differs(self) -> bool:
        """Tell whether the numbers differ."""
        return self.ours != self.theirs


class Note(NamedTuple):
    """Say what a check left out, and why."""

    text: str


Check = Callable[[Question], Iterator[Comparison | Note]]
