# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Random histories that could have happened, the same for a seed on any machine.

Only lists are walked, never sets, so that the hash seed does not matter.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from .world import GLOBAL, Event, Operation, Record, World, first_second, histories

DAY = 24 * 60 * 60
ACTIONS = {
    "publish": 12,
    "version": 10,
    "edit": 30,
    "join": 18,
    "leave": 14,
    "delete": 8,
    "restore": 8,
}
VALUES = {
    "resource_types": ["article", "dataset", "image", "software", "thesis"],
    "languages": ["dan", "deu", "eng", "fra"],
    "licenses": ["cc-by-4.0", "cc0", "Own licence"],
    "affiliations_creator": ["01ggx4157", "02nz98", "Ünder Institute"],
    "affiliations_contributor": ["01ggx4157", "Library", "Archive"],
    "funders": ["00k4n6c32", "Nameless Fund", "05abc"],
    "awards": ["755021", "award-x"],
    "subjects": [f"s{number:02}" for number in range(1, 31)],
    "keywords": ["open data", "Open Data", "statistics"],
    "publishers": ["Press", "Zenodo"],
    "periodicals": ["Annals", "Letters"],
}
SINGLE = ("resource_types", "publishers", "periodicals")
OPTIONAL_SINGLE = ("publishers", "periodicals")
OWNERS = ["1", "2", "3", "4", ""]
FILES = ["a.pdf", "b.PDF", "c.csv", "data.tar.gz", "README", "d.txt", "e.csv"]
COUNTRIES = ["DE", "US", "FR", "BR", None]
REFERRERS = [
    None,
    "",
    "https://www.Example.ORG/a?b=c",
    "https://www.example.org/other?token=secret",
    "HTTPS://Search.Example:8443/?q=x",
    "http://user@blog.example/path",
    "no address",
    "http://[broken",
]


@dataclass
class Work:
    """A parent as the generator sees it."""

    id: str
    owner: str
    communities: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)


@dataclass
class Version:
    """A record as the generator sees it."""

    id: str
    work: Work
    values: dict[str, list[str]]
    files: list[tuple[str, int]]
    public: bool
    embargoed: bool
    published: str
    alive: bool = True


def random_world(
    seed: int,
    operations: int = 200,
    communities: int = 4,
    records: int = 25,
    days: int = 60,
    start: date = date(2024, 1, 1),
    events: int | None = None,
) -> World:
    """Return a random, valid history of so many actions, with three times as many events."""
    rng = Random(seed)
    builder = _Builder(rng, [f"C{n}" for n in range(1, communities + 1)], records, start, days)
    count = operations * 3 if events is None else events
    for at in _moments(rng, start, days, operations):
        builder.act(at)
    add_events(rng, builder.world, builder.versions, start, days, count)
    return builder.world


