# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a metric and a dimension are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

Source = Literal["record", "file", "event", "report"]
Family = Literal["records", "usage", "visits", "reports"]
VISITS: Family = "visits"
"""The family of what is counted of communities themselves, and never of records or values."""
REPORTS: Family = "reports"
"""The family of what software has reported: of scopes and records, and by software only."""
BESIDE: tuple[Family, ...] = (VISITS, REPORTS)
"""The families of what is counted beside the uses of records, and recorded since later."""
Basis = Literal["added", "created", "published"]
BASES: tuple[Basis, ...] = ("added", "created", "published")
"""Which date starts a record's life in a scope."""


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """Describe one property that statistics are broken down by.

    Everything that the package knows of a dimension is here: documents, queries, exports and
    pages derive from this entry.
    """

    id: str
    """Plural name, used by the API and by document fields (``by_<id>``)."""

    singular: str
    """Singular name; record deltas use it (``by_<singular>``)."""

    label: Any
    """Translatable title."""

    source: Source
    """Where values come from: the record's metadata, its files, the event, or the report."""

    values: Callable[[Any], Iterable[str]]
    """Keys of a record view, or of an event: the id where there is one, else the free text."""

    event_query: Callable[[str], dict[str, Any]] | None = None
    """A search that finds all events with a value, and perhaps some others."""

    labels: str = "text"
    """How keys get labels: ``text``, or the name of a label source (see ``catalog.labels``)."""

    families: frozenset[Family] = frozenset({"records", "usage"})
    """Which documents carry it."""

    multiple: bool = True
    """A record or an event can have several values, so shares may add up to more than 1."""

    complete: bool = False
    """Snapshots list every value (``all_<id>``) instead of the largest (``top_<id>``)."""

    public_for_restricted: bool = False
    """Keep the values of records whose metadata is restricted; others count as missing."""

    hidden: bool = False
    """Counted for a metric's sake and never shown as a breakdown."""

    counted_as: str | None = None
    """The metric that is the number of this dimension's keys."""

    component: str | None = None
    """Name of the table component in dashboard layouts."""

    hint: Any = ""
    """Translatable sentence: what a repository may lack when nothing has a value."""

    @property
    def of_record(self) -> bool:
        """Tell whether its values are those of records."""
        return self.source in ("record", "file")

    @property
    def snapshot_field(self) -> str:
        """Return the field of snapshot documents."""
        return f"{'all' if self.complete else 'top'}_{self.id}"

    def field(self, family: Family, kind: str) -> str:
        """Return the field of a family's deltas or snapshots."""
        return self.delta_field(family) if kind == "delta" else self.snapshot_field

    def delta_field(self, family: Family) -> str:
        """Return the field of delta documents."""
        return f"by_{self.singular if family == 'records' else self.id}"


@dataclass(frozen=True, kw_only=True)
class Metric:
    """Describe one number: what is counted, where it is stored and in which unit."""

    id: str
    label: Any
    unit: str
    """``records``, ``files``, ``bytes``, ``events``, ``people`` or ``visitor-days``."""

    family: Family
    definition: Any
    """One translatable sentence that says exactly what is counted."""

    event: Literal["view", "download", "visit", "report"] | None = None
    """The usage event that is counted."""

    field: str = ""
    """Field of the usage counters in documents, or of the record counters."""

    counter: str = ""
    """Attribute of the tally that holds the number."""

    distinct: bool = False
    """The number is the size of a set, so days are united, not added."""

    works: str | None = None
    """The metric that counts works where this one counts records."""

    component: str | None = None
    """Name of the headline component in dashboard layouts."""

    @property
    def path(self) -> str:
        """Return the mapped field that holds a metric of usage, in documents and in sheets."""
        return f"totals.{self.event}.{self.field}"

    @property
    def additive(self) -> bool:
        """Tell whether the numbers of days add up to that of a period."""
        return not self.distinct
