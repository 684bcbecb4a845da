# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Usage documents by brute force: events are grouped by place and counted with sets."""

from collections import defaultdict
from datetime import date
from os.path import splitext
from urllib.parse import urlsplit

from invenio_usage_stats.catalog import DIMENSIONS

from .world import GLOBAL, Event, History, World, histories

TOTAL = ("total", "")
KINDS = ("view", "download")
SHOWN = [d for d in DIMENSIONS if "usage" in d.families and not d.hidden]


# --- where an event counts ---


def is_counted(event: Event, history: History | None) -> bool:
    """Tell whether an event counts at all: a download of a draft does not."""
    if event.kind == "view" or history is None:
        return True
    return history.published_at is not None and event.at >= history.published_at


def scopes_of(event: Event, history: History | None) -> list[str]:
    """Return the scopes in which an event counts."""
    communities = [] if history is None else [s for s in history.scopes() if s != GLOBAL]
    return [GLOBAL, *(s for s in communities if history.is_member(s, event.at))]


def places_of(event: Event, history: History | None) -> set[tuple]:
    """Return the total and every (dimension, value) under which an event counts."""
    facts = None if history is None else history.facts_at(event.at)
    places = {TOTAL}
    for dimension in SHOWN:
        places |= {(dimension.id, key) for key in values_of(dimension, event, facts) or {None}}
    return places


def values_of(dimension, event: Event, facts: dict | None) -> set[str]:
    """Return the values that an event has of a dimension."""
    if dimension.id == "countries":
        return {event.country} - {None, ""}
    if dimension.id == "referrers":
        return {host_of(event.referrer)} - {None, ""}
    if facts is None:
        return set()
    if dimension.source != "file":
        return set(facts["values"].get(dimension.id, ())) - {""}
    if event.kind == "view":
        return set(facts["files"]) - {""}
    return {splitext(event.file_key or "")[1].lower().lstrip(".")} - {""}


def host_of(referrer: str | None) -> str | None:
    """Return the lower-case host name of an address."""
    try:
        return urlsplit(referrer or "").hostname
    except ValueError:
        return None


# --- counting ---


def grouped(world: World) -> dict[str, dict[date, list[tuple[Event, set[tuple]]]]]:
    """Return the counted events, with their places, of each scope and day."""
    known = histories(world)
    groups = defaultdict(lambda: defaultdict(list))
    for event in world.events:
        history = known.get(event.record)
        if is_counted(event, history):
            for scope in scopes_of(event, history):
                groups[scope][event.at.date()].append((event, places_of(event, history)))
    return groups


def numbers(kind: str, events: list[Event]) -> dict[str, int]:
    """Return the numbers of the events of one kind.

    Visitors and uniques are those of each day, added up; records, parents and files are distinct.
    """
    events = [event for event in events if event.kind == kind]
    counts = {
        "total_events": len(events),
        "unique_visitors": len({(e.at.date(), e.visitor) for e in events}),
        f"unique_{kind}s": len({(e.at.date(), e.unique_id, e.session) for e in events}),
        "unique_records": len({e.record for e in events}),
        "unique_parents": len({e.parent for e in events}),
    }
    if kind == "download":
        counts["unique_files"] = len({e.unique_id for e in events})
        counts["total_volume"] = sum(e.size for e in events)
    return counts


def counted_places(events: list[tuple[Event, set[tuple]]]) -> dict[tuple, dict]:
    """Return the numbers of every place."""
    table = defaultdict(list)
    for event, places in events:
        for place in places:
            table[place].append(event)
    return {place: {kind: numbers(kind, found) for kind in KINDS} for place, found in table.items()}


# --- documents ---


def usage_deltas(world: World) -> dict[tuple[str, date], dict]:
    """Return the delta documents of all scopes and days with events."""
    fields = {d.id: f"by_{d.id}" for d in SHOWN}
    documents = {}
    for scope, days in grouped(world).items():
        for day, events in days.items():
            counts = counted_places(events)
            lists = {d.id: items(counts, d.id) for d in SHOWN}
            documents[scope, day] = document(counts, fields, lists)
    return documents


def usage_snapshot(world: World, scope: str, day: date, top_size: int = 20) -> dict:
    """Return the snapshot document of a scope at the end of a day."""
    days = grouped(world).get(scope, {})
    counts = counted_places([pair for d, pairs in days.items() if d <= day for pair in pairs])
    fields = {d.id: f"{'all' if d.complete else 'top'}_{d.id}" for d in SHOWN}
    lists = {d.id: items(counts, d.id) for d in SHOWN}
    tops = {d.id: lists[d.id] if d.complete else largest(lists[d.id], top_size) for d in SHOWN}
    return document(counts, fields, tops)


def document(counts: dict[tuple, dict], fields: dict[str, str], lists: dict[str, list]) -> dict:
    """Return a document of totals and lists."""
    return {
        "totals": counts.get(TOTAL) or {kind: numbers(kind, []) for kind in KINDS},
        "subcounts": {field: lists[id_] for id_, field in fields.items()},
        "missing": {fields[id_]: count for (id_, key), count in counts.items() if key is None},
    }


def items(counts: dict[tuple, dict], dimension: str) -> list[dict]:
    """Return the values of a dimension and their counts, by id."""
    found = {key: count for (id_, key), count in counts.items() if id_ == dimension}
    return [{"id": key, **found[key]} for key in sorted(key for key in found if key is not None)]


def largest(entries: list[dict], size: int) -> list[dict]:
    """Return the entries with most views and those with most downloads; ties by id."""
    chosen = set()
    for kind in KINDS:
        used = [entry for entry in entries if events_of(entry, kind)]
        used.sort(key=lambda entry: (-events_of(entry, kind), entry["id"]))
        chosen |= {entry["id"] for entry in used[:size]}
    return sorted((entry for entry in entries if entry["id"] in chosen), key=by_use)


def events_of(entry: dict, kind: str) -> int:
    """Return the number of events of one kind."""
    return entry[kind]["total_events"]


def by_use(entry: dict) -> tuple:
    """Return the place of an entry in a list of the largest."""
    return (-events_of(entry, "view"), -events_of(entry, "download"), entry["id"])
