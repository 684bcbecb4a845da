# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Checks of records: whether those that are used are known, and whether their dates can be."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from invenio_db import db
from invenio_pidstore.models import PersistentIdentifier, PIDStatus

from ...indices import EVENTS, PAGE, USAGE_EVENTS, find, find_all, full_name
from ...ledger.history import GLOBAL
from ...ledger.models import LedgerRecord
from .base import Finding, some

RECENT = {"range": {"timestamp": {"gte": "now-7d/d"}}}
MOST_PAGES = 5
"""So many pages of used records are looked at: monitoring asks often."""
MOST_UNKNOWN = 0.01
"""So large a share of the events may be of records that nobody knows."""
SHOWN = 3
PIDS = PersistentIdentifier.__table__
DRAFT = (PIDStatus.NEW, PIDStatus.RESERVED)


def used_records() -> Finding:
    """Check that the ledger knows the records that were used lately."""
    events, unknown = 0, Counter()
    for used in _use_by_record():
        events += sum(used.values())
        unknown.update({recid: used[recid] for recid in used.keys() - _known(used)})
    status = _status_of(unknown)
    lost = [recid for recid in unknown if status.get(recid) == PIDStatus.REGISTERED]
    foreign = {r: count for r, count in unknown.items() if status.get(r) not in DRAFT}
    if not foreign:
        return Finding("the ledger knows those of the last 7 days")
    names = [recid for recid, _ in Counter(foreign).most_common()]
    state = f"{sum(foreign.values())} of {events} events of 7 days are of {len(names)} records "
    state += f"unknown to the ledger: {some(names, SHOWN)}"
    if lost:
        advice = f"Run 'invenio usage-stats reconcile': {some(lost, SHOWN)} are records."
        return Finding(state, advice)
    many = sum(foreign.values()) > MOST_UNKNOWN * events
    advice = "Find what sends events of records that are not there." if many else ""
    return Finding(state, advice)


def _use_by_record() -> Iterator[Counter[str]]:
    """Yield the records with recent events, and how many, page by page."""
    after: dict[str, Any] = {}
    index = ",".join(full_name(alias) for alias in USAGE_EVENTS.values())
    for _ in range(MOST_PAGES):
        sources = [{"recid": {"terms": {"field": "recid"}}}]
        records = {"composite": {"size": PAGE, "sources": sources, **after}}
        answer = find(index, {"size": 0, "query": RECENT, "aggs": {"records": records}})
        found = answer.get("aggregations", {}).get("records", {}).get("buckets", ())
        yield Counter({bucket["key"]["recid"]: bucket["doc_count"] for bucket in found})
        if len(found) < PAGE:
            return
        after = {"after": found[-1]["key"]}


def _known(recids: Iterable[str]) -> set[str]:
    """Return which of some records the ledger knows."""
    column = LedgerRecord.__table__.c.recid
    with db.engine.connect() as connection:
        return set(connection.execute(sa.select(column).where(column.in_(list(recids)))).scalars())


def _status_of(recids: Iterable[str]) -> dict[str, PIDStatus]:
    """Return the status of the repository's identifiers; what is none has no status."""
    of_records = (PIDS.c.pid_type == "recid", PIDS.c.pid_value.in_(list(recids)))
    query = sa.select(PIDS.c.pid_value, PIDS.c.status).where(*of_records)
    with db.engine.connect() as connection:
        return {row.pid_value: row.status for row in connection.execute(query)}


def publication_dates() -> Finding:
    """Check that records have publication dates that exist and are not far in the future."""
    published = {"term": {"event_type": "added"}}, {"term": {"community_id": GLOBAL}}
    field = "record_published_date"
    none = {"filter": [*published], "must_not": [{"exists": {"field": field}}]}
    late = {"filter": [*published, {"range": {field: {"gt": "now+5y"}}}]}
    texts = list(_counted({"without a date that exists": none, "more than 5 years ahead": late}))
    if texts:
        advice = "Correct the records' metadata: without a date they count from their creation day."
        return Finding("; ".join(texts), advice)
    return Finding("plausible")


def dates_of_entries() -> Finding:
    """Check that nothing in the ledger happened before 1990 or after tomorrow."""
    fields = ("event_date", "record_created_date", "record_drafted_date")
    queries = {
        f"{name} in {field}": {"filter": [{"range": {field: bounds}}]}
        for field in fields
        for name, bounds in (("before 1990", {"lt": "1990"}), ("in the future", {"gt": "now+1d"}))
    }
    texts = list(_counted(queries))
    if texts:
        advice = "Find what wrote them, correct the ledger's tables, and rebuild these days."
        return Finding("; ".join(texts), advice)
    return Finding("plausible")


def _counted(queries: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Yield for each query that finds entries their number, its name, and the first records."""
    body = {"size": SHOWN, "_source": ["record_id"], "track_total_hits": True}
    bodies = ((full_name(EVENTS), {**body, "query": {"bool": query}}) for query in queries.values())
    for name, answer in zip(queries, find_all(bodies), strict=True):
        hits = answer["hits"]
        if hits["total"]["value"]:
            names = dict.fromkeys(hit["_source"]["record_id"] for hit in hits["hits"])
            yield f"{hits['total']['value']} {name}, first {', '.join(names)}"
