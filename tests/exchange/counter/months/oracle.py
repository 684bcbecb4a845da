# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The rules in plain words: slow, without any index, and with nothing of the package."""

import random
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from .raw import said

HALF_A_MINUTE = timedelta(seconds=30)


def moment(event: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(event["timestamp"])


def is_first_of_two(event: dict[str, Any], events: list[dict[str, Any]]) -> bool:
    """Tell whether the same user clicked the same link again, within half a minute."""
    return any(
        (other["visitor"], other["url"]) == (event["visitor"], event["url"])
        and timedelta(0) < moment(other) - moment(event) <= HALF_A_MINUTE
        for other in events
    )


def counted(events: list[dict[str, Any]], level: str) -> dict[str, dict[str, Any]]:
    """Return what is counted of each dataset: numbers, bytes, and countries of the numbers."""
    people = [event for event in events if not event["is_robot"]]
    clicks = [event for event in people if not is_first_of_two(event, people)]
    found: dict[str, dict[str, Any]] = {}
    name = {"record": "recid", "parent": "parent_recid"}[level]
    for dataset in {click[name] for click in clicks}:
        of_dataset = [click for click in clicks if click[name] == dataset]
        found[dataset] = dataset_counts(of_dataset)
    return found


def dataset_counts(clicks: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what is counted of the clicks of one dataset."""
    counts, countries, volume = {}, {}, {}
    for access in ("regular", "machine"):
        mine = [click for click in clicks if click["is_machine"] == (access == "machine")]
        requests = [click for click in mine if click["kind"] == "request"]
        volume[access] = sum(click["size"] for click in requests)
        for kind, some in (("investigations", mine), ("requests", requests)):
            sessions = last_of_each_session(some)
            for total, those in (("total", some), ("unique", sessions)):
                id_ = f"{total}-dataset-{kind}-{access}"
                counts[id_] = len(those)
                by_country = defaultdict(int)
                for click in those:
                    if "country" in click:
                        by_country[click["country"]] += 1
                if by_country:
                    countries[id_] = dict(by_country)
    return {"counts": counts, "volume": volume, "countries": countries}


def last_of_each_session(clicks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({click["session"]: click for click in sorted(clicks, key=moment)}.values())


def random_days(seed: int, first: datetime, events: int, days: int = 2) -> list[dict[str, Any]]:
    """Return events of some days, many of them close to each other, and many at edges of hours.

    No two are of the same microsecond. Some of the visitors are signed in and change programs.
    """
    chance = random.Random(seed)
    found = []
    edges = [first + timedelta(hours=n) for n in range(24 * days)]
    for n in range(events):
        near = chance.choice(edges) + timedelta(seconds=chance.gauss(0, 40))
        at = max(near, first) + timedelta(microseconds=n)
        if chance.random() < 0.3:
            at = first + timedelta(seconds=chance.uniform(0, 86_400 * days), microseconds=n)
        record = chance.randrange(4)
        file = chance.choice(["", "", "a.csv", "b.csv"])
        visitor = f"v{chance.randrange(6)}"
        found.append(
            said(
                at.isoformat(),
                visitor,
                file,
                recid=f"r{record}",
                parent_recid=f"p{record // 2}",
                size=chance.randrange(1_000) if file else 0,
                country=chance.choice(["DE", "FR", "SE", None]),
                is_machine=chance.random() < 0.3,
                is_robot=chance.random() < 0.2,
            )
        )
    return found
