# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What the tests of the second ear share: raw events, publishing them, and what became of them."""

import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa
from invenio_db import db
from invenio_queues.proxies import current_queues
from invenio_search import current_search_client
from invenio_stats.proxies import current_stats

from invenio_usage_stats.exchange.counter import stream
from invenio_usage_stats.exchange.counter.fields import EVENTS
from invenio_usage_stats.exchange.counter.models import CounterAgents, CounterQuarantine
from invenio_usage_stats.indices import full_name, refresh, scroll

from ....content import BROWSER

FIREFOX = BROWSER["User-Agent"]
CURL = "curl/8.5.0"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
TYPES = {"investigation": "record-view", "request": "file-download"}
TABLES = (CounterAgents.__table__, CounterQuarantine.__table__)
START = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=2)
_numbers = count()


def raw(kind: str = "investigation", **changes: Any) -> dict[str, Any]:
    """Return a raw event as the repository publishes it, each at a moment of its own."""
    event = {
        "timestamp": (START + timedelta(milliseconds=7 * next(_numbers))).isoformat(),
        "recid": "abcde-12345",
        "parent_recid": "fghij-67890",
        "referrer": None,
        "ip_address": "131.130.1.1",
        "user_agent": FIREFOX,
        "user_id": None,
        "session_id": None,
        "via_api": False,
    }
    if kind == "request":
        event |= {"bucket_id": "b1", "file_id": "f1", "file_key": "data.csv", "size": 2_000}
    return event | changes


def publish(events: Iterable[Any], kind: str = "investigation") -> None:
    """Publish raw events as the repository does."""
    current_stats.publish(TYPES[kind], list(events))


def documents() -> list[dict[str, Any]]:
    """Return all documents of events, in the order of their times."""
    refresh(full_name(EVENTS))
    found = [hit["_source"] for hit in scroll(full_name(EVENTS), {"match_all": {}})]
    return sorted(found, key=lambda document: document["timestamp"])


def verdicts() -> Counter[str]:
    """Return how many documents there are of robots, machines, and neither."""
    names = {(True, False): "robot", (True, True): "robot", (False, True): "machine"}
    found = ((one["is_robot"], one["is_machine"]) for one in documents())
    return Counter(names.get(one, "regular") for one in found)


def held() -> list[dict[str, Any]]:
    """Return what is in quarantine."""
    with db.engine.connect() as connection:
        rows = connection.execute(sa.select(CounterQuarantine.__table__)).mappings()
        return [dict(row) for row in rows]


def forget() -> None:
    """Delete everything that the second ear has stored, and its queue."""
    stream.EAR.remove()
    with db.engine.begin() as connection:
        for table in TABLES:
            connection.execute(sa.delete(table))
    current_search_client.indices.delete(index=f"{full_name(EVENTS)}-*", ignore=[404])


def wait_until_waiting(count: int) -> None:
    """Wait until so many events wait: RabbitMQ counts a little late."""
    end = time.monotonic() + 10
    while (found := stream.EAR.look().waiting) != count:
        assert time.monotonic() < end, found
        time.sleep(0.05)


def repository_has() -> int:
    """Take what waits in the repository's own queues, and return how much it was."""
    queues = (current_queues.queues[f"stats-{name}"] for name in TYPES.values())
    return sum(len(list(queue.consume())) for queue in queues)
