# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Checks of usage events: whether they arrive, and what they know."""

from invenio_stats.proxies import current_stats

from ...aggregations.kinds import stored_events
from ...aggregations.sheets.spans import ONE_DAY
from ...indices import ALL_EVENTS, EVENT_PREFIX, find
from ...reader.periods import FIRST_DAY, Period, first_kept_day, today
from ..counts import compared, events_by_day, gone
from .base import Finding, some

MOST_WAITING = 100_000
"""So many events may wait for the repository's own task."""


def queues() -> Finding:
    """Check that usage events are taken from their queues."""
    missing, waiting = [], 0
    names = (alias.removeprefix(EVENT_PREFIX) for alias in ALL_EVENTS.values())
    for name in filter(current_stats.events.__contains__, names):
        queue = current_stats.events[name].queue
        if not queue.exists:
            missing.append(name)
            continue
        waiting += queue.queue.queue_declare(passive=True).message_count
    if missing:
        advice = "Run 'invenio queues declare': without its queue every event is lost."
        return Finding(f"missing: {some(missing)}", advice)
    advice = "Check that invenio_stats.tasks.process_events runs." if waiting > MOST_WAITING else ""
    return Finding(f"{waiting} events wait to be indexed", advice)


def dates() -> Finding:
    """Check that no event claims a time before 1990 or after tomorrow."""
    absurd = {"before 1990": {"lt": "1990-01-01"}, "in the future": {"gt": "now+1d"}}
    filters = {name: {"range": {"timestamp": bounds}} for name, bounds in absurd.items()}
    body = {"size": 0, "aggs": {"absurd": {"filters": {"filters": filters}}}}
    found = _find(body).get("aggregations", {}).get("absurd", {}).get("buckets", {})
    wrong = [f"{b['doc_count']} {name}" for name, b in found.items() if b["doc_count"]]
    if wrong:
        advice = "Find what sent them, and delete them: they are counted on the days they claim."
        return Finding(some(wrong), advice)
    return Finding("plausible")


def removed_events() -> Finding:
    """Check that the events of each day are there, so that it could be counted again."""
    first = first_kept_day() or FIRST_DAY
    period = Period(first, today() - ONE_DAY)
    found = gone(compared(period, events_by_day(period)))
    if found.missing:
        first, last = min(found.missing), max(found.missing)
        advice = (
            "Their numbers stay as they are. Open or restore the indices of these events; if they "
            "were deleted for good, 'invenio usage-stats rebuild' with --since and --until counts "
            "what is left."
        )
        return Finding(f"of {len(found.missing)} days between {first} and {last}", advice)
    if found.aged:
        until = f"of {len(found.aged)} days up to {max(found.aged)}"
        return Finding(f"{until}; what was counted stays as it is")
    return Finding("none")


def countries() -> Finding:
    """Check whether recent events know their country."""
    body = {
        "size": 0,
        "track_total_hits": True,
        "query": {"range": {"timestamp": {"gte": "now-30d"}}},
        "aggs": {"unknown": {"missing": {"field": "country"}}},
    }
    answer = _find(body)
    total = answer["hits"]["total"]["value"]
    unknown = answer.get("aggregations", {}).get("unknown", {}).get("doc_count", 0)
    share = f"{unknown} of {total} events of 30 days have none"
    if total and unknown == total:
        return Finding(share, "Check the instance's GeoIP database and proxies.")
    return Finding(share)


def _find(body: dict) -> dict:
    """Search all usage events."""
    return find(stored_events(), body)
