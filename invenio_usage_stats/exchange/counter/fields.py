# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The index of raw events: its name, and what its documents say."""

from typing import Any

EVENTS = "stats-counter-events"
"""The alias of the monthly indices, without the instance's prefix."""
KEYWORD = {"type": "keyword"}
FLAG = {"type": "boolean"}
PROPERTIES: dict[str, Any] = {
    "timestamp": {"type": "date"},
    "kind": KEYWORD,
    "recid": KEYWORD,
    "parent_recid": KEYWORD,
    "visitor": KEYWORD,
    "session": KEYWORD,
    "url": KEYWORD,
    "size": {"type": "long"},
    "country": KEYWORD,
    "is_machine": FLAG,
    "is_robot": FLAG,
    "agent": KEYWORD,
    "list_version": KEYWORD,
}
"""The mapped fields: neither an address nor a user agent is among them."""
