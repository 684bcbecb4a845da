# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What all results have in common: what they are about, and how they become one table."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from ..reader.freshness import Freshness
from ..reader.periods import Period
from .parts import Change, Line, Note, Number, plain
from .query import Query
from .scopes import Scope

RATIO = "ratio"
"""The unit of shares and relative changes."""


@dataclass(frozen=True)
class Comparison:
    """Be the earlier period; ``complete``: whether all of it was recorded."""

    period: Period
    complete: bool

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        since, until = self.period.bounds
        days = {"since": since.isoformat(), "until": until.isoformat(), "days": self.period.length}
        return {**days, "complete": self.complete}


@dataclass(frozen=True, kw_only=True)
class Result(ABC):
    """Be what all results have in common."""

    scope: Scope
    query: Query
    period: Period
    comparison: Comparison | None
    freshness: Freshness
    notes: list[Note]

    def to_dict(self) -> dict[str, Any]:
        """Return the result as it stands in answers."""
        since, until = self.period.bounds
        head = {
            "scope": self.scope.to_dict(),
            "query": self.query.to_dict(),
            "period": {
                "name": self.query.name,
                "since": since.isoformat(),
                "until": until.isoformat(),
                "days": self.period.length,
            },
            "comparison": self.comparison and self.comparison.to_dict(),
            "freshness": self.freshness.to_dict(),
            "notes": [note.to_dict() for note in self.notes],
        }
        common = {f.name for f in fields(Result)}
        own = (f.name for f in fields(self) if f.name not in common)
        return {**head, **{name: plain(getattr(self, name)) for name in own}}

    @abstractmethod
    def table(self) -> Iterator[Line]:
        """Yield the result as rows of one table."""

    def line(self, day: date, metric: str, unit: str, value: Number, *of: str) -> Line:
        """Return a row; ``of``: dimension, id and label of a part."""
        dimension, id_, label = of or ("", "", "")
        path = self.scope.path
        return Line(day.isoformat(), path, metric, dimension, id_, label, value, unit)

    def moved(
        self, day: date, metric: str, unit: str, sides: Iterable[Number], *of: str
    ) -> Iterator[Line]:
        """Yield rows of what was added and removed, as far as that is known."""
        for name, value in zip(("added", "removed"), sides, strict=True):
            if value is not None:
                yield self.line(day, f"{metric}.{name}", unit, value, *of)

    def changed(self, metric: str, unit: str, change: Change | None, *of: str) -> Iterator[Line]:
        """Yield rows of the earlier number, of its days, and of what has changed since."""
        if change and self.comparison:
            until, before = self.period.until, self.comparison.period.until
            yield self.line(before, f"{metric}.compared", unit, change.value, *of)
            yield self.line(until, f"{metric}.change", unit, change.change, *of)
            yield self.line(until, f"{metric}.relative", RATIO, change.relative, *of)
