# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Writing documents of products, as the holder of a lease and within the failure boundary."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from invenio_search import current_search_client

from ..bulk import SUPERSEDED, Bulk, Document
from ..indices import Product, refresh
from ..ledger.history import day_number
from .documents import delta_header, document_id, snapshot_header
from .running.failures import Boundary
from .running.leases import Lease

HEADERS = {"delta": delta_header, "snapshot": snapshot_header}
Row = tuple[str, date, dict[str, Any]]
"""A scope, a day, and the fields of its document."""

LOOKUPS = 1_000


class Writer(Bulk):
    """Send documents of one step; ``superseded`` counts those that others wrote later."""

    def __init__(self, boundary: Boundary, lease: Lease) -> None:
        super().__init__()
        self.boundary = boundary
        self.lease = lease
        self.superseded = 0

    def rows(
        self, product: Product, rows: Iterable[Row], version: int | None, aggregator: str = ""
    ) -> int:
        """Write one document for each row, make them visible, and return how many there are.

        ``aggregator``: to whose failures rejected documents are added, by default the product's.
        """
        written = datetime.now(UTC).replace(microsecond=0).isoformat()
        documents = (_document(product, row, written) for row in rows)
        count = self.send(documents, version, aggregator or product.name)
        if count:
            refresh(product.target)
            self.requests += 1
        return count

    def send(self, documents: Iterable[Document], version: int | None, aggregator: str) -> int:
        """Write documents that no later version has overwritten; return how many are written.

        ``version``: a token drawn before anything was read that the documents tell of; none to
        write only documents that are not there;
        ``aggregator``: to whose failures rejected documents are added.

        Raises ``LeaseLostError`` when another run writes by now, ``SearchEngineError`` when an
        index takes nothing.
        """
        before = self.documents
        for rejected in self.post(self._guarded(documents), version):
            final = [one for one in rejected if one.status != SUPERSEDED]
            self.superseded += len(rejected) - len(final)
            self.boundary.report_all(
                aggregator,
                {(o.document.scope, o.document.day): f"{o.status}: {o.reason}" for o in final},
            )
        return self.documents - before

    def _guarded(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Yield documents as long as the lease is held."""
        for document in documents:
            self.lease.check()
            yield document


def _document(product: Product, row: Row, written: str) -> Document:
    """Return the document of a row."""
    scope, day, fields = row
    times = {"timestamp": written, "updated_timestamp": written}
    source = {**HEADERS[product.kind](scope, day), **times, **fields}
    body = msgspec.json.encode(source).decode()
    return Document(product.index(day), document_id(scope, day), body, scope, day_number(day))


def existing(product: Product, keys: Iterable[tuple[str, date]]) -> set[tuple[str, date]]:
    """Return which of these (scope, day) have a document."""
    wanted = list(keys)
    found = set()
    for start in range(0, len(wanted), LOOKUPS):
        some = wanted[start : start + LOOKUPS]
        docs = [
            {"_index": product.index(day), "_id": document_id(scope, day), "_source": False}
            for scope, day in some
        ]
        answer = current_search_client.mget(body={"docs": docs})["docs"]
        found |= {key for key, doc in zip(some, answer, strict=True) if doc.get("found")}
    return found
