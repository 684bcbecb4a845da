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
Row = tuple[str, date, State]
LOOKUPS = 1_000


def write_rows(product: Product, rows: Iterable[Row], render: Callable[[State], dict]) -> int:
    """Write one document for each (scope, day, state); return how many.

    Raises ``UsageStatsError`` when the search engine rejects any.
    """
    count, errors = write(_actions(product, rows, render))
    if errors:
        raise UsageStatsError(
            f"{product.alias}: {len(errors)} documents were rejected, first: {errors[0]}"
        )
    if count:
        refresh(product.target)
    return count


def _actions(
    product: Product, rows: Iterable[Row], render: Callable[[State], dict]
) -> Iterator[dict[str, Any]]:
    """Yield the bulk actions."""
    written = datetime.now(UTC).replace(microsecond=0).isoformat()
    header = HEADERS[product.kind]
    for scope, day, state in rows:
        yield {
            "_index": product.index(day),
            "_id": document_id(scope, day),
            "_source": {
                **header(scope, day),
                "timestamp": written,
                "updated_timestamp": written,
                **render(state),
                "state": pack(state),
            },
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
