# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Random questions that have an answer; the same seed draws the same ones from the same demo."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from . import counting
from .counting import HOLDINGS, OF_BOTH, OF_EVENTS, OF_RECORDS, SUMS, USAGE, Wanted
from .repository import GLOBAL, Event, Repository

INTERVALS = ("day", "week", "month", "quarter", "year")
NAMES = ("7d", "30d", "90d", "3m", "12m", "2y", "5y", "ytd", "all", "year:{}", "fy:{}")
NAMES += ("last-month", "last-quarter", "last-year")
VISITORS = {"view_visitors", "download_visitors"}
OF_ROWS = ("views", "unique_views", "downloads", "unique_downloads", "traffic")
"""What single records are ranked by."""
RAW_DAYS = 92
"""The longest time for what is counted from single events."""
SIZES = (1, 3, 10, 100)


@dataclass
class Question:
    """Be one question."""

    kind: str
    path: str
    scope: str
    """``global``, or the id of a community or record."""
    metrics: list[str]
    name: str | None = None
    since: date | None = None
    until: date | None = None
    interval: str | None = None
    cumulative: bool = False
    basis: str = "added"
    works: bool = False
    dimension: str | None = None
    wanted: Wanted = field(default_factory=dict)
    size: int = 10
    compared: bool = False
    """Whether it is asked once more, with the period right before."""

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """Return the question as it stands in an address."""
        found = [("metric", ",".join(self.metrics)), ("basis", self.basis)]
        found.append(("level", "parent" if self.works else "record"))
        if self.name:
            found.append(("period", self.name))
        else:
            found += [("since", str(self.since)), ("until", str(self.until))]
        found += [("filter", f"{d}:{v}") for d, some in self.wanted.items() for v in sorted(some)]
        if self.interval:
            found += [("interval", self.interval), ("cumulative", str(self.cumulative).lower())]
        if self.dimension:
            found += [("dimension", self.dimension), ("size", str(self.size))]
        return found

    @property
    def of_record(self) -> bool:
        """Tell whether it is about one record."""
        return self.path.startswith("records/")

    @property
    def raw(self) -> bool:
        """Tell whether it is to be counted from single events."""
        chosen = sum(map(len, self.wanted.values())) + self.of_record
        if self.dimension in OF_EVENTS and chosen:
            return True
        return not self.wanted.keys().isdisjoint(OF_EVENTS) and (
            chosen > 1 or self.dimension not in (None, "communities")
        )

    @property
    def without_visitors(self) -> bool:
        """Tell whether visitors are not known: those of combinations, or of one record."""
        some = sum(map(len, self.wanted.values()))
        by_lines = self.of_record or some > 1 or (some and self.dimension is not None)
        return not self.raw and bool(by_lines or self.wanted.keys() & set(OF_RECORDS))


