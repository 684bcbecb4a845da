# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Raw events, one line each, and how they get into the real index."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from invenio_usage_stats.exchange.counter.fields import EVENTS
from invenio_usage_stats.exchange.counter.rules import Event
from invenio_usage_stats.indices import full_name, refresh

from ....world import put

BROWSER = ""
"""What is stored of the program of a browser."""
OLD, NEW = "list-1", "list-2"
"""Two lists: the old one knows the robot ``oldbot`` and the machine ``oldget``, the new one others.

Both know the robot ``crawl`` and the machine ``curl``.
"""


def said(at: str, visitor: str = "ann", file: str = "", **others: Any) -> dict[str, Any]:
    """Return a raw event: a look at a landing page, or a request of a file.

    A session is a visitor's hour of the clock.
    """
    moment = datetime.fromisoformat(at)
    recid = others.setdefault("recid", "r1")
    document = {
        "timestamp": moment.isoformat(),
        "kind": "request" if file else "investigation",
        "recid": recid,
        "parent_recid": "p1",
        "visitor": visitor,
        "session": f"{visitor}{moment:%Y%m%d%H}",
        "url": f"{recid}/{file}" if file else recid,
        "size": 0,
        "is_machine": False,
        "is_robot": False,
        "agent": BROWSER,
        "list_version": OLD,
        **others,
    }
    return {name: value for name, value in document.items() if value is not None}


def events_of(documents: Iterable[dict[str, Any]]) -> list[Event]:
    """Return raw events as the rules take them, in their order."""
    return sorted(msgspec.convert(document, Event, strict=False) for document in documents)


def store(documents: Iterable[dict[str, Any]], salt: str = "") -> None:
    """Put raw events into the index; ``salt`` keeps those of several calls apart."""
    found = list(documents)
    put(
        {"_index": _index(one["timestamp"][:7]), "_id": f"{salt}{n}", "_source": one}
        for n, one in enumerate(found)
    )
    refresh(full_name(EVENTS))


def _index(month: str) -> str:
    return full_name(f"{EVENTS}-{month}")
