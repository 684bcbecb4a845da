# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What all parts of the measurements share: sizes, the repository they work on, and results."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from engine_calls import forget
from engine_events import Usage
from engine_load import Ledger, wipe, wipe_usage
from engine_measure import Cost, Ratio, Stopwatch, Traffic, middle, watched
from engine_raw import RawClient, Reading
from engine_records import Repository, Size

from invenio_usage_stats.indices import USAGE_EVENTS, full_name


class Load(NamedTuple):
    """Be the size of a repository and of its days."""

    events: int
    communities: int
    records: int

    def __str__(self) -> str:
        """Return it as text."""
        return f"{self.events:,} a day"


@dataclass(frozen=True)
class Scale:
    """Say how much each part measures."""

    day: tuple[Load, ...]
    late: Load
    late_events: int
    idle: Load
    idle_years: int
    facts: int
    changes: Load
    changed: int
    fewer_communities: int
    year: Load
    year_days: int
    memory: tuple[Load, ...]
    backfill: Load
    months: int
    growth: Load
    growth_months: int
    growth_communities: int

    def with_load(self, load: Load) -> "Scale":
        """Return the same with one load for every part."""
        loads = dict.fromkeys(("late", "idle", "changes", "year", "backfill", "growth"), load)
        return replace(self, day=(load,), memory=(load,), **loads)


FULL = Scale(
    day=(Load(10_000, 1_000, 50_000), Load(30_000, 1_000, 50_000), Load(274_000, 10_000, 500_000)),
    late=Load(274_000, 10_000, 500_000),
    late_events=500,
    idle=Load(10_000, 10_000, 20_000),
    idle_years=10,
    facts=20_000,
    changes=Load(0, 10_000, 20_000),
    changed=1_000,
    fewer_communities=1_000,
    year=Load(10_000, 1_000, 50_000),
    year_days=365,
    memory=(
        *(Load(30_000, 1_000, 50_000), Load(274_000, 10_000, 500_000)),
        Load(1_000_000, 10_000, 500_000),
    ),
    backfill=Load(3_000, 1_000, 50_000),
    months=12,
    growth=Load(10_000, 100, 50_000),
    growth_months=24,
    growth_communities=10_000,
)
SMALL = Scale(
    day=(Load(3_000, 100, 3_000), Load(10_000, 100, 3_000)),
    late=Load(10_000, 300, 3_000),
    late_events=20,
    idle=Load(1_000, 300, 1_000),
    idle_years=3,
    facts=2_000,
    changes=Load(0, 300, 1_000),
    changed=100,
    fewer_communities=30,
    year=Load(1_000, 100, 2_000),
    year_days=45,
    memory=(Load(10_000, 100, 3_000),),
    backfill=Load(500, 100, 2_000),
    months=2,
    growth=Load(2_000, 30, 1_000),
    growth_months=6,
    growth_communities=300,
)
SCALES = {"full": FULL, "small": SMALL}


@dataclass(frozen=True)
class Line:
    """Be one line of the table: a figure, the bar it must not cross, and how it came about."""

    part: str
    what: str
    value: float | None
    unit: str = ""
    bar: float | None = None
    least: bool = False
    """The figure must reach the bar, instead of staying below it."""
    note: str = ""

    @property
    def verdict(self) -> str:
        """Return ``met`` or ``missed``; nothing where there is no bar or no figure."""
        if self.bar is None or self.value is None:
            return ""
        met = self.value >= self.bar if self.least else self.value <= self.bar
        return "met" if met else "missed"

    def cells(self) -> tuple[str, ...]:
        """Return the line as text: part, what, figure, bar, verdict, note."""
        sign = "" if self.bar is None else f"{'>=' if self.least else '<='} {self.bar:,g}"
        value = "-" if self.value is None else f"{self.value:,.3g}"
        if self.value is not None and abs(self.value) >= 1_000:
            value = f"{self.value:,.0f}"
        return self.part, self.what, f"{value} {self.unit}".strip(), sign, self.verdict, self.note


class Watch(NamedTuple):
    """Be one run with its cost and its requests."""

    cost: Cost
    traffic: Traffic


class Bench:
    """Hold the repository that is measured, the search engine, and how to measure."""

    def __init__(self, name: str, scale: Scale, runs: int, seed: int) -> None:
        self.name, self.scale, self.runs, self.seed = name, scale, runs, seed
        self.raw = RawClient()
        self.clock = Stopwatch()
        self._size: Size | None = None
        self._days: dict[date, int] = {}

    def repository(self, load: Load, idle: int = 0, idle_scopes: int = 0) -> Repository:
        """Return a loaded repository of a size without usage and documents."""
        size = Size(load.records, load.communities, idle, idle_scopes, self.seed)
        self._days = {}
        if size == self._size:
            wipe_usage()
        else:
            wipe()
            forget()
            Ledger(Repository(size)).load()
            self._size = size
        return Repository(size)

    def spoiled(self) -> None:
        """Say that the ledger was changed, so that the next part needs a fresh one."""
        self._size = None

    def usage(self, load: Load, days: Iterable[date], salt: str = "") -> datetime | None:
        """Write events for days (see ``Usage.write``)."""
        return Usage(load.records, self.seed).write(self.raw, days, load.events, salt)

    def read_day(self, day: date) -> list[Reading]:
        """Read the events of a day in the pages of the engine, nothing parsed."""
        bounds = {"gte": f"{day}T00:00:00", "lt": f"{day + timedelta(days=1)}T00:00:00"}
        query = {"range": {"timestamp": bounds}}
        return [self.raw.read(full_name(index), query) for index in USAGE_EVENTS.values()]

    def watch(self, run: Any, keep: bool = False) -> Traffic:
        """Run once and return the requests."""
        with watched(keep) as traffic:
            run()
        return traffic


def costs(name: str, found: list[Cost]) -> str:
    """Return medians as a note: wall / client / search engine in milliseconds."""
    return f"{name} {middle(found)} ms"


def spread(found: Ratio) -> str:
    """Return the least and the largest ratio as a note."""
    return f"{found.low:.2f}-{found.high:.2f}"
