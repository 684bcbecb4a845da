# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reading the histories of records from the projection, parsed once into typed structs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import msgspec

from ..indices import EVENTS, Page, full_name, pages, terms_batches
from .facts import Facts
from .history import Entry, History
from .models import LATEST

RECORDS = 5_000
"""How many records one query asks for."""


class _Document(msgspec.Struct, gc=False):
    record_id: str
    parent_id: str
    ordinal: int
    parent_ordinal: int
    record_created_date: str
    record_drafted_date: str
    community_id: str
    event_type: str
    event_date: str
    sequence: int
    facts: Facts | None = None


_decode = msgspec.json.Decoder(Page[_Document]).decode


def read_histories(field: str, values: Iterable[str]) -> Iterator[History]:
    """Yield the histories of records found by ``record_id`` or ``parent_id``."""
    for query in terms_batches(field, values, size=RECORDS):
        documents: defaultdict[str, list[_Document]] = defaultdict(list)
        for text in pages(full_name(EVENTS), query):
            for hit in _decode(text).hits.hits:
                documents[hit.source.record_id].append(hit.source)
        for found in documents.values():
            yield _history(found)


def _history(documents: list[_Document]) -> History:
    """Return the history that a record's documents tell."""
    first = documents[0]
    return History(
        record=first.record_id,
        parent=first.parent_id,
        ordinal=first.ordinal,
        parent_ordinal=first.parent_ordinal,
        created=seconds(first.record_created_date),
        drafted=seconds(first.record_drafted_date),
        entries=[
            Entry(d.community_id, d.event_type, seconds(d.event_date), d.sequence, d.facts)
            for d in documents
        ],
    )


def seconds(moment: str) -> int:
    """Return an ISO time (UTC) as seconds since 1970, no later than the ledger's latest."""
    found = datetime.fromisoformat(moment[:19])
    return int(min(found, LATEST).replace(tzinfo=UTC).timestamp())
