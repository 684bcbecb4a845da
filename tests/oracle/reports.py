# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reported downloads by brute force: each counts where its record, or any version, was then."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from .world import GLOBAL, History, World, histories

SOFTWARE = ("ilastik", "deepimagej", "Ünknown 1.0", "unknown")
STRANGER = ("a-stranger", "a-strange-work")
"""A record that no ledger knows, and its work."""
DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Reported:
    """One thing that software has reported; ``record``: none of a work as a whole."""

    at: datetime
    parent: str | None
    record: str | None
    software: str
    action: str = "download"
    resolved: bool | None = True
    is_robot: bool = False

    @property
    def counts(self) -> bool:
        """Tell whether it is a reported download."""
        return self.action == "download" and bool(self.resolved) and not self.is_robot


def scopes_of(report: Reported, known: dict[str, History]) -> set[str]:
    """Return the scopes in which something counts."""
    found = {GLOBAL}
    for history in known.values():
        if report.record == history.record or (
            not report.record and report.parent == history.parent
        ):
            others = (scope for scope in history.scopes() if scope != GLOBAL)
            found |= {scope for scope in others if history.is_member(scope, report.at)}
    return found


def placed(world: World, reports: Iterable[Reported]) -> dict[str, list[Reported]]:
    """Return what counts in each scope."""
    known, found = histories(world), defaultdict(list)
    for report in reports:
        for scope in scopes_of(report, known) if report.counts else ():
            found[scope].append(report)
    return found


def by_day(world: World, reports: Iterable[Reported]) -> dict[tuple[str, date], Counter[str]]:
    """Return the numbers of each software of each scope and day that has any."""
    found: dict[tuple[str, date], Counter[str]] = defaultdict(Counter)
    for scope, some in placed(world, reports).items():
        for report in some:
            found[scope, report.at.date()][report.software] += 1
    return dict(found)


def within(reports: Iterable[Reported], since: date, until: date) -> list[Reported]:
    """Return what counts of some days."""
    return [r for r in reports if r.counts and since <= r.at.date() <= until]


def random_reports(seed: int, things: list[tuple[str, str]], first: date, days: int):
    """Return reports of records, given with their works, by software of different zeal."""
    rng, start = Random(seed), datetime.combine(first, datetime.min.time())
    found = []
    for _ in range(9 * days):
        at = start + timedelta(seconds=rng.randrange(days * DAY))
        record, parent = rng.choice([*things, STRANGER])
        whole, odd = rng.random() < 0.3, rng.random()
        software = rng.choice(SOFTWARE[: rng.randrange(1, 5)])
        one = Reported(at, parent, None if whole else record, software)
        if odd < 0.1:
            one = Reported(at, None, None, software, resolved=False)
        elif odd < 0.2:
            one = Reported(at, None, None, software, action="page", resolved=None)
        elif odd < 0.25:
            one = Reported(at, parent, record, software, is_robot=True)
        found.append(one)
    return found
