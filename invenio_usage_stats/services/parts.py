# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The parts of results: points, rows, notes and changes."""

from datetime import date, datetime
from typing import Any, NamedTuple

Number = int | float | None
"""What is counted; nothing where it cannot be given exactly, or is withheld."""


class Amount(NamedTuple):
    """Be the number of an interval; a net change says what was added and removed, too."""

    value: Number
    added: Number = None
    removed: Number = None


class Point(NamedTuple):
    """Be one point of a series: the first day of an interval and its number."""

    day: date
    value: Number
    added: Number = None
    removed: Number = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data; what was added and removed only of net changes."""
        found = {"date": self.day.isoformat(), "value": self.value}
        if self.added is not None:
            found |= {"added": self.added, "removed": self.removed}
        return found


class Line(NamedTuple):
    """Be one row of the table that every result can be written as."""

    date: str
    scope: str
    metric: str
    dimension: str
    id: str
    label: str
    value: Number
    unit: str


class Note(NamedTuple):
    """Be something that a reader must know: a code for programs, a sentence for people."""

    code: str
    text: Any

    def to_dict(self) -> dict[str, str]:
        """Return it as plain data."""
        return {"code": self.code, "text": str(self.text)}


class Change(NamedTuple):
    """Be a number of an earlier period, and what has changed since."""

    value: Number
    change: Number
    relative: float | None

    @classmethod
    def between(cls, value: Number, before: Number, complete: bool = True) -> "Change":
        """Return the change; relative to an earlier period only if that was counted wholly."""
        if value is None or before is None:
            return cls(before, None, None)
        change = value - before
        return cls(before, change, round(change / before, 6) if before and complete else None)


def plain(value: Any) -> Any:
    """Return dataclasses, named tuples and days as plain data."""
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return value.isoformat() if isinstance(value, (date, datetime)) else value
