# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Direct counts of a world's events and records, without anything of the reader."""

from datetime import date

from invenio_usage_stats.catalog import DIMENSIONS, METRICS, Dimension
from invenio_usage_stats.catalog.base import REPORTS, VISITS

from ..oracle import records as held
from ..oracle import usage as used
from ..oracle.random_history import random_world
from ..oracle.world import World, histories
from ..world import forget_world, loaded

Wanted = dict[str, set[str]]
"""By dimension the values of which one is wanted."""
BY_ID = {dimension.id: dimension for dimension in DIMENSIONS}
USAGE = [metric for metric in METRICS if metric.family == "usage"]
NO_VISITS = {metric.id: 0 for metric in METRICS if metric.family == VISITS}
"""What worlds without visits say where these are counted."""
SHOWN = [d for d in DIMENSIONS if not d.hidden and REPORTS not in d.families]
"""The dimensions of an instance to which nothing is reported."""
FLOWS = {
    "records": ("records",),
    "parents": ("parents",),
    "files": ("files", "file_count"),
    "data_volume": ("files", "data_volume"),
}
"""Where documents count what was added and removed."""


def has_values(facts: dict | None, wanted: Wanted) -> bool:
    """Tell whether facts have a wanted value of each dimension."""
    return facts is not None and all(
        values
        & set(facts["files"] if BY_ID[id_].source == "file" else facts["values"].get(id_, ()))
        for id_, values in wanted.items()
    )


def counted_world(seed: int, **size: int) -> "Counted":
    """Load a random world, and return its direct count."""
    forget_world()
    world = random_world(seed, **size)
    loaded(world)
    return Counted(world)


class Counted:
    """Count a world directly."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.histories = histories(world)
        self._known: dict[str, dict] = {}
        self.events = {
            scope: [event for some in days.values() for event, _ in some]
            for scope, days in used.grouped(world).items()
        }

    def chosen(self, scope: str, since: date, until: date, wanted: Wanted) -> list:
        """Return the events of a period that have wanted values."""
        return [
            event
            for event in self.events.get(scope, ())
            if since <= event.at.date() <= until and self.meets(event, wanted)
        ]

    def meets(self, event, wanted: Wanted) -> bool:
        """Tell whether an event has a wanted value of each dimension."""
        history = self.histories.get(event.record)
        facts = history and history.facts_at(event.at)
        return all(self._values(event, facts, id_) & some for id_, some in wanted.items())

    def _values(self, event, facts, id_: str) -> set[str]:
        if BY_ID[id_].families == {"records"}:
            return set(facts["values"].get(id_, ())) if facts else set()
        return used.values_of(BY_ID[id_], event, facts)

    def usage(self, scope: str, since: date, until: date, wanted: Wanted) -> dict[str, int]:
        """Return all metrics of usage."""
        return of_events(self.chosen(scope, since, until, wanted))

    def stock(self, scope: str, day: date, basis: str, wanted: Wanted) -> dict[str, int]:
        """Return the metrics of records at the end of a day."""
        present = [
            history
            for history in self.histories.values()
            if held.is_present(history, basis, scope, day)
            and has_values(history.facts_of(day), wanted)
        ]
        files = [files_of(history.facts_of(day), wanted) for history in present]
        owners = [held.owners(history.facts_of(day)) for history in present]
        return {
            "records": len(present),
            "parents": len({history.parent for history in present}),
            "uploaders": len(set().union(*owners)),
            "files": sum(count for some in files for count, _ in some),
            "data_volume": sum(size for some in files for _, size in some),
        }

    def newcomers(self, scope: str, since: date, until: date, basis: str, wanted: Wanted) -> int:
        """Return how many own what began to be there in a period, each of them once."""
        found = set()
        for history in self.histories.values():
            for start, _end in held.periods(history, basis, scope):
                facts = history.facts_of(start.date())
                if since <= start.date() <= until and has_values(facts, wanted):
                    found |= held.owners(facts)
        return len(found)

    def rows(
        self, dimension: Dimension, scope: str, since: date, until: date, metrics: list[str]
    ) -> dict[str, dict[str, int]]:
        """Return all values of a dimension that have any number."""
        facts = [o.facts for o in self.world.operations if o.facts]
        known = {v for f in facts for v in f["values"].get(dimension.id, ())}
        known |= {t for f in facts for t in f["files"]} if dimension.source == "file" else set()
        events = self.chosen(scope, since, until, {})
        known |= {v for e in events for v in self._values(e, None, dimension.id)}
        rows = {}
        for key in known - {""}:
            wanted = {dimension.id: {key}}
            numbers = self.usage(scope, since, until, wanted)
            if dimension.source != "event":
                numbers |= self.stock(scope, until, "added", wanted)
            row = {id_: numbers[id_] for id_ in metrics}
            if any(row.values()):
                rows[key] = row
        return rows

    def flows(self, scope: str, since: date, until: date, basis: str) -> dict[str, list[int]]:
        """Return what was added and what was removed in a period, by metric."""
        found = {id_: [0, 0] for id_ in FLOWS}
        for (where, day), document in self._deltas(basis).items():
            if where == scope and since <= day <= until:
                for id_, parts in FLOWS.items():
                    for n, side in enumerate(("added", "removed")):
                        counts = document[parts[0]][side]
                        found[id_][n] += sum(counts[name] for name in parts[1:] or counts)
        return found

    def _deltas(self, basis: str) -> dict:
        """Return the deltas of all scopes and days, made once."""
        if basis not in self._known:
            self._known[basis] = held.record_deltas(self.world, basis)
        return self._known[basis]


def files_of(facts: dict, wanted: Wanted) -> list:
    """Return count and bytes of each wanted type of file."""
    types = [values for id_, values in wanted.items() if BY_ID[id_].source == "file"]
    return [s for type_, s in facts["files"].items() if all(type_ in values for values in types)]


def of_events(events: list) -> dict[str, int]:
    """Return all metrics of some events."""
    counts = {kind: used.numbers(kind, events) for kind in used.KINDS}
    return {metric.id: counts[metric.event][metric.field] for metric in USAGE}
