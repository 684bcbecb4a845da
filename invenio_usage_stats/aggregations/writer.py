# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Writing documents of a product."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from invenio_search import current_search_client

from ..errors import UsageStatsError
from ..indices import Product, refresh, write
from .documents import delta_header, document_id, snapshot_header
from .states import State, pack

HEADERS = {"delta": delta_header, "snapshot": snapshot_header}
Row = tuple[str, date, dict[str, Any]]
"""A scope, a day, and the fields of its document."""

LOOKUPS = 1_000


def packed(render: Callable[[Any], dict[str, Any]], state: State) -> dict[str, Any]:
    """Return the fields of a state's document: what it shows, and the state itself."""
    return {**render(state), "state": pack(state)}


def write_rows(product: Product, rows: Iterable[Row]) -> int:
    """Write one document for each row; return how many.

    Raises ``UsageStatsError`` when the search engine rejects any.
    """
    count, errors = write(_actions(product, rows))
    if errors:
        raise UsageStatsError(
            f"{product.alias}: {len(errors)} documents were rejected, first: {errors[0]}"
        )
    if count:
        refresh(product.target)
    return count


def _actions(product: Product, rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Yield the bulk actions."""
    written = datetime.now(UTC).replace(microsecond=0).isoformat()
    header = HEADERS[product.kind]
    for scope, day, fields in rows:
        times = {"timestamp": written, "updated_timestamp": written}
        yield {
            "_index": product.index(day),
            "_id": document_id(scope, day),
            "_source": {**header(scope, day), **times, **fields},
        }


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
