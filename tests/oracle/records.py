# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Record documents by brute force: what entered and left on a day, and what was there at its end.

Deltas walk through changes, second by second; snapshots look at who is present and never add up
deltas. So each can be tested with the other.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from invenio_usage_stats.catalog import DIMENSIONS

from .world import FOREVER, History, World, first_second, histories, last_second

TOTAL = ("total", "")
CLASSES = ("metadata_only", "with_files")
SHOWN = [d for d in DIMENSIONS if "records" in d.families and not d.hidden]


@dataclass(frozen=True)
class Share:
    """What one record adds to one place: a total, or a value of a dimension."""

    kind: str
    files: int
    volume: int


@dataclass(frozen=True)
class Change:
    """One share that comes (sign 1) or goes (sign -1)."""

    at: datetime
    parent: str
    place: tuple
    share: Share
    sign: int


# --- when a record is present ---


def periods(history: History, basis: str, scope: str) -> list[tuple[datetime, datetime]]:
    """Return the times [start, end) at which a record is present in a scope."""
    memberships = history.memberships(scope)
    if not memberships:
        return []
    if basis == "added":
        return cut(memberships, history.life())
    end = max(end for _, end in memberships)
    return without([(entry(history, basis), end)], history.gaps())


def entry(history: History, basis: str) -> datetime:
    """Return when a record enters on the basis ``created`` or ``published``."""
    if basis == "created":
        return history.created
    published = history.latest_facts()["published"]
    return first_second(date.fromisoformat(published) if published else history.created.date())


def cut(spans: list[tuple], others: list[tuple]) -> list[tuple]:
    """Return the parts of spans that lie within others."""
    parts = [(max(a, c), min(b, d)) for a, b in spans for c, d in others]
    return sorted((a, b) for a, b in parts if a < b)


def without(spans: list[tuple], gaps: list[tuple]) -> list[tuple]:
    """Return the parts of spans that lie within no gap."""
    for start, end in gaps:
        spans = [p for a, b in spans for p in ((a, min(b, start)), (max(a, end), b))]
    return sorted((a, b) for a, b in spans if a < b)


# --- what a record adds to which places ---


def shares(facts: dict) -> dict[tuple, Share]:
    """Return the shares of a record with these facts: place to share."""
    total = total_share(facts)
    table = {TOTAL: total}
    for dimension in SHOWN:
        found = values_of(dimension, facts, total) or {None: total}
        table.update({(dimension.id, key): share for key, share in found.items()})
    return table


def total_share(facts: dict) -> Share:
    """Return a record's share of the total."""
    count = sum(count for count, _ in facts["files"].values())
    volume = sum(volume for _, volume in facts["files"].values())
    return Share("with_files" if count else "metadata_only", count, volume)


def values_of(dimension, facts: dict, total: Share) -> dict[str, Share]:
    """Return the shares of a record for the values that it has of a dimension."""
    if dimension.source != "file":
        return {key: total for key in facts["values"].get(dimension.id, ()) if key}
    return {
        extension: Share("with_files", count, volume)
        for extension, (count, volume) in facts["files"].items()
        if extension
    }


def owners(facts: dict) -> set[str]:
    """Return the owner of a record as a set of none or one."""
    return set(facts["values"].get("uploaders", ()))


# --- deltas ---


def record_deltas(world: World, basis: str) -> dict[tuple[str, date], dict]:
    """Return the delta documents of all scopes and days on which anything flowed."""
    known = histories(world).values()
    documents = {}
    for scope in world.scopes():
        spans = [(h, span) for h in known for span in periods(h, basis, scope)]
        changes = [change for h, span in spans for change in changes_of(h, *span)]
        uploaders = defaultdict(set)
        for history, (start, _) in spans:
            uploaders[start.date()] |= owners(history.facts_of(start.date()))
        for day, flows in flows_of(changes).items():
            documents[scope, day] = delta_document(flows, len(uploaders[day]))
    return documents


def changes_of(history: History, start: datetime, end: datetime) -> list[Change]:
    """Return every change that one period of presence makes."""
    first, last = start.date(), end.date()
    changes = moved(history, start, {}, shares(history.facts_of(first)))
    for day in history.days_of_edits():
        if first < day < last:
            old = shares(history.facts_of(day - timedelta(days=1)))
            changes += moved(history, first_second(day), old, shares(history.facts_of(day)))
    if end != FOREVER:
        carried = first if first == last else last - timedelta(days=1)
        changes += moved(history, end, shares(history.facts_of(carried)), {})
    return changes


def moved(history: History, at: datetime, old: dict, new: dict) -> list[Change]:
    """Return the changes from old shares to new ones; equal shares do not move."""
    gone = [(place, share, -1) for place, share in old.items() if new.get(place) != share]
    come = [(place, share, 1) for place, share in new.items() if old.get(place) != share]
    return [Change(at, history.parent, *change) for change in gone + come]


def flows_of(changes: list[Change]) -> dict[date, dict[tuple, dict]]:
    """Return the flows of each day and place."""
    flows = defaultdict(lambda: defaultdict(no_flow))
    for change in changes:
        flow = flows[change.at.date()][change.place]
        side = "added" if change.sign > 0 else "removed"
        flow["records"][side][change.share.kind] += 1
        flow["files"][side]["file_count"] += change.share.files
        flow["files"][side]["data_volume"] += change.share.volume
    for day, place, side, kind in parent_flows(changes):
        flows[day][place]["parents"][side][kind] += 1
    return flows


