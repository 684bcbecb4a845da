# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The index of what is reported: what its documents say."""

from typing import Any

KEYWORD = {"type": "keyword"}
DATE = {"type": "date"}
FLAG = {"type": "boolean"}
PROPERTIES: dict[str, Any] = {
    "timestamp": DATE,
    "updated_timestamp": DATE,
    "action": KEYWORD,
    "url": KEYWORD,
    "label": KEYWORD,
    "recid": KEYWORD,
    "record_id": KEYWORD,
    "parent_recid": KEYWORD,
    "parent_id": KEYWORD,
    "file_key": KEYWORD,
    "resolved": FLAG,
    "consumer": KEYWORD,
    "consumer_version": KEYWORD,
    "site": {"type": "integer"},
    "community_id": KEYWORD,
    "visitor_id": KEYWORD,
    "visit_id": KEYWORD,
    "unique_session_id": KEYWORD,
    "unique_id": KEYWORD,
    "country": KEYWORD,
    "is_machine": FLAG,
    "is_robot": FLAG,
    "bytes": {"type": "long"},
}
"""The mapped fields: neither an address nor a user agent nor a user is among them."""
