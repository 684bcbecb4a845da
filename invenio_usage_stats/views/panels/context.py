# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What the panels of a page share."""

from dataclasses import dataclass
from typing import Any

from ..address import Address
from ..format import Formatter
from ..layout import Component
from ..numbers import Numbers


@dataclass(frozen=True)
class Context:
    """Hold the numbers of a page, the state that its address says, and the reader's language."""

    numbers: Numbers
    address: Address
    text: Formatter

    def title(self, component: Component, default: Any) -> str:
        """Return the title that the layout gives, or the default."""
        return self.text.translated(component.props.get("title") or default)
