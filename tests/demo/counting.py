# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Counting events and records with dictionaries and sets, by the definitions of the documentation.

Nothing of the package takes part.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from .repository import FOREVER, GLOBAL, Event, History, Repository, Span

OF_EVENTS = ("countries", "referrers")
OF_BOTH = (
    "resource_types",
    "access_rights",
    "languages",
    "licenses",
    "file_types",
    "affiliations",
    "funders",
    "awards",
    "subjects",
    "keywords",
    "publishers",
    "periodicals",
)
OF_RECORDS = ("affiliations_creator", "affiliations_contributor")
KNOWN_OF_RESTRICTED = {"resource_types", "access_rights", "file_types"}
"""The only properties of restricted records that count."""
FILE_TYPES = "file_types"

Wanted = dict[str, set[str]]
"""By dimension the values of which one must be there."""
WHOLE, MISSING = "", "(missing)"
"""The ids of all that is counted, and of what has no value of a dimension."""
Numbers = dict[str, int]

SUMS: dict[str, tuple[str, Callable[[Event], int]]] = {
    "views": ("view", lambda event: 1),
    "downloads": ("download", lambda event: 1),
    "traffic": ("download", lambda event: event.size),
}
SETS: dict[str, tuple[str, Callable[[Event], Any]]] = {
    "unique_views": ("view", lambda event: (event.day, event.recid, event.session)),
    "view_visitors": ("view", lambda event: event.visitor and (event.day, event.visitor)),
    "viewed_records": ("view", lambda event: event.recid),
    "viewed_parents": ("view", lambda event: event.parent),
    "unique_downloads": ("download", lambda event: (event.day, event.unique, event.session)),
    "download_visitors": ("download", lambda event: event.visitor and (event.day, event.visitor)),
    "downloaded_records": ("download", lambda event: event.recid),
    "downloaded_parents": ("download", lambda event: event.parent),
    "downloaded_files": ("download", lambda event: event.unique),
}
USAGE = (*SUMS, *SETS)
HOLDINGS = ("records", "parents", "uploaders", "files", "data_volume")
WORKS = {
    "records": "parents",
    "viewed_records": "viewed_parents",
    "downloaded_records": "downloaded_parents",
}
"""What is counted on the level of works."""


# --- the values of events and records ---


def of_facts(facts: dict[str, Any] | None, dimension: str) -> set[str]:
    """Return the values that a record with these facts has."""
    if facts is None or (facts.get("restricted") and dimension not in KNOWN_OF_RESTRICTED):
        return set()
    found = facts.get("files", {}) if dimension == FILE_TYPES else facts["values"].get(dimension)
    return set(found or ()) - {""}


def of_event(event: Event, dimension: str) -> set[str]:
    """Return the values of an event, or of its record in that second."""
    if dimension in OF_EVENTS:
        return {event.country if dimension == "countries" else event.referrer} - {None, ""}
    if dimension == FILE_TYPES and event.kind == "download":
        return {event.file_type} - {""}
    return of_facts(event.facts, dimension)


def meeting(events: Iterable[Event], wanted: Wanted) -> list[Event]:
    """Return the events that have a wanted value of each dimension."""
    return [e for e in events if all(of_event(e, d) & some for d, some in wanted.items())]


# --- events ---


class Tally:
    """Count some metrics of events."""

    def __init__(self, metrics: Iterable[str]) -> None:
        self.sums = {metric: 0 for metric in metrics if metric in SUMS}
        self.sets: dict[str, set] = {metric: set() for metric in metrics if metric in SETS}

    def add(self, event: Event) -> None:
        """Count an event."""
        for metric in self.sums:
            kind, number = SUMS[metric]
            self.sums[metric] += number(event) if kind == event.kind else 0
        for metric, found in self.sets.items():
            kind, key = SETS[metric]
            value = key(event) if kind == event.kind else None
            if value:
                found.add(value)

    @property
    def numbers(self) -> Numbers:
        """Return what was counted."""
        return {**self.sums, **{metric: len(found) for metric, found in self.sets.items()}}


Parts = list[tuple[date, date]]
"""Consecutive periods."""


