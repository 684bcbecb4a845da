# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Puts an oracle's world into the real ledger and the real search engine, and reads it back."""

import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha1
from uuid import NAMESPACE_OID, uuid5

import sqlalchemy as sa
from invenio_db import db
from invenio_search import current_search_client
from invenio_search.engine import search
from invenio_stats import current_stats

from invenio_usage_stats.aggregations.running.bookmarks import OVERLAP
from invenio_usage_stats.aggregations.running.failures import FAILURES
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.indices import (
    RECORD_DELTAS,
    RECORD_SNAPSHOTS,
    REPOSITORY,
    USAGE_DELTA,
    USAGE_EVENTS,
    USAGE_SNAPSHOT,
    Product,
    full_name,
    refresh,
)
from invenio_usage_stats.ledger.facts import Facts, decode_facts
from invenio_usage_stats.ledger.models import LedgerEntry, LedgerFacts, LedgerRecord
from invenio_usage_stats.operations.setup import create_events_index
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.freshness import estimated_before
from invenio_usage_stats.reader.periods import Period
from invenio_usage_stats.services.scopes import Scope

from .oracle.records import is_zero
from .oracle.world import Event, Operation, World

RECORDS, FACTS, ENTRIES = (m.__table__ for m in (LedgerRecord, LedgerFacts, LedgerEntry))
HEADER = ("community_id", "period_start", "period_end", "snapshot_date", "timestamp", "label")
HEADER += ("updated_timestamp", "bookmark")


def forget_failures() -> None:
    """Let nothing wait for another try."""
    with db.engine.begin() as connection:
        connection.execute(sa.delete(FAILURES))


def wipe() -> None:
    """Empty the ledger, forget failures, and delete all events and documents."""
    forget_failures()
    with db.engine.begin() as connection:
        connection.execute(
            sa.text(f"TRUNCATE {ENTRIES.name}, {FACTS.name}, {RECORDS.name} RESTART IDENTITY")
        )
    patterns = ("stats-community-*", "events-stats-*", "stats-bookmarks*")
    patterns += ("stats-record-view-*", "stats-file-download-*")
    index = ",".join(full_name(pattern) for pattern in patterns)
    refresh(index)
    current_search_client.delete_by_query(
        index=index,
        body={"query": {"match_all": {}}},
        params={"conflicts": "proceed", "refresh": "true", "ignore_unavailable": "true"},
    )
    create_events_index()
    current_usage_stats.timelines.clear()
    estimated_before.forget()
    vars(current_usage_stats._get_current_object()).pop("labels", None)


class Loader:
    """Append operations and events of a world, in the order in which they become known."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ids: dict[str, int] = {}
        self.facts: dict[tuple[int, str], int] = {}
        self.transitions: defaultdict[tuple[int, str], int] = defaultdict(int)

    def operations(self, operations: Iterable[Operation]) -> None:
        """Append operations to the ledger."""
        known = list(operations)
        with db.engine.begin() as connection:
            self._records(connection, known)
            self._facts(connection, known)
            connection.execute(sa.insert(ENTRIES), [self._entry(o) for o in known])

    def _entry(self, operation: Operation) -> dict:
        record_id = self.ids[operation.record]
        self.transitions[record_id, operation.scope] += 1
        facts = operation.facts and self.facts[record_id, digest(operation.facts)]
        return {
            "record_id": record_id,
            "scope": operation.scope,
            "transition": self.transitions[record_id, operation.scope],
            "kind": operation.kind,
            "effective_at": operation.at,
            "date_source": "seen",
            "facts_id": facts,
        }

    def _records(self, connection, operations: list[Operation]) -> None:
        new = list(dict.fromkeys(o.record for o in operations if o.record not in self.ids))
        insert = sa.insert(RECORDS).returning(RECORDS.c.id, sort_by_parameter_order=True)
        rows = [self._record(record) for record in new]
        if rows:
            self.ids |= dict(zip(new, connection.execute(insert, rows).scalars(), strict=True))

    def _record(self, record: str) -> dict:
        known = self.world.records[record]
        return {
            "uuid": uuid5(NAMESPACE_OID, record),
            "recid": record,
            "parent_uuid": uuid5(NAMESPACE_OID, known.parent),
            "parent_recid": known.parent,
            "created": known.created,
            "drafted": known.created - timedelta(days=30),
        }

    def _facts(self, connection, operations: list[Operation]) -> None:
        found = {(self.ids[o.record], digest(o.facts)): o.facts for o in operations if o.facts}
        new = {key: facts for key, facts in found.items() if key not in self.facts}
        insert = sa.insert(FACTS).returning(FACTS.c.id, sort_by_parameter_order=True)
        rows = [
            {"record_id": id_, "digest": digest_, "facts": _facts_of(facts).encode()}
            for (id_, digest_), facts in new.items()
        ]
        if rows:
            self.facts |= dict(zip(new, connection.execute(insert, rows).scalars(), strict=True))


def _facts_of(facts: dict) -> Facts:
    """Return an oracle's facts as the ledger has them."""
    return decode_facts({**facts, "files": {e: tuple(f) for e, f in facts["files"].items()}})


def digest(facts: dict) -> str:
    """Return the digest of an oracle's facts."""
    return _facts_of(facts).digest


def put(actions: Iterable[dict]) -> None:
    """Write documents into the search engine."""
    search.helpers.bulk(current_search_client, actions)


def index_events(events: Iterable[Event]) -> None:
    """Write usage events in the shape that invenio-stats stores."""
    actions = [_action(event) for event in events]
    put(actions)
    for alias in USAGE_EVENTS.values():
        refresh(full_name(alias))


