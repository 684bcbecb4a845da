# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Random stories of use, as the repository publishes them, and what becomes of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from invenio_rdm_records.proxies import current_rdm_records_service as records
from invenio_stats.tasks import process_events

from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.indices import ALL_EVENTS, EVENT_PREFIX, full_name, refresh

from ....resources.conftest import House
from ...counter.ear.hearing import CURL, FIREFOX, GOOGLEBOT
from .hearing import download, send, view, visit

AGENTS = (FIREFOX,) * 6 + (CURL, GOOGLEBOT)


def story(seed: int, house: House, users: list[str | None], length: int) -> list[dict[str, Any]]:
    """Return events of some users: on other days, double clicks, programs, and repeated ones."""
    recids, communities = list(house.records.values()), list(house.communities.values())
    random, at = Random(seed), datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    told: list[dict[str, Any]] = []
    files = {recid: _file(recid) for recid in recids}
    for _ in range(length):
        at += timedelta(seconds=random.choice((2, 11, 61)))
        moment = at - timedelta(days=random.choice((0, 0, 0, 1, 40)))
        user, recid, kind = random.choice(users), random.choice(recids), random.choice("vvddc")
        agent = {"user_agent": random.choice(AGENTS), "ip_address": f"10.0.0.{seed % 250}"}
        if kind == "v":
            told.append(view(user, recid, moment, **agent))
        elif kind == "d":
            told.append(download(user, recid, moment, **agent, **files[recid]))
        else:
            told.append(visit(user, random.choice(communities), moment, **agent))
        if random.random() < 0.1:
            told.append(random.choice(told))
    return told


def _file(recid: str) -> dict[str, Any]:
    """Return what events say of the first file of a record."""
    record = records.record_cls.pid.resolve(recid)
    key, entry = next(iter(record.files.entries.items()))
    of = {"bucket_id": str(record.files.bucket_id), "file_id": str(entry.file.file_id)}
    return {**of, "file_key": key, "size": entry.file.size}


def published(events: list[dict[str, Any]]) -> None:
    """Publish events in their order."""
    for event in events:
        send(event)


def stored() -> None:
    """Have the repository store what it has heard, and all of it counted."""
    process_events([alias.removeprefix(EVENT_PREFIX) for alias in ALL_EVENTS.values()])
    for alias in ALL_EVENTS.values():
        refresh(full_name(alias))
    aggregate()


def parted(rows: Iterator[Any]) -> dict[str, list[Any]]:
    """Return the parts of rows by the thing that they are of, in their order."""
    found: dict[str, list[Any]] = {}
    for one in rows:
        found.setdefault(f"{one.row.type} {one.row.id}", []).append(one)
    return found
