# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What is counted of a scope beside the uses of records: visits, and what is reported."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from . import reports, visits


class Beside(NamedTuple):
    """Be the numbers of a scope's day, or of a longer time, that have no cells."""

    visits: visits.Visits
    reports: reports.Rows
    visited: Sequence[str] = ()
    """The first and the last visit to the scope's own page, where it is known."""

    def totals(self) -> dict[str, dict[str, int]]:
        """Return the totals in the shape of documents: nothing where there are none."""
        return visits.shaped(self.visits) | reports.shaped(self.reports.total())

    def by_software(self) -> Counter[str]:
        """Return the reported downloads of each software."""
        return reports.by_software(self.reports)


NOTHING = Beside({}, Counter())


class Sum:
    """Add up the numbers of days or months."""

    def __init__(self) -> None:
        self.parts = 0
        self.whole = Beside(Counter(), Counter())

    def add(self, part: Beside) -> None:
        """Add a part: all of its numbers add up."""
        self.parts += 1
        self.whole.visits.update(part.visits)
        self.whole.reports.update(part.reports)
