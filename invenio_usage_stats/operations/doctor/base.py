# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a check finds."""

from enum import Enum
from typing import Any, NamedTuple


class Outcome(Enum):
    """Be how a check went; the value is what is printed."""

    OK = "ok"
    TO_DO = "to do"
    UNKNOWN = "unknown"

    @property
    def code(self) -> int:
        """Return the exit code for monitoring."""
        return {"ok": 0, "to do": 1, "unknown": 2}[self.value]


class Finding(NamedTuple):
    """Say how one check went; the advice is empty when all is well."""

    state: str
    advice: str = ""
    examined: bool = True
    check: str = ""
    """The name of the check, which whoever runs it knows."""

    @property
    def ok(self) -> bool:
        """Tell whether nothing needs to be done."""
        return self.outcome is Outcome.OK

    @property
    def outcome(self) -> Outcome:
        """Return how the check went."""
        if not self.examined:
            return Outcome.UNKNOWN
        return Outcome.TO_DO if self.advice else Outcome.OK

    def plain(self) -> dict[str, Any]:
        """Return the finding for JSON."""
        return {
            "check": self.check,
            "outcome": self.outcome.value,
            "ok": self.ok,
            "state": self.state,
            "advice": self.advice,
        }


def some(names: list[str], most: int = 5) -> str:
    """Return the first of some names, and how many more there are."""
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest
