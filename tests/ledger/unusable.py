# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The index of the ledger's entries, made unusable for a while."""

from collections.abc import Iterator
from contextlib import contextmanager

from invenio_search import current_search_client

from invenio_usage_stats.indices import EVENTS, full_name
from invenio_usage_stats.operations.setup import create_events_index


@contextmanager
def closed() -> Iterator[None]:
    """Close the index."""
    current_search_client.indices.close(index=full_name(EVENTS))
    yield
    current_search_client.indices.open(index=full_name(EVENTS))


@contextmanager
def missing() -> Iterator[None]:
    """Delete the index, and set it up again."""
    current_search_client.indices.delete(index=full_name(EVENTS))
    yield
    assert create_events_index()
