# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The repository that the examples of the documentation are asked of."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from invenio_usage_stats.aggregations.runs import aggregate

from ..content import create_community
from ..oracle.world import Event, Operation, Record, World
from ..world import Loader, forget_world, index_events, wipe

SLUG = "physics-lab"
PAPER, DATA = "pap3r-00001", "data5-00002"
COUNTRIES = ("DE", "SE", "SE", "US", "DE", "SE", "FR")
START, DAYS = datetime(2025, 12, 1, 12), 62


def documented(owner) -> str:
    """Put the repository into the servers and return the UUID of its community."""
    forget_world()
    wipe()
    community = create_community(owner, slug=SLUG, metadata={"title": "Physics lab"})
    world = _world(community)
    Loader(world).operations(world.operations)
    index_events(world.events)
    aggregate()
    return community


def _world(community: str) -> World:
    """Return a paper and a data set, and how they were used for two months."""
    known = {
        PAPER: (datetime(2025, 11, 10, 9), "article", {"pdf": [1, 1_200_000]}),
        DATA: (datetime(2026, 1, 12, 9), "dataset", {"csv": [2, 35_000_000]}),
    }
    world = World()
    for recid, (at, type_, files) in known.items():
        world.records[recid] = Record(f"parent-{recid}", at)
        values = {"resource_types": [type_], "access_rights": ["open"], "languages": ["eng"]}
        facts = {
            "values": {**values, "uploaders": ["1"]},
            "files": files,
            "published": at.date().isoformat(),
            "restricted": False,
        }
        world.operations.append(Operation(at, recid, "added", facts=facts))
        world.operations.append(Operation(at, recid, "added", community))
        world.events.extend(_events(recid, f"parent-{recid}", at))
    return world


def _events(recid: str, parent: str, since: datetime) -> Iterator[Event]:
    """Yield one to three views a day, and a download on every other day."""
    for n in range(DAYS):
        at = START + timedelta(days=n)
        if at < since:
            continue
        for k in range(n % 3 + 1):
            yield _event(at + timedelta(minutes=k), "view", recid, parent, n + k)
        if n % 2 == 0:
            yield _event(at + timedelta(hours=1), "download", recid, parent, n)


def _event(at: datetime, kind: str, recid: str, parent: str, number: int) -> Event:
    """Return one event."""
    visitor = f"{at:%j}-{number}"
    file = {"file_key": "a", "size": 1_000_000} if kind == "download" else {}
    return Event(
        at,
        kind,
        recid,
        parent,
        visitor,
        visitor,
        f"{kind}_{recid}",
        country=COUNTRIES[number % len(COUNTRIES)],
        **file,
    )
