# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reading the histories of records from the projection, parsed once into typed structs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any

import msgspec
from flask import current_app

from ..indices import EVENTS, Page, full_name, pages, terms_batches
from .facts import Facts
from .history import History, history_of, second_of
from .models import LATEST
from .projection import forget, project_anew, projected_records, records_of_documents

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
_decode_any = msgspec.json.Decoder(Page[msgspec.Raw]).decode
_decode_document = msgspec.json.Decoder(_Document).decode


class _Found:
    """Hold the histories that a query finds, and why some records' cannot be read.

    ``field``: by what records are asked for; ``complete``: whether to notice that all documents
    of a record are gone.
    """

    def __init__(self, query: dict[str, Any], field: str, complete: bool) -> None:
        self.histories: list[History] = []
        self.damaged: dict[str, str] = {}
        self._strange: dict[str, str] = {}
        documents: defaultdict[str, list[_Document]] = defaultdict(list)
        for text in pages(full_name(EVENTS), query):
            for document in self._parsed(text):
                documents[document.record_id].append(document)
        self._name_strangers()
        if complete:
            read = chain.from_iterable(documents.values())
            self._miss(field, set(query["terms"][field]) - {getattr(one, field) for one in read})
        for record, some in documents.items():
            if record not in self.damaged:
                self._take(record, some)

    def _parsed(self, text: str) -> Iterator[_Document]:
        """Yield the documents of a page, without those that cannot be read."""
        try:
            page = _decode(text)
        except msgspec.DecodeError:
            for hit in _decode_any(text).hits.hits:
                try:
                    yield _decode_document(hit.source)
                except msgspec.DecodeError as error:
                    self._strange[hit.id] = str(error)
        else:
            for hit in page.hits.hits:
                yield hit.source

    def _name_strangers(self) -> None:
        """Ask the ledger of which records the documents are that cannot be read."""
        if self._strange:
            names = records_of_documents(self._strange)
            self.damaged = {record: self._strange[id_] for id_, record in names.items()}

    def _miss(self, field: str, values: set[str]) -> None:
        """Ask the ledger which records were projected of those that are not found."""
        for record in projected_records(field, values):
            self.damaged.setdefault(record, "its documents are gone")

    def _take(self, record: str, documents: list[_Document]) -> None:
        """Make a history of a record's documents."""
        try:
            history = history_of(documents, seconds)
        except ValueError as error:
            self.damaged[record] = str(error)
            return
        if any(document.facts for document in documents):
            self.histories.append(history)
        else:
            self.damaged[record] = "no document has facts"


def read_histories(field: str, values: Iterable[str], mend: bool = True) -> Iterator[History]:
    """Yield the histories of records found by ``record_id`` or ``parent_id``.

    Records of which a document cannot be read, or all are gone, are projected anew (``mend``);
    where that does not help they are left out, and their entries wait for the next projection.

    Raises ``SetupError`` when there is no projection at all.
    """
    for query in terms_batches(field, values, size=RECORDS):
        found = _Found(query, field, complete=mend)
        if found.damaged and mend:
            _log(found.damaged, "they are written anew")
            project_anew(found.damaged)
            found = _Found(query, field, complete=True)
        if found.damaged:
            _log(found.damaged, "these records are left out")
            if mend:
                forget(found.damaged)
        yield from found.histories


def _log(damaged: dict[str, str], what: str) -> None:
    """Say that documents cannot be read, and what is done about it."""
    record, reason = next(iter(damaged.items()))
    current_app.logger.warning(
        "Usage statistics: projected documents of %d records cannot be read, first %s: %s; %s.",
        *(len(damaged), record, reason, what),
        extra={"records": sorted(damaged), "reason": reason},
    )


def seconds(moment: str) -> int:
    """Return an ISO time (UTC) as seconds since 1970, no later than the ledger's latest."""
    return second_of(min(datetime.fromisoformat(moment[:19]), LATEST))
