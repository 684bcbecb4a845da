# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The event of a visit, as invenio-stats registers it.

Robots are left out and visitors made anonymous by the functions that do it for views of records.
"""

from datetime import UTC, datetime
from typing import Any

from flask import current_app
from invenio_queues.proxies import current_queues
from invenio_stats.processors import EventsIndexer, anonymize_user, filter_robots, flag_machines
from invenio_stats.tasks import process_events
from invenio_stats.utils import get_user

from ...indices import ALL_EVENTS, EVENT_PREFIX, VISIT

NAME = ALL_EVENTS[VISIT].removeprefix(EVENT_PREFIX)
"""How invenio-stats calls the event."""
QUEUE = f"stats-{NAME}"
Event = dict[str, Any]


def is_on() -> bool:
    """Tell whether visits are counted."""
    return bool(current_app.config["USAGE_STATS_VISITS"])


def build_visit(event: Event, sender: Any, community_id: str, **others: Any) -> Event:
    """Build the event of a visit, with what is needed to make the visitor anonymous."""
    now = datetime.now(UTC).replace(tzinfo=None).isoformat()
    return {**event, "timestamp": now, "community_id": community_id, **get_user()}


def build_unique_id(event: Event) -> Event:
    """Name what was visited: repeated clicks on it within some seconds are one event."""
    return {**event, "unique_id": event["community_id"]}


def configuration(templates: str) -> dict[str, dict[str, Any]]:
    """Return the entry of ``STATS_EVENTS``; ``templates``: package of index templates."""
    preprocessors = [filter_robots, flag_machines, anonymize_user, build_unique_id]
    return {
        NAME: {
            "templates": templates,
            "event_builders": [build_visit],
            "cls": EventsIndexer,
            "params": {"preprocessors": preprocessors},
        }
    }


def declare() -> str:
    """Create the queue of visits, without which they are lost; return what was done."""
    if not is_on():
        return "visits of communities: off"
    current_queues.declare(queues=[QUEUE])
    return "visits of communities: queue declared"


def store_waiting() -> None:
    """Store the visits that wait in the queue."""
    if is_on():
        process_events([NAME])
