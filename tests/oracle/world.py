# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The world that the oracle counts: records, what happened to them, and how they were used."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

GLOBAL = "global"
FOREVER = datetime.max


@dataclass(frozen=True)
class Record:
    """One version of a work, and when its row was created."""

    parent: str
    created: datetime


@dataclass(frozen=True)
class Operation:
    """One entry of the ledger.

    ``kind``: ``added`` (globally: published, with facts), ``edited`` (with facts), ``deleted``,
    ``restored``, and ``added`` or ``removed`` with a community as scope.
    """

    at: datetime
    record: str
    kind: str
    scope: str = GLOBAL
    facts: dict | None = None


@dataclass(frozen=True)
class Event:
    """One view or download."""

    at: datetime
    kind: str
    record: str
    parent: str
    visitor: str
    session: str
    unique_id: str
    country: str | None = None
    referrer: str | None = None
    file_key: str | None = None
    size: int = 0


@dataclass
class World:
    """All that ever happened."""

    records: dict[str, Record] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def scopes(self) -> list[str]:
        """Return global and every community that a record ever joined."""
        return sorted({GLOBAL} | {o.scope for o in self.operations})


@dataclass
class History:
    """What happened to one record, in order of time."""

    record: str
    parent: str
    created: datetime
    operations: list[Operation]

    @property
    def published_at(self) -> datetime | None:
        """Return the second of publication."""
        return next((o.at for o in self.operations if is_publication(o)), None)

    def scopes(self) -> list[str]:
        """Return the scopes that the record ever belonged to."""
        return sorted({o.scope for o in self.operations if o.kind == "added"})

    def memberships(self, scope: str) -> list[tuple[datetime, datetime]]:
        """Return the record's memberships [join, leave), empty ones left out."""
        if scope == GLOBAL:
            return [] if self.published_at is None else [(self.published_at, FOREVER)]
        return _spans([o for o in self.operations if o.scope == scope], ("added",), ("removed",))

    def life(self) -> list[tuple[datetime, datetime]]:
        """Return the times between publication or restore and deletion."""
        entries = [o for o in self.operations if o.scope == GLOBAL]
        return _spans(entries, ("added", "restored"), ("deleted",))

    def gaps(self) -> list[tuple[datetime, datetime]]:
        """Return the times between deletion and restore."""
        entries = [o for o in self.operations if o.scope == GLOBAL]
        return _spans(entries, ("deleted",), ("restored",))

    def is_member(self, scope: str, moment: datetime) -> bool:
        """Tell whether the record belongs to the scope in this second."""
        return any(start <= moment < end for start, end in self.memberships(scope))

    def facts_at(self, moment: datetime) -> dict:
        """Return the last facts at or before this second, else the first."""
        bearing = [o for o in self.operations if o.facts is not None]
        before = [o for o in bearing if o.at <= moment]
        return before[-1].facts if before else bearing[0].facts

    def facts_of(self, day: date) -> dict:
        """Return the facts of a day: those in force in its last second."""
        return self.facts_at(last_second(day))

    def latest_facts(self) -> dict:
        """Return the facts as they are now."""
        return self.facts_at(FOREVER)

    def days_of_edits(self) -> list[date]:
        """Return the days on which facts were noted."""
        return sorted({o.at.date() for o in self.operations if o.facts is not None})


def is_publication(operation: Operation) -> bool:
    """Tell whether the entry is the publication of a record."""
    return operation.kind == "added" and operation.scope == GLOBAL


def first_second(day: date) -> datetime:
    """Return the first second of a day."""
    return datetime.combine(day, time.min)


def last_second(day: date) -> datetime:
    """Return the last second of a day."""
    return datetime.combine(day, time(23, 59, 59))


def histories(world: World) -> dict[str, History]:
    """Return the history of every record of which the ledger knows the facts."""
    entries = defaultdict(list)
    for operation in sorted(world.operations, key=lambda o: o.at):
        entries[operation.record].append(operation)
    return {
        id_: History(id_, world.records[id_].parent, world.records[id_].created, operations)
        for id_, operations in sorted(entries.items())
        if any(o.facts is not None for o in operations)
    }


def _spans(
    operations: list[Operation], opening: tuple[str, ...], closing: tuple[str, ...]
) -> list[tuple[datetime, datetime]]:
    """Return the times [opened, closed); what is open stays open until it is closed."""
    spans = []
    opened = None
    for operation in operations:
        if operation.kind in opening and opened is None:
            opened = operation.at
        elif operation.kind in closing and opened is not None:
            spans.append((opened, operation.at))
            opened = None
    if opened is not None:
        spans.append((opened, FOREVER))
    return [(start, end) for start, end in spans if start < end]


def make_facts(
    files: dict[str, list[int]] | None = None,
    published: str = "",
    restricted: bool = False,
    **values: str | list[str],
) -> dict:
    """Return facts; single values may stand for a list of one."""
    keys = {id_: [v] if isinstance(v, str) else list(v) for id_, v in values.items()}
    return {
        "values": keys,
        "files": dict(files or {}),
        "published": published,
        "restricted": restricted,
    }


def publish(
    world: World, record: str, parent: str, at: datetime, facts: dict, *communities: str
) -> None:
    """Publish a record at the second of its creation, into these communities at once."""
    world.records[record] = Record(parent, at)
    world.operations.append(Operation(at, record, "added", GLOBAL, facts))
    for community in communities:
        world.operations.append(Operation(at, record, "added", community))


def fixture_f() -> World:
    """Return fixture F of the worked scenarios."""
    world = World()
    nine, three = datetime(2024, 1, 10, 9), datetime(2024, 1, 10, 15)
    noon = datetime(2024, 1, 12, 12)
    dataset = {"resource_types": "dataset", "access_rights": "open"}
    article = {"resource_types": "article", "access_rights": "metadata-only"}
    r1 = make_facts({"pdf": [1, 1000]}, "2024-01-10", uploaders="u1", languages="eng", **dataset)
    r2 = make_facts({}, "2024-01-10", uploaders="u1", **article)
    r3 = make_facts({"csv": [1, 300], "pdf": [1, 200]}, "2024-01-12", uploaders="u2", **dataset)
    r4 = make_facts({"csv": [1, 50]}, "2024-01-12", uploaders="u3", **dataset)
    publish(world, "r1", "P1", nine, r1, "A")
    publish(world, "r2", "P2", three, r2, "A")
    publish(world, "r3", "P3", noon, r3, "A", "B")
    publish(world, "r4", "P4", noon + timedelta(minutes=5), r4)
    return world
