# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a report is to hold: months, metrics, access methods and datasets."""

from dataclasses import dataclass

from ....reader.periods import Period
from ...counter.metrics import ACCESS_METHODS, COUNTED, METRICS, Counted
from ..records import Work

EVERY = "All"
"""The version of a dataset that stands for all its versions together (CoP RD table 7.4)."""
UNKNOWN_YEAR = 1
"""The year of publication of what is not known to have one (CoP RD table 6.7)."""


@dataclass(frozen=True)
class Wanted:
    """Be what is wanted of a report; without filters everything."""

    period: Period
    metrics: tuple[str, ...] = tuple(metric.id for metric in METRICS)
    access: tuple[str, ...] = ACCESS_METHODS
    years: tuple[range, ...] = ()
    versions: tuple[str, ...] = ()
    monthly: bool = True
    """Whether each month has numbers of its own, or all of them together."""

    @property
    def numbers(self) -> tuple[Counted, ...]:
        """Return the wanted numbers."""
        return tuple(
            one for one in COUNTED if one.metric.id in self.metrics and one.access in self.access
        )

    def has(self, work: Work) -> bool:
        """Tell whether a dataset is wanted."""
        year = work.year or UNKNOWN_YEAR
        right_year = not self.years or any(year in years for years in self.years)
        return right_year and (not self.versions or version_of(work) in self.versions)


def version_of(work: Work) -> str:
    """Return the version of a dataset: as its authors call it, else its place among all."""
    return EVERY if work.level == "parent" else work.version or str(work.index)
