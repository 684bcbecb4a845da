# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Visits to landing pages of communities by brute force: a visit has no record, and no value."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from .world import GLOBAL

FIELDS = {
    "visits": "total_events",
    "unique_visits": "unique_visits",
    "visit_visitors": "unique_visitors",
}
"""The field of each metric in documents."""
DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Visit:
    """One visit to the landing page of a community."""

    at: datetime
    community: str
    visitor: str
    session: str
    is_robot: bool = False


def counted(visits: Iterable[Visit], scope: str, since: date, until: date) -> dict[str, int]:
    """Return the numbers of a scope's days; to the repository belong all visits."""
    own = [v for v in visits if scope in (GLOBAL, v.community) and not v.is_robot]
    own = [v for v in own if since <= v.at.date() <= until]
    return {
        "visits": len(own),
        "unique_visits": len({(v.at.date(), v.community, v.session) for v in own}),
        "visit_visitors": len({(v.at.date(), v.visitor) for v in own}),
    }


def by_day(visits: list[Visit]) -> dict[tuple[str, date], dict[str, int]]:
    """Return the numbers of each scope and day with any, by the fields of documents."""
    keys = {(scope, v.at.date()) for v in visits for scope in (GLOBAL, v.community)}
    found = {(scope, day): counted(visits, scope, day, day) for scope, day in keys}
    return {
        key: {FIELDS[metric]: number for metric, number in numbers.items()}
        for key, numbers in found.items()
        if numbers["visits"]
    }


def random_visits(seed: int, communities: list[str], first: date, days: int) -> list[Visit]:
    """Return visits of a few visitors, who come back within the hour and go elsewhere."""
    rng, start = Random(seed), datetime.combine(first, datetime.min.time())
    found = []
    for _ in range(6 * days):
        at = start + timedelta(seconds=rng.randrange(days * DAY))
        who = f"{rng.randrange(12) * 7919:040x}"
        for _ in range(rng.choice((1, 1, 2, 3))):
            community, is_robot = rng.choice(communities), rng.random() < 0.1
            found.append(Visit(at, community, who, f"{who}-{at:%d%H}", is_robot))
            at += timedelta(minutes=rng.randrange(20, 50))
    return found
