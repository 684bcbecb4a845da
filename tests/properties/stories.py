# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Stories: what a list of steps does to a world, and in which order it becomes known."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from ..oracle import random_history as made
from ..oracle.world import GLOBAL, Event, Operation, Record, World, first_second
from . import steps

COMMUNITIES = ("C1", "C2", "C3")


@dataclass
class Story:
    """Be a world as it is at the end, and what became known before each act.

    ``acts``: in order; operations and events (with their ids) that become known, ids of events
    that vanish, and steps that are of the machinery alone.
    """

    world: World = field(default_factory=World)
    acts: list = field(default_factory=list)
    events: dict[str, Event] = field(default_factory=dict)


def told(story: Iterable[steps.Step], start: date | None) -> Story:
    """Return the story of some steps that begin on a day; none: it ends today."""
    story = list(story)
    first = (
        first_second(start) if start else _now() - timedelta(seconds=sum(s.pause for s in story))
    )
    teller = Teller(first)
    for step in story:
        teller.tell(step)
    return teller.end()


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def _month(at: datetime) -> date:
    return at.date().replace(day=1)


class Teller:
    """Carry out steps; what is impossible does nothing."""

    def __init__(self, first: datetime) -> None:
        self.at = first
        self.story = Story()
        self.works: list[made.Work] = []
        self.versions: list[made.Version] = []
        self.hidden: list[Operation] = []
        self.unseen: set[str] = set()
        self.told: Counter[tuple[str, date]] = Counter()
        """How many events ever happened, by kind and month."""
        self.count = 0

    def tell(self, step: steps.Step) -> None:
        """Carry out one step."""
        self.at += timedelta(seconds=step.pause)
        action = getattr(self, type(step).__name__.lower(), None)
        if action is None:
            self.story.acts.append(step)
        else:
            action(step)

    def end(self) -> Story:
        """Return the story after everything has become known."""
        self.reconcile()
        story = self.story
        story.world.events = list(story.events.values())
        return story

    def reconcile(self, step: steps.Step | None = None) -> None:
        """Let the ledger know of hidden records."""
        known, self.hidden, self.unseen = self.hidden, [], set()
        if known:
            self.story.acts.append(known)

    def _note(self, version: made.Version, kind: str, scope: str = GLOBAL) -> None:
        """Append an entry."""
        bearing = scope == GLOBAL and kind in ("added", "edited")
        facts = made.facts_of(version) if bearing else None
        operation = Operation(self.at, version.id, kind, scope, facts)
        self.story.world.operations.append(operation)
        if version.id in self.unseen:
            self.hidden.append(operation)
        elif self.story.acts and isinstance(self.story.acts[-1], list):
            self.story.acts[-1].append(operation)
        else:
            self.story.acts.append([operation])

    def _work(self, number: int) -> made.Work | None:
        return self.works[number % len(self.works)] if self.works else None

    def _version(self, number: int, alive: bool | None = True) -> made.Version | None:
        """Return a version that lives (or does not; none: any)."""
        found = [v for v in self.versions if alive in (None, v.alive)]
        return found[number % len(found)] if found else None

    def _date(self, published: int | date | None) -> str:
        """Return a publication date: none, a number of days from now, or a day."""
        if published is None:
            return ""
        if isinstance(published, int):
            published = self.at.date() + timedelta(days=published)
        return published.isoformat()

    # --- records ---

    def publish(self, step: steps.Publish) -> None:
        work = made.Work(f"P{len(self.works) + 1}", step.owner)
        work.communities = [COMMUNITIES[n] for n in sorted(step.communities)]
        self.works.append(work)
        values = {id_: [] for id_ in made.VALUES} | step.values
        self._add(step, work, values, step.public, step.age, step.hidden)

    def version(self, step: steps.Version) -> None:
        work = self._work(step.work)
        old = next((v for v in self.versions if v.work is work and v.alive), None)
        if old is not None:
            hidden = old.id in self.unseen
            self._add(step, work, dict(old.values), old.public, 0, hidden)

    def _add(self, step, work: made.Work, values: dict, public: bool, age: int, hidden: bool):
        """Publish a version."""
        new = made.Version(
            f"r{len(self.versions) + 1}",
            work=work,
            values=values,
            files=list(step.files.items()),
            public=public,
            embargoed=False,
            published=self._date(step.published),
        )
        self.story.world.records[new.id] = Record(work.id, self.at - timedelta(seconds=age))
        self.versions.append(new)
        work.versions.append(new.id)
        if hidden:
            self.unseen.add(new.id)
        for scope in (GLOBAL, *work.communities):
            self._note(new, "added", scope)

    def _edited(self, version: made.Version | None, **changes) -> None:
        """Change a version and note it."""
        if version is not None:
            vars(version).update(changes)
            self._note(version, "edited")

    def edit(self, step: steps.Edit) -> None:
        version = self._version(step.record)
        self._edited(version, values=version and version.values | step.values)

    def access(self, step: steps.Access) -> None:
        changes = {"public": step.public, "embargoed": step.embargoed}
        self._edited(self._version(step.record), **changes)

    def files(self, step: steps.Files) -> None:
        self._edited(self._version(step.record), files=list(step.files.items()))

    def redate(self, step: steps.Redate) -> None:
        self._edited(self._version(step.record), published=self._date(step.published))

    def owner(self, step: steps.Owner) -> None:
        work = self._work(step.work)
        if work is not None:
            work.owner = step.owner
            for version in self.versions:
                if version.work is work and version.alive:
                    self._note(version, "edited")

    def delete(self, step: steps.Delete) -> None:
        self._turn(step.record, True, "deleted")

    def restore(self, step: steps.Restore) -> None:
        self._turn(step.record, False, "restored")

    def _turn(self, number: int, alive: bool, kind: str) -> None:
        version = self._version(number, alive)
        if version is not None:
            version.alive = not alive
            self._note(version, kind)

    # --- communities ---

    def join(self, step: steps.Join) -> None:
        self._enter(self._work(step.work), COMMUNITIES[step.community])

    def joinall(self, step: steps.JoinAll) -> None:
        for work in self.works:
            self._enter(work, COMMUNITIES[step.community])

    def leave(self, step: steps.Leave) -> None:
        work = self._work(step.work)
        if work is not None and work.communities:
            self._exit(work, work.communities[step.community % len(work.communities)])

    def dissolve(self, step: steps.Dissolve) -> None:
        for work in self.works:
            self._exit(work, COMMUNITIES[step.community])

    def _enter(self, work: made.Work | None, community: str) -> None:
        if work is not None and community not in work.communities:
            work.communities.append(community)
            self._move(work, community, "added")

    def _exit(self, work: made.Work, community: str) -> None:
        if community in work.communities:
            work.communities.remove(community)
            self._move(work, community, "removed")

    def _move(self, work: made.Work, community: str, kind: str) -> None:
        for version in self.versions:
            if version.work is work:
                self._note(version, kind, community)

    # --- usage ---

    def use(self, step: steps.Use) -> None:
        version = self._version(step.record, None)
        for _ in range(step.times if version else 0):
            record, parent = version.id, version.work.id
            if step.stranger:
                record, parent = f"x{step.record}", f"X{step.record}"
            created = self.story.world.records[version.id].created
            at = max(self.at - timedelta(seconds=step.back), created - timedelta(days=2))
            self._happen(step, at, record, parent, version.files)

    def _happen(self, step: steps.Use, at: datetime, record: str, parent: str, files: list) -> None:
        """Add one view or download."""
        name, size = files[step.file % len(files)] if files and step.file is not None else (None, 0)
        self.count += 1
        event = Event(
            at=at,
            kind="view" if name is None else "download",
            record=record,
            parent=parent,
            visitor=f"v{step.visitor}",
            session=f"s{step.visitor}-{at.hour // 12}",
            unique_id=f"ui_{record}" if name is None else f"{record}_{name}",
            country=step.country,
            referrer=step.referrer,
            file_key=name,
            size=size,
        )
        self.told[event.kind, _month(at)] += 1
        self.story.events[f"e{self.count}"] = event
        self.story.acts.append((f"e{self.count}", event))

    def repeat(self, step: steps.Repeat) -> None:
        id_ = self._event(step.event)
        if id_:
            self.story.acts.append((id_, self.story.events[id_]))

    def retract(self, step: steps.Retract) -> None:
        """Delete an event; of the open day's nothing is compared before it is over.

        Numbers stay where events are gone for their age, or most of a month's.
        """
        id_ = self._event(step.event)
        if id_ and self.story.events[id_].at.date() < _now().date() and not self._ages(id_):
            self.story.acts.append((id_, None, self.story.events.pop(id_)))

    def _ages(self, id_: str) -> bool:
        """Tell whether without an event a month lacks most of its kind, or it was the first one."""
        gone = self.story.events[id_]
        left = [
            e.at for other, e in self.story.events.items() if other != id_ and e.kind == gone.kind
        ]
        month = sum(_month(at) == _month(gone.at) for at in left)
        first = all(at.date() > gone.at.date() for at in left)
        return first or 2 * month < self.told[gone.kind, _month(gone.at)]

    def _event(self, number: int) -> str | None:
        ids = list(self.story.events)
        return ids[number % len(ids)] if ids else None