def _action(event: Event) -> dict:
    document = {
        "timestamp": event.at.isoformat(),
        "recid": event.record,
        "parent_recid": event.parent,
        "unique_id": event.unique_id,
        "visitor_id": event.visitor,
        "unique_session_id": event.session,
        "country": event.country,
        "referrer": event.referrer,
        "via_api": False,
        "is_robot": False,
        "is_machine": False,
        "updated_timestamp": datetime.now(UTC).isoformat(),
    }
    if event.kind == "download":
        document |= {
            "file_key": event.file_key,
            "size": event.size,
            "file_id": event.unique_id,
            "bucket_id": event.record,
        }
    index = f"{USAGE_EVENTS[event.kind]}-{event.at:%Y-%m}"
    return {"_index": full_name(index), "_source": document}


def next_second() -> None:
    """Wait for another second: what joins and leaves within one is as if it had never been."""
    time.sleep(1 - time.time() % 1)


def rest() -> None:
    """Let the last run be so long ago that nothing lies in its overlap."""
    with db.engine.begin() as connection:
        ago = ENTRIES.c.projected_at - 2 * OVERLAP
        connection.execute(sa.update(ENTRIES).values(projected_at=ago))
    old = (datetime.now(UTC) - 2 * OVERLAP).isoformat()
    for index, field in (
        ("events-stats-*", "updated_timestamp"),
        ("stats-community-*", "timestamp"),
    ):
        current_search_client.update_by_query(
            index=full_name(index),
            body={"script": {"source": f"ctx._source.{field} = '{old[:19]}'"}},
            params={"refresh": "true", "conflicts": "proceed"},
        )


def load(world: World) -> None:
    """Put a whole world into an empty repository and aggregate it."""
    wipe()
    Loader(world).operations(sorted(world.operations, key=lambda o: o.at))
    index_events(world.events)
    aggregate()


def count_in_the_repository() -> None:
    """Let the repository make its own documents of records, for new days that have events.

    By itself it would look at each day, from the first event or its bookmark to the present one.
    """
    for kind, name in (("view", "record-view-agg"), ("download", "file-download-agg")):
        known = current_stats.aggregations[name]
        aggregation = known.cls(name=known.name, **known.params)
        last = aggregation.bookmark_api.get_bookmark()
        for day in _days_with_events(kind):
            if last is None or day.date() >= last.date():
                aggregation.run(day, day, update_bookmark=False)
        aggregation.bookmark_api.set_bookmark(datetime.now(UTC).isoformat())
        refresh(full_name(REPOSITORY[kind]))


def _days_with_events(kind: str) -> list[datetime]:
    """Return the days of a kind's events."""
    days = {"date_histogram": {"field": "timestamp", "calendar_interval": "day"}}
    days["date_histogram"]["min_doc_count"] = 1
    body = {"size": 0, "aggs": {"days": days}}
    alias = full_name(USAGE_EVENTS[kind])
    refresh(alias)
    found = current_search_client.search(index=alias, body=body)
    buckets = found["aggregations"]["days"]["buckets"]
    return [datetime.fromtimestamp(bucket["key"] / 1000, UTC) for bucket in buckets]


_loaded: list[str] = []


def loaded(world: World) -> None:
    """Put a world into the repository unless it is there already."""
    key = sha1(repr(world).encode()).hexdigest()
    if _loaded != [key]:
        load(world)
        _loaded[:] = [key]


def forget_world() -> None:
    """Load the next world whatever was loaded last."""
    _loaded.clear()


def bare(value):
    """Return a document without labels, times and what identifies it."""
    if isinstance(value, dict):
        return {k: bare(v) for k, v in value.items() if k not in HEADER}
    return [bare(v) for v in value] if isinstance(value, list) else value


def answer(product: Product, scope: str, since: date, until: date) -> dict[date, dict]:
    """Return what the queries answer for each day."""
    period = Period(since, until)
    documents = current_usage_stats.service.daily_documents(Scope(scope), product, period)
    return {day: bare(found) for day, found in zip(period.days(), documents, strict=True)}


def stored_deltas(product: Product) -> dict[tuple[str, date], dict]:
    """Return the stored deltas of all scopes, empty ones left out."""
    from invenio_usage_stats.indices import scroll

    refresh(product.target)
    found = {}
    for hit in scroll(product.target, {"match_all": {}}):
        source = {k: v for k, v in hit["_source"].items() if k != "state"}
        key = source["community_id"], date.fromisoformat(source["period_start"][:10])
        found[key] = bare(source)
    return {key: document for key, document in found.items() if not is_zero(document)}


class Engine:
    """Answer the oracle's questions from the real servers."""

    def record_deltas(self, world: World, basis: str) -> dict:
        loaded(world)
        return stored_deltas(next(p for p in RECORD_DELTAS if p.basis == basis))

    def record_snapshot(self, world: World, basis: str, scope: str, day: date) -> dict:
        loaded(world)
        product = next(p for p in RECORD_SNAPSHOTS if p.basis == basis)
        return answer(product, scope, day, day)[day]

    def usage_deltas(self, world: World) -> dict:
        loaded(world)
        return stored_deltas(USAGE_DELTA)

    def usage_snapshot(self, world: World, scope: str, day: date, top_size: int = 20) -> dict:
        from flask import current_app

        loaded(world)
        usual = current_app.config["USAGE_STATS_TOP_SIZE"]
        current_app.config["USAGE_STATS_TOP_SIZE"] = top_size
        try:
            return answer(USAGE_SNAPSHOT, scope, day, day)[day]
        finally:
            current_app.config["USAGE_STATS_TOP_SIZE"] = usual