class Drawer:
    """Draw questions about a repository and its public communities."""

    def __init__(self, repository: Repository, communities: list[str], seed: int) -> None:
        self.rng, self.repository, self.communities = Random(seed), repository, communities
        self.recids = sorted(counting.visible(repository, works=False))
        histories, events = repository.histories.values(), repository.events.get(GLOBAL, ())
        self.first = counting.first_day(histories, events, GLOBAL, "added")

    def draw(self, today: date) -> Question:
        """Return a question that has an answer."""
        rng = self.rng
        kind = rng.choices(("totals", "series", "top", "snapshot"), (30, 30, 30, 10))[0]
        question = Question(kind, *self._scope(), metrics=[])
        question.works = rng.random() < 0.2
        question.basis = rng.choice(("added", "added", "created", "published"))
        if kind == "top" or (kind == "series" and rng.random() < 0.4):
            question.dimension = self._dimension(question)
            question.size = rng.choice(SIZES)
        if kind == "snapshot":
            question.dimension, question.cumulative = rng.choice(OF_BOTH), True
        if rng.random() < 0.5:
            question.wanted = self._wanted(question)
        if kind == "series":
            question.interval = rng.choice(INTERVALS)
            question.cumulative = rng.random() < 0.3 and not question.raw
        self._take_period(question, today)
        question.metrics = self._metrics(question)
        question.compared = kind == "totals" and question.basis == "added" and rng.random() < 0.5
        return question

    def _scope(self) -> tuple[str, str]:
        """Return path and id of a scope."""
        kind = self.rng.choices((GLOBAL, "communities", "records"), (40, 45, 15))[0]
        if kind == GLOBAL:
            return GLOBAL, GLOBAL
        id_ = self.rng.choice(self.communities if kind == "communities" else self.recids)
        return f"{kind}/{id_}", id_

    def _dimension(self, question: Question) -> str:
        """Return what is broken down by, or listed."""
        lists = ["records"] * 4 if question.kind == "top" else []
        if question.kind == "top" and question.scope == GLOBAL:
            lists += ["communities"] * 2
        return self.rng.choice((*OF_BOTH, *OF_RECORDS, *OF_EVENTS * 2, *lists))

    def _wanted(self, question: Question) -> Wanted:
        """Return one or two values, mostly of one event, so that something meets both."""
        rng, found = self.rng, {}
        events = self.repository.events.get(question.scope) or self.repository.events[GLOBAL]
        event = rng.choice(events)
        for dimension in rng.sample((*OF_BOTH, *OF_EVENTS, *OF_RECORDS), rng.choice((1, 1, 2))):
            of_records = question.dimension in OF_RECORDS or question.kind == "snapshot"
            if dimension in OF_EVENTS and of_records:
                continue
            if rng.random() < 0.25:
                values = self._values(rng.sample(events, 2), dimension)
            else:
                values = self._values([event], dimension)[:1]
            if values:
                found[dimension] = set(values)
        return found

    def _values(self, events: list[Event], dimension: str) -> list[str]:
        """Return values of events; sometimes one that nothing has."""
        if self.rng.random() < 0.03:
            return ["of nobody"]
        return sorted({v for event in events for v in counting.of_event(event, dimension)})

    def _take_period(self, question: Question, today: date) -> None:
        """Give a question a period by name, or some days."""
        rng, length = self.rng, (today - self.first).days
        if question.raw or (question.cumulative and question.interval == "day"):
            question.since = self.first + timedelta(days=rng.randrange(length))
            question.until = question.since + timedelta(days=rng.randrange(RAW_DAYS))
        elif rng.random() < 0.5:
            question.name = rng.choice(NAMES).format(rng.randint(self.first.year, today.year))
        else:
            question.since = self.first + timedelta(days=rng.randrange(-20, length))
            days = rng.choice((0, 1, 6, 30, 60, 180, 365, 800))
            question.until = question.since + timedelta(days=days)

    def _metrics(self, question: Question) -> list[str]:
        """Return one to three metrics that the question can have."""
        rng, dimension = self.rng, question.dimension
        allowed = self._allowed(question)
        found = rng.sample(allowed, min(len(allowed), rng.choice((1, 1, 2, 3))))
        if dimension is None:
            return found
        first = [m for m in found if not (question.without_visitors and m in VISITORS)]
        if not first:
            return ["records" if "views" not in allowed else "views"]
        return first[:1] if question.kind == "series" else [*first, *(set(found) - set(first))]

    def _allowed(self, question: Question) -> list[str]:
        """Return all metrics that the question can have."""
        dimension, used = question.dimension, list(USAGE)
        if dimension == "records":
            return list(OF_ROWS)
        held = [] if question.wanted.keys() & set(OF_EVENTS) else list(HOLDINGS)
        if held and (dimension or (question.kind == "series" and not question.cumulative)):
            held.remove("uploaders")
        if question.kind == "snapshot":
            return [*SUMS, *held]
        if question.cumulative and dimension:
            used = [*SUMS, "unique_views", "unique_downloads"]
        if dimension in OF_RECORDS:
            return held
        return used if dimension in OF_EVENTS else [*used, *held]
