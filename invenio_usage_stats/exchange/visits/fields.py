# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The index of visits: what its documents say."""

from typing import Any

KEYWORD = {"type": "keyword"}
FLAG = {"type": "boolean"}
PROPERTIES: dict[str, Any] = {
    "timestamp": {"type": "date"},
    "updated_timestamp": {"type": "date"},
    "community_id": KEYWORD,
    "unique_id": KEYWORD,
    "visitor_id": KEYWORD,
    "unique_session_id": KEYWORD,
    "country": KEYWORD,
    "is_machine": FLAG,
    "is_robot": FLAG,
}
"""The mapped fields: neither an address nor a user agent nor a user is among them."""