def _moments(rng: Random, start: date, days: int, count: int) -> list[datetime]:
    """Return distinct seconds, in order: many on busy days, some at the edges of a day."""
    busy = [rng.randrange(days) for _ in range(max(1, days // 6))]
    chosen: set[datetime] = set()
    while len(chosen) < count:
        day = rng.choice(busy) if rng.random() < 0.4 else rng.randrange(days)
        chosen.add(_second(rng, start, day))
    return sorted(chosen)


def _second(rng: Random, start: date, day: int) -> datetime:
    """Return a second of a day; every tenth is the first or the last."""
    edge = rng.random() < 0.1
    return first_second(start) + timedelta(
        days=day, seconds=rng.choice((0, DAY - 1)) if edge else rng.randrange(DAY)
    )


class _Builder:
    """Build a history, action by action."""

    def __init__(
        self, rng: Random, communities: list[str], records: int, start: date, days: int
    ) -> None:
        self.rng = rng
        self.communities = communities
        self.records = records
        self.start = start
        self.days = days
        self.world = World()
        self.works: list[Work] = []
        self.versions: dict[str, Version] = {}

    def act(self, at: datetime) -> None:
        """Do one random action that is possible."""
        while not getattr(self, self._action())(at):
            pass

    def _action(self) -> str:
        if not self.works:
            return "publish"
        return self.rng.choices(list(ACTIONS), list(ACTIONS.values()))[0]

    def _note(self, at: datetime, version: Version, kind: str, scope: str = GLOBAL) -> None:
        """Append an entry; publications and edits carry facts."""
        bearing = scope == GLOBAL and kind in ("added", "edited")
        facts = facts_of(version) if bearing else None
        self.world.operations.append(Operation(at, version.id, kind, scope, facts))

    def _of_life(self, alive: bool) -> list[Version]:
        return [v for v in self.versions.values() if v.alive is alive]

    def publish(self, at: datetime) -> bool:
        """Publish a new work, often into communities at once."""
        if len(self.versions) >= self.records:
            return False
        work = Work(f"P{len(self.works) + 1}", self.rng.choice(OWNERS))
        count = self.rng.choice((0, 0, 1, 1, 2))
        work.communities = self.rng.sample(self.communities, min(count, len(self.communities)))
        self.works.append(work)
        return self._add_version(at, work, self._values())

    def version(self, at: datetime) -> bool:
        """Publish a new version; it joins the communities of its work at once."""
        alive = self._of_life(True)
        if not alive or len(self.versions) >= self.records:
            return False
        old = self.rng.choice(alive)
        return self._add_version(at, old.work, {id_: list(v) for id_, v in old.values.items()})

    def _add_version(self, at: datetime, work: Work, values: dict[str, list[str]]) -> bool:
        new = Version(
            id=f"r{len(self.versions) + 1}",
            work=work,
            values=values,
            files=self._files(),
            public=self.rng.random() < 0.85,
            embargoed=False,
            published=self._published(at),
        )
        age = self.rng.choice((0, 0, 60, 3 * 60 * 60, 2 * DAY, 9 * DAY))
        self.world.records[new.id] = Record(work.id, at - timedelta(seconds=age))
        self.versions[new.id] = new
        work.versions.append(new.id)
        self._note(at, new, "added")
        for community in work.communities:
            self._note(at, new, "added", community)
        return True

    def edit(self, at: datetime) -> bool:
        """Edit a version, or give its work another owner, which all its versions notice."""
        alive = self._of_life(True)
        if not alive:
            return False
        version = self.rng.choice(alive)
        if self.rng.random() < 0.12:
            version.work.owner = self.rng.choice(OWNERS)
            for id_ in version.work.versions:
                self._note(at, self.versions[id_], "edited")
            return True
        self._change(at, version)
        self._note(at, version, "edited")
        return True

    def _change(self, at: datetime, version: Version) -> None:
        what = self.rng.choice(("type", "access", "languages", "other", "published", "nothing"))
        if what == "type":
            version.values["resource_types"] = self._some("resource_types")
        elif what == "access":
            version.public = self.rng.random() < 0.6
            version.embargoed = self.rng.random() < 0.2
        elif what == "languages":
            version.values["languages"] = self._some("languages")
        elif what == "other":
            id_ = self.rng.choice(list(VALUES))
            version.values[id_] = self._some(id_)
        elif what == "published":
            version.published = self._published(at)

    def join(self, at: datetime) -> bool:
        """Let all versions of a work join a community, often one that it left before."""
        work = self.rng.choice(self.works)
        free = [c for c in self.communities if c not in work.communities]
        again = [c for c in work.left if c in free]
        if not free:
            return False
        community = self.rng.choice(again if again and self.rng.random() < 0.6 else free)
        work.communities.append(community)
        for id_ in work.versions:
            self._note(at, self.versions[id_], "added", community)
        return True

    def leave(self, at: datetime) -> bool:
        """Let all versions of a work leave a community."""
        work = self.rng.choice(self.works)
        if not work.communities:
            return False
        community = self.rng.choice(work.communities)
        work.communities.remove(community)
        work.left.append(community)
        for id_ in work.versions:
            self._note(at, self.versions[id_], "removed", community)
        return True

    def delete(self, at: datetime) -> bool:
        """Delete one version."""
        return self._turn(at, True, "deleted")

    def restore(self, at: datetime) -> bool:
        """Restore one version."""
        return self._turn(at, False, "restored")

    def _turn(self, at: datetime, alive: bool, kind: str) -> bool:
        found = self._of_life(alive)
        if not found:
            return False
        version = self.rng.choice(found)
        version.alive = not alive
        self._note(at, version, kind)
        return True

    def _values(self) -> dict[str, list[str]]:
        return {id_: self._some(id_) for id_ in VALUES}

    def _some(self, id_: str) -> list[str]:
        """Return some values of a dimension: one, at most one, or up to three."""
        if id_ in SINGLE:
            missing = id_ in OPTIONAL_SINGLE and self.rng.random() < 0.4
            return [] if missing else [self.rng.choice(VALUES[id_])]
        count = min(self.rng.choice((0, 1, 1, 2, 3)), len(VALUES[id_]))
        return self.rng.sample(VALUES[id_], count)

    def _files(self) -> list[tuple[str, int]]:
        count = self.rng.choice((0, 0, 1, 1, 2, 3))
        return [(name, self.rng.randrange(1, 5000)) for name in self.rng.sample(FILES, count)]

    def _published(self, at: datetime) -> str:
        """Return a publication date: none, that day, near it, long ago, or to come."""
        near = self.start + timedelta(days=self.rng.randrange(-20, self.days))
        later = self.start + timedelta(days=self.days + self.rng.randrange(5, 400))
        today = at.date()
        dates = (today, today, today, near, near, date(1850, 1, 1), date(1999, 1, 1), later)
        return self.rng.choice(("", *(d.isoformat() for d in dates)))


def facts_of(version: Version) -> dict:
    """Return the facts of a version; what is restricted shows little."""
    restricted = not version.public
    values = {"access_rights": [_access(version)], **version.values}
    creators, others = values["affiliations_creator"], values["affiliations_contributor"]
    values["affiliations"] = list(dict.fromkeys([*creators, *others]))
    values["uploaders"] = [version.work.owner]
    visible = ("resource_types", "access_rights", "uploaders")
    return {
        "values": {
            id_: list(keys)
            for id_, keys in values.items()
            if any(keys) and (id_ in visible or not restricted)
        },
        "files": _by_extension(version.files),
        "published": version.published,
        "restricted": restricted,
    }


def _access(version: Version) -> str:
    """Return the access status."""
    if version.embargoed:
        return "embargoed"
    if not version.public:
        return "restricted"
    return "open" if version.files else "metadata-only"


def _by_extension(files: list[tuple[str, int]]) -> dict[str, list[int]]:
    """Return count and bytes by lower-case extension."""
    table: dict[str, list[int]] = {}
    for name, size in files:
        extension = name.rpartition(".")[2].lower() if "." in name else ""
        count, volume = table.get(extension, (0, 0))
        table[extension] = [count + 1, volume + size]
    return dict(sorted(table.items()))


# --- events ---


def add_events(
    rng: Random, world: World, versions: dict[str, Version], start: date, days: int, count: int
) -> None:
    """Add views and downloads in order of time, some of them of records nobody knows."""
    known = histories(world)
    found: list[Event] = []
    while len(found) < count:
        if found and rng.random() < 0.15:
            found.append(_again(rng, rng.choice(found)))
        elif rng.random() < 0.03:
            found.append(_unknown(rng, _second(rng, start, rng.randrange(days))))
        else:
            history = known[rng.choice(list(known))]
            moment = _use(rng, history, start, days)
            if moment >= history.published_at:
                found.append(_event(rng, moment, versions[history.record]))
    world.events.extend(sorted(found, key=lambda e: e.at))


def _use(rng: Random, history, start: date, days: int) -> datetime:
    """Return a second of use; some are the very second of an entry, or the one before."""
    if rng.random() < 0.2:
        return rng.choice(history.operations).at - timedelta(seconds=rng.choice((0, 0, 1)))
    return _second(rng, start, rng.randrange(days))


def _event(rng: Random, at: datetime, version: Version) -> Event:
    """Return a view, or a download of one of the record's files."""
    if version.files and rng.random() < 0.45:
        name, size = rng.choice(version.files)
        return _made(rng, at, "download", version.id, version.work.id, name, size)
    return _made(rng, at, "view", version.id, version.work.id)


def _unknown(rng: Random, at: datetime) -> Event:
    """Return the use of a record that the ledger never saw."""
    number = rng.randrange(3)
    if rng.random() < 0.5:
        return _made(rng, at, "download", f"x{number}", f"X{number}", "lost.pdf", 77)
    return _made(rng, at, "view", f"x{number}", f"X{number}")


def _made(
    rng: Random,
    at: datetime,
    kind: str,
    record: str,
    parent: str,
    name: str | None = None,
    size: int = 0,
) -> Event:
    """Return an event of a random visitor."""
    visitor = rng.randrange(10)
    return Event(
        at=at,
        kind=kind,
        record=record,
        parent=parent,
        visitor=f"v{visitor}",
        session=f"s{visitor}-{rng.randrange(2)}",
        unique_id=f"ui_{record}" if name is None else f"{record}_{name}",
        country=rng.choice(COUNTRIES),
        referrer=rng.choice(REFERRERS),
        file_key=name,
        size=size,
    )


def _again(rng: Random, event: Event) -> Event:
    """Return the same event in a later second of its day."""
    left = DAY - 1 - (event.at - first_second(event.at.date())).seconds
    at = event.at + timedelta(seconds=rng.randrange(left + 1))
    return Event(**{**vars(event), "at": at})


# --- what becomes known when ---


def split(
    world: World, parts: int, late: float = 0.15, late_operations: bool = False
) -> list[tuple[list[Operation], list[Event]]]:
    """Return (operations, events) in the order in which they become known.

    Part by part, what happened in it; some events come in a later part. The ledger is always in
    order of time; with ``late_operations`` the end of a part may become known in the next.
    """
    rng = Random(f"{parts} {len(world.operations)} {len(world.events)}")
    known: list[tuple[list[Operation], list[Event]]] = [([], []) for _ in range(parts)]
    ends = _ends(world, parts)
    delays = [timedelta(hours=rng.randrange(36) if late_operations else 0) for _ in ends]
    for operation in sorted(world.operations, key=lambda o: o.at):
        part = _part(ends, operation.at)
        hidden = operation.at > ends[part] - delays[part]
        known[min(part + hidden, parts - 1)][0].append(operation)
    for event in sorted(world.events, key=lambda e: e.at):
        part = _part(ends, event.at)
        if rng.random() < late:
            part = rng.randrange(part, parts)
        known[part][1].append(event)
    return known


def _ends(world: World, parts: int) -> list[datetime]:
    """Return the last second of each part."""
    moments = [entry.at for entry in [*world.operations, *world.events]]
    first, last = min(moments), max(moments)
    seconds = int((last - first).total_seconds())
    ends = [first + timedelta(seconds=seconds * n // parts) for n in range(1, parts)]
    return [*ends, last]


def _part(ends: list[datetime], at: datetime) -> int:
    """Return the number of the part in which a second lies."""
    return next(number for number, end in enumerate(ends) if at <= end)
