# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Counting a month: its raw events become the documents of a new generation."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import msgspec
from flask import current_app

from ...aggregations.base import without_collector
from ...aggregations.running.leases import Lease
from ...bulk import Bulk, Document
from ...errors import MonthError
from ...indices import full_name, refresh
from ...ledger.history import day_number
from .documents import LEVELS, MONTHS, document_id, index_of, source_of
from .fields import EVENTS
from .generations import begin, remove_before
from .reading import Judge, bounds, events_in_lots
from .rules import Tally


class Count(NamedTuple):
    """Say what a count of a month has written."""

    month: str
    generation: int
    events: int
    """How many raw events the month has, those of robots included."""
    documents: int


@without_collector()
def tallied(month: str, list_version: str) -> tuple[Tally, int]:
    """Return the use of a month by a list of robots, and how many raw events it has."""
    refresh(full_name(EVENTS))
    tally, judge, size = Tally(month), Judge(list_version), 0
    for lot, some in events_in_lots(month):
        size += sum(event.timestamp < lot.until for event in some)
        tally.add(sorted(judge.no_robots(some)), lot.until)
    return tally, size


def write(lease: Lease, month: str, list_version: str) -> Count:
    """Write a new generation of a month, which is not shown yet; remove old ones meanwhile.

    Raises ``LeaseLostError`` when another run counts by now, ``MonthError`` when a document is not
    taken: a month is shown as a whole or not at all.
    """
    generation = begin(month, list_version)
    application = current_app._get_current_object()

    def remove() -> None:
        with application.app_context():
            remove_before(month, generation)

    with ThreadPoolExecutor(1, thread_name_prefix="usage-stats-counter") as thread:
        removing = thread.submit(remove)
        count = _write(month, generation, list_version, lease.token)
        removing.result()
    refresh(full_name(MONTHS))
    lease.check()
    return count


@without_collector()
def _write(month: str, generation: int, list_version: str, token: int) -> Count:
    """Write the documents of a generation; raise ``MonthError`` when one is not taken."""
    tally, size = tallied(month, list_version)
    bulk = Bulk()
    for rejected in bulk.post(_documents(tally, generation, list_version), token):
        for one in rejected:
            raise MonthError(f"{one.document.id} was rejected: {one.status}: {one.reason}")
    return Count(month, generation, size, bulk.documents)


def _documents(tally: Tally, generation: int, list_version: str) -> Iterator[Document]:
    """Yield the documents of a generation."""
    month = tally.month
    index, day = index_of(month), day_number(bounds(month)[0])
    for level in LEVELS:
        for usage in tally.usages(level):
            source = source_of(usage, level, generation, list_version)
            body = msgspec.json.encode(source).decode()
            yield Document(index, document_id(usage, level, generation), body, usage.recid, day)