def used(
    events: list[Event],
    parts: Parts,
    metrics: list[str],
    dimension: str | None = None,
    *,
    cumulative: bool = False,
) -> list[dict[str, Numbers]]:
    """Return the numbers of each period by value of a dimension; ``cumulative``: until its end."""
    position = 0 if cumulative else bisect_left(events, parts[0][0], key=lambda e: e.day)
    tallies: defaultdict[str, Tally] = defaultdict(lambda: Tally(metrics))
    found = []
    for _, until in parts:
        if not cumulative:
            tallies.clear()
        while position < len(events) and events[position].day <= until:
            for id_ in ids_of(events[position], dimension):
                tallies[id_].add(events[position])
            position += 1
        found.append({id_: tally.numbers for id_, tally in tallies.items()})
    return found


def ids_of(event: Event, dimension: str | None) -> set[str]:
    """Return under which values an event counts."""
    return {WHOLE} if dimension is None else of_event(event, dimension) or {MISSING}


# --- records ---


@cache
def presence(history: History, scope: str, basis: str) -> list[Span]:
    """Return when a record is there."""
    spans = history.memberships.get(scope, [])
    if basis == "added":
        life = history.spans(GLOBAL, {"added", "restored"}, {"deleted"})
        parts = [(max(a, c), min(b, d)) for a, b in spans for c, d in life]
        return [(start, end) for start, end in parts if start < end]
    spans = [(entry_of(history, basis), max(end for _, end in spans))] if spans else []
    for start, end in history.spans(GLOBAL, {"deleted"}, {"restored"}):
        spans = [p for a, b in spans for p in ((a, min(b, start)), (max(a, end), b))]
    return [(start, end) for start, end in spans if start < end]


def entry_of(history: History, basis: str) -> datetime:
    """Return when a record enters by its creation, or by its publication date."""
    if basis == "created":
        return history.created
    published = history.facts_at(FOREVER).get("published")
    day = date.fromisoformat(published) if published else history.created.date()
    return datetime.combine(day, time.min)


def held(
    histories: Iterable[History],
    scope: str,
    day: date,
    basis: str,
    wanted: Wanted,
    dimension: str | None = None,
) -> dict[str, Numbers]:
    """Return the numbers of records at the end of a day by value of a dimension."""
    found: defaultdict[str, list[tuple[History, dict, Any]]] = defaultdict(list)
    moment = datetime.combine(day + timedelta(days=1), time.min) - timedelta(seconds=1)
    for history in histories:
        if any(start <= moment < end for start, end in presence(history, scope, basis)):
            facts = history.facts_at(moment)
            if all(of_facts(facts, d) & some for d, some in wanted.items()):
                for id_, files in shares(facts, wanted, dimension):
                    found[id_].append((history, facts, files))
    return {id_: stock(rows) for id_, rows in found.items()}


def shares(facts: dict[str, Any], wanted: Wanted, dimension: str | None) -> list[tuple[str, dict]]:
    """Return under which values a record counts, and with which files."""
    files = facts.get("files", {})
    if FILE_TYPES in wanted:
        files = {name: sizes for name, sizes in files.items() if name in wanted[FILE_TYPES]}
    if dimension is None:
        return [(WHOLE, files)]
    if dimension == FILE_TYPES:
        return [(name, {name: files[name]}) for name in files if name] or [(MISSING, files)]
    return [(id_, files) for id_ in of_facts(facts, dimension) or {MISSING}]


def stock(rows: list[tuple[History, dict, dict]]) -> Numbers:
    """Return the numbers of some records."""
    sizes = [size for _, _, files in rows for size in files.values()]
    owners = [facts["values"].get("uploaders", ()) for _, facts, _ in rows]
    return {
        "records": len(rows),
        "parents": len({history.parent for history, _, _ in rows}),
        "uploaders": len({owner for some in owners for owner in some}),
        "files": sum(count for count, _ in sizes),
        "data_volume": sum(volume for _, volume in sizes),
    }


def visible(repository: Repository, works: bool) -> set[str]:
    """Return the records, or the works, that everybody may see today."""
    alive = [
        history
        for history in repository.histories.values()
        if any(end == FOREVER for _, end in presence(history, GLOBAL, "added"))
        and not history.facts_at(FOREVER).get("restricted")
    ]
    return {history.parent if works else history.recid for history in alive}


def first_day(
    histories: Iterable[History], events: Iterable[Event], scope: str, basis: str
) -> date:
    """Return the first day of a scope with an event or with a record, if any."""
    present = (presence(history, scope, basis) for history in histories)
    days = [start.date() for spans in present for start, _ in spans]
    return min([*days, *(event.day for event in events)], default=date.max)
