# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The parameters of a request, and what is said when one of them is missing or wrong."""

import re
from typing import NamedTuple

from werkzeug.datastructures import MultiDict

from ....errors import MatomoError

_WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)


class Asked(NamedTuple):
    """Be the parameters of one question."""

    values: MultiDict[str, str]

    def text(self, name: str) -> str:
        """Return a parameter that must be there."""
        value = self.optional(name)
        if not value:
            raise MatomoError(f"Please specify a value for '{name}'.")
        return value

    def optional(self, name: str, default: str = "") -> str:
        """Return a parameter without blanks around it."""
        return self.values.get(name, default).strip()

    def flag(self, name: str) -> bool:
        """Tell whether an option is on."""
        return self.optional(name, "0") not in ("", "0", "false")

    def whole(self, name: str, default: int | None = None) -> int:
        """Return a whole number; without a default it must be there."""
        value = self.text(name) if default is None else self.optional(name) or str(default)
        if not _WHOLE.fullmatch(value):
            raise MatomoError(f"The value of '{name}' must be a whole number.")
        return int(value)

    def names(self, name: str) -> list[str]:
        """Return the names of a list with commas."""
        return [part.strip() for part in self.optional(name).split(",") if part.strip()]
