# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The demo as it is stored: raw events and the ledger's tables, each read once.

Nothing of the package takes part. An event is known under the scopes that it counts in, with the
facts of its second.
"""

import json
import runpy
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from os.path import splitext
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import sqlalchemy as sa
import urllib3

GLOBAL = "global"
FOREVER = datetime.max
KINDS = {"view": "record-view", "download": "file-download"}
PAGE = 10_000
Span = tuple[datetime, datetime]


class Address(NamedTuple):
    """Say where the demo is."""

    url: str
    search: str
    prefix: str
    database: str

    @classmethod
    def of_instance(cls, folder: str) -> "Address":
        """Return what an instance's configuration says."""
        found = runpy.run_path(str(Path(folder) / "invenio.cfg"))
        host = found["SEARCH_HOSTS"][0]
        return cls(
            found["SITE_UI_URL"],
            f"http://{host['host']}:{host['port']}",
            found["SEARCH_INDEX_PREFIX"],
            found["SQLALCHEMY_DATABASE_URI"],
        )


class Event(NamedTuple):
    """Be one event that counts."""

    kind: str
    at: datetime
    day: date
    recid: str
    parent: str
    visitor: str | None
    session: str | None
    unique: str
    country: str | None
    referrer: str | None
    file_type: str
    size: int
    facts: dict[str, Any] | None


class Entry(NamedTuple):
    """Be one entry of the ledger."""

    at: datetime
    number: int
    scope: str
    kind: str
    facts: dict[str, Any] | None


@dataclass(eq=False)
class History:
    """Be what happened to one record."""

    recid: str
    parent: str
    created: datetime
    entries: list[Entry] = field(default_factory=list)

    @cached_property
    def told(self) -> list[Entry]:
        """Return the entries with facts, in order of time."""
        return [entry for entry in self.entries if entry.facts is not None]

    @cached_property
    def published(self) -> datetime:
        """Return the second of publication."""
        return next((e.at for e in self.entries if e.scope == GLOBAL), FOREVER)

    @cached_property
    def memberships(self) -> dict[str, list[Span]]:
        """Return the times [join, leave) by scope; the repository is never left."""
        scopes = {entry.scope for entry in self.entries} - {GLOBAL}
        found = {scope: self.spans(scope, {"added"}, {"removed"}) for scope in scopes}
        return {GLOBAL: [(self.published, FOREVER)], **found}

    def spans(self, scope: str, opening: set[str], closing: set[str]) -> list[Span]:
        """Return the times between what opens and what closes."""
        found, start = [], None
        for entry in (e for e in self.entries if e.scope == scope):
            if entry.kind in opening and start is None:
                start = entry.at
            elif entry.kind in closing and start is not None:
                found.append((start, entry.at))
                start = None
        return found if start is None else [*found, (start, FOREVER)]

    def facts_at(self, moment: datetime) -> dict[str, Any]:
        """Return the facts of a second; before the first ones, these."""
        return self.told[max(bisect_right([e.at for e in self.told], moment) - 1, 0)].facts

    def communities_at(self, moment: datetime) -> Iterator[str]:
        """Yield the communities that the record belongs to in a second."""
        for scope, spans in self.memberships.items():
            if scope != GLOBAL and any(start <= moment < end for start, end in spans):
                yield scope


@dataclass
class Repository:
    """Be the whole demo."""

    histories: dict[str, History]
    events: dict[str, list[Event]]
    """Events in order of time, by the scope in which they count."""
    stored: int
    """How many events were read, counted or not."""

    def of_record(self, recid: str, works: bool) -> list[Event]:
        """Return the events of a record; ``works``: of all versions."""
        parent = self.histories[recid].parent
        same = (lambda e: e.parent == parent) if works else (lambda e: e.recid == recid)
        return [event for event in self.events[GLOBAL] if same(event)]


def read(address: Address, until: datetime) -> Repository:
    """Return the demo; events that were indexed after ``until`` are left out."""
    histories = read_ledger(address.database)
    events: defaultdict[str, list[Event]] = defaultdict(list)
    stored = 0
    for kind, name in KINDS.items():
        for source in read_events(address, f"{address.prefix}events-stats-{name}-*"):
            stored += 1
            if counts(kind, source) and indexed(source) <= until:
                history = histories.get(source["recid"])
                event = event_of(kind, source, history)
                for scope in scopes_of(event, history):
                    events[scope].append(event)
    for some in events.values():
        some.sort(key=lambda event: event.at)
    return Repository(histories, dict(events), stored)


def read_events(address: Address, index: str) -> Iterator[dict[str, Any]]:
    """Yield the sources of all documents of some indices."""
    http, scroll = urllib3.PoolManager(), {"scroll": "5m"}
    body: dict[str, Any] = {"size": PAGE, "sort": ["_doc"], "query": {"match_all": {}}}
    path = f"/{index}/_search?scroll=5m"
    while True:
        answer = http.request("POST", address.search + path, json=body, timeout=120)
        assert answer.status == 200, answer.data[:500]
        page = json.loads(answer.data)
        if not page["hits"]["hits"]:
            done = {"scroll_id": page["_scroll_id"]}
            http.request("DELETE", f"{address.search}/_search/scroll", json=done)
            return
        yield from (hit["_source"] for hit in page["hits"]["hits"])
        path, body = "/_search/scroll", {**scroll, "scroll_id": page["_scroll_id"]}


def counts(kind: str, source: dict[str, Any]) -> bool:
    """Tell whether an event is of no robot, and a view of a page."""
    return not source.get("is_robot") and (kind == "download" or source.get("via_api") is False)


def indexed(source: dict[str, Any]) -> datetime:
    """Return when an event was indexed, as naive UTC."""
    return datetime.fromisoformat(source["updated_timestamp"]).replace(tzinfo=None)


def event_of(kind: str, source: dict[str, Any], history: History | None) -> Event:
    """Return an event with the facts of its second."""
    at = datetime.fromisoformat(source["timestamp"][:19])
    host = urlsplit(source.get("referrer") or "").hostname
    return Event(
        kind,
        at,
        at.date(),
        source["recid"],
        history.parent if history else source.get("parent_recid") or source["recid"],
        source.get("visitor_id"),
        source.get("unique_session_id"),
        source["unique_id"],
        source.get("country"),
        host,
        splitext(source.get("file_key") or "")[1].lower().lstrip("."),
        int(source.get("size") or 0),
        history.facts_at(at) if history else None,
    )


def scopes_of(event: Event, history: History | None) -> list[str]:
    """Return the scopes in which an event counts; a download of a draft counts nowhere."""
    if history is None:
        return [GLOBAL]
    if event.kind == "download" and event.at < history.published:
        return []
    return [GLOBAL, *history.communities_at(event.at)]


def read_ledger(database: str) -> dict[str, History]:
    """Return the history of every record of which facts are known."""
    found = {}
    engine = sa.create_engine(database)
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text("select id, recid, parent_recid, created from usage_stats_records")
        )
        found = {id_: History(recid, parent, created) for id_, recid, parent, created in rows}
        rows = connection.execute(
            sa.text(
                "select e.record_id, e.effective_at, e.id, e.scope, e.kind, f.facts"
                " from usage_stats_entries e left join usage_stats_facts f on f.id = e.facts_id"
            )
        )
        for record, *row in rows:
            found[record].entries.append(Entry(*row))
    engine.dispose()
    for history in found.values():
        history.entries.sort(key=lambda entry: entry[:2])
    return {history.recid: history for history in found.values() if history.told}
