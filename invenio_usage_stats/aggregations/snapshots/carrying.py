# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Carrying snapshots forward: one for every day, each from the one before it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

from invenio_search import current_search_client

from ...indices import Product
from ..documents import Documents, document_id
from ..records.growing import Growing
from ..records.states import DayChange, unpack
from ..sheets.sheet import Sheet, Usage
from ..sheets.spans import BEGINNING, DAY, ONE_DAY, Span, cover, day_span, month_end
from ..sheets.store import Key, in_order, read_groups, spans_of
from ..writer import Row
from .monthly import Packed, delta_of, deltas_from, last_snapshots

IDENTITY = ("community_id", "snapshot_date", "timestamp", "updated_timestamp")
Starts = dict[str, date]
"""From which day on snapshots are to be written, by scope."""
Around = Callable[[str, date], AbstractContextManager]
"""Returns the boundary of a scope from a day on."""


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield the days from one to another, both included."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


class Carrying:
    """Carry the snapshots of some scopes forward to yesterday, or to a today with activity."""

    def __init__(self, documents: Documents, product: Product, today: date, around: Around) -> None:
        self.documents = documents
        self.columns = documents.columns
        self.product = product
        self.today = today
        self.around = around

    def rows(self, starts: Starts) -> Iterator[Row]:
        """Yield the snapshots of scopes from a day on; what comes before is up to date."""
        return self._usage(starts) if self.product.family == "usage" else self._records(starts)

    def _last(self, active: bool) -> date:
        """Return the last day that has a snapshot, for a today with or without activity."""
        return self.today if active else self.today - ONE_DAY

    def _records(self, starts: Starts) -> Iterator[Row]:
        """Yield record snapshots."""
        bases = last_snapshots(self.product, starts)
        after = {scope: day + ONE_DAY if day else BEGINNING for scope, (day, _) in bases.items()}
        deltas = deltas_from(delta_of(self.product), after, self.today)
        for scope, start in starts.items():
            changes = deltas.get(scope, [])
            last = self._last(bool(changes) and changes[-1][0] == self.today)
            with self.around(scope, start):
                for day, fields in self._folded(bases[scope][1], changes, start, last):
                    yield scope, day, fields

    def _folded(
        self, state: str, changes: list[Packed], first: date, last: date
    ) -> Iterator[tuple[date, dict[str, Any]]]:
        """Yield the fields of each day's snapshot; they are rendered after changes only."""
        growing = Growing(self.documents.records, unpack(state))
        position, fields = 0, {}
        for day in days_between(first, last):
            while position < len(changes) and changes[position][0] <= day:
                growing.fold(unpack(changes[position][1], DayChange))
                fields, position = {}, position + 1
            fields = fields or growing.stored()
            yield day, fields

    def _usage(self, starts: Starts) -> Iterator[Row]:
        """Yield usage snapshots; those of scopes without activity are copies."""
        lately = spans_of(starts, min(starts.values()), self.today)
        quiet = {
            scope: start
            for scope, start in starts.items()
            if not any(span.kind == DAY and span.start >= start for span in lately[scope])
        }
        copies = self._before(quiet)
        for scope, fields in copies.items():
            for day in days_between(starts[scope], self._last(False)):
                yield scope, day, fields
        yield from self._united({s: day for s, day in starts.items() if s not in copies})

    def _before(self, starts: Starts) -> dict[str, dict[str, Any]]:
        """Return the fields of the snapshots of the days before, of scopes that have one."""
        days = {scope: start - ONE_DAY for scope, start in starts.items()}
        docs = [
            {"_index": self.product.index(day), "_id": document_id(scope, day)}
            for scope, day in days.items()
        ]
        found = current_search_client.mget(body={"docs": docs})["docs"] if docs else []
        return {
            scope: {k: v for k, v in doc["_source"].items() if k not in IDENTITY}
            for scope, doc in zip(days, found, strict=True)
            if doc.get("found")
        }

    def _united(self, starts: Starts) -> Iterator[Row]:
        """Yield usage snapshots from sheets, month by month: more are never in memory."""
        spans = spans_of(starts, BEGINNING, self.today)
        groups = (
            ((scope, first, last), _keys(scope, spans[scope], first, last))
            for scope, start in starts.items()
            for first, last in _months(start, self._last(day_span(self.today) in spans[scope]))
        )
        for (scope, first, last), found in read_groups(self.columns, groups):
            with self.around(scope, first):
                keys = _keys(scope, spans[scope], first, last)
                sheets = dict(zip((span for _, span in keys), in_order(found, keys), strict=True))
                for day, fields in self._grown(sheets, first, last):
                    yield scope, day, fields

    def _grown(
        self, sheets: dict[Span, Sheet], first: date, last: date
    ) -> Iterator[tuple[date, dict[str, Any]]]:
        """Yield the fields of each day's snapshot; they are rendered after activity only."""
        before = (sheet for span, sheet in sheets.items() if span.start < first)
        usage, fields = Usage(self.columns, before), {}
        for day in days_between(first, last):
            sheet = sheets.get(day_span(day))
            if sheet or not fields:
                usage = usage.add(sheet) if sheet else usage
                fields = self.documents.usage_snapshot(usage)
            yield day, fields


def _months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the parts of a period that lie in one month."""
    while first <= last:
        end = min(month_end(first), last)
        yield first, end
        first = end + ONE_DAY


def _keys(scope: str, spans: Iterable[Span], first: date, last: date) -> list[Key]:
    """Return the sheets before a day, as large as possible, and each day's up to another."""
    days = (span for span in spans if span.kind == DAY and first <= span.start <= last)
    return [(scope, span) for span in (*cover(spans, BEGINNING, first - ONE_DAY), *days)]