def parent_flows(changes: list[Change]) -> list[tuple]:
    """Return the (day, place, side, class) of every change of a parent's class."""
    groups = defaultdict(lambda: defaultdict(list))
    for change in changes:
        groups[change.place, change.parent][change.at].append(change)
    flows = []
    for (place, _), seconds in groups.items():
        counted = dict.fromkeys(CLASSES, 0)
        for at in sorted(seconds):
            before = class_of(counted)
            for change in seconds[at]:
                counted[change.share.kind] += change.sign
            after = class_of(counted)
            if before != after:
                sides = (("removed", before), ("added", after))
                flows += [(at.date(), place, side, kind) for side, kind in sides if kind]
    return flows


def class_of(counted: dict[str, int]) -> str | None:
    """Return the class of a parent with so many versions of each class."""
    return next((kind for kind in reversed(CLASSES) if counted[kind]), None)


def no_flow() -> dict:
    """Return the flows of a place where nothing moved."""
    return {
        "records": {side: dict.fromkeys(CLASSES, 0) for side in ("added", "removed")},
        "parents": {side: dict.fromkeys(CLASSES, 0) for side in ("added", "removed")},
        "files": {side: no_files() for side in ("added", "removed")},
    }


def no_files() -> dict:
    """Return the files of a place without any."""
    return {"file_count": 0, "data_volume": 0}


def delta_document(flows: dict[tuple, dict], uploaders: int) -> dict:
    """Return the document of one scope and day."""
    total = flows.get(TOTAL) or no_flow()
    fields = {d.id: f"by_{d.singular}" for d in SHOWN}
    return {
        "records_added": sum(total["records"]["added"].values()),
        "records_removed": sum(total["records"]["removed"].values()),
        "parents_added": sum(total["parents"]["added"].values()),
        "parents_removed": sum(total["parents"]["removed"].values()),
        "uploaders": uploaders,
        **total,
        "subcounts": {fields[d.id]: items(flows, d.id) for d in SHOWN},
        "missing": {fields[id_]: flow for (id_, key), flow in flows.items() if key is None},
    }


def items(counts: dict[tuple, dict], dimension: str) -> list[dict]:
    """Return the values of a dimension and their counts, by id."""
    found = {key: count for (id_, key), count in counts.items() if id_ == dimension}
    return [{"id": key, **found[key]} for key in sorted(key for key in found if key is not None)]


# --- snapshots ---


def record_snapshot(world: World, basis: str, scope: str, day: date, top_size: int = 20) -> dict:
    """Return the snapshot document of a scope at the end of a day."""
    present = [h for h in histories(world).values() if is_present(h, basis, scope, day)]
    counts = defaultdict(no_stock)
    kinds = defaultdict(set)
    for history in present:
        for place, share in shares(history.facts_of(day)).items():
            counts[place]["records"][share.kind] += 1
            counts[place]["files"]["file_count"] += share.files
            counts[place]["files"]["data_volume"] += share.volume
            kinds[place, history.parent].add(share.kind)
    for (place, _), found in kinds.items():
        counts[place]["parents"][max(found, key=CLASSES.index)] += 1
    uploaders = set().union(*(owners(h.facts_of(day)) for h in present))
    return snapshot_document(counts, len(uploaders), top_size)


def is_present(history: History, basis: str, scope: str, day: date) -> bool:
    """Tell whether a record is present when a day ends."""
    moment = last_second(day)
    return any(start <= moment < end for start, end in periods(history, basis, scope))


def no_stock() -> dict:
    """Return the counts of a place where nothing is."""
    return {
        "records": dict.fromkeys(CLASSES, 0),
        "parents": dict.fromkeys(CLASSES, 0),
        "files": no_files(),
    }


def snapshot_document(counts: dict[tuple, dict], uploaders: int, top_size: int) -> dict:
    """Return the document of one scope at the end of one day."""
    total = counts.get(TOTAL) or no_stock()
    fields = {d.id: f"{'all' if d.complete else 'top'}_{d.id}" for d in SHOWN}
    lists = {d.id: items(counts, d.id) for d in SHOWN}
    return {
        "total_records": total["records"],
        "total_parents": total["parents"],
        "total_files": total["files"],
        "total_uploaders": uploaders,
        "subcounts": {
            fields[d.id]: lists[d.id] if d.complete else largest(lists[d.id], top_size)
            for d in SHOWN
        },
        "missing": {fields[id_]: count for (id_, key), count in counts.items() if key is None},
    }


def largest(entries: list[dict], size: int) -> list[dict]:
    """Return the entries with most records; ties by id."""
    return sorted(entries, key=lambda i: (-sum(i["records"].values()), i["id"]))[:size]


def is_zero(value) -> bool:
    """Tell whether a document, or a part of it, holds nothing but zeros."""
    if isinstance(value, dict):
        return all(is_zero(part) for key, part in value.items() if key != "id")
    return all(is_zero(part) for part in value) if isinstance(value, list) else value == 0
