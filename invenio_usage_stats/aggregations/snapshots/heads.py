# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What closes a month of usage: its sheet, that of its year, and the snapshot at its end."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

from ...indices import SHEETS, Product, refresh
from ...ledger.history import day_number
from ..base import Work
from ..sheets.joining import Joining
from ..sheets.sheet import Sections, Sheet, Usage
from ..sheets.spans import BEGINNING, DAY, MONTH, ONE_DAY, Span, cover, month_of, year_of
from ..sheets.store import Key, SheetWriter, in_order, read_groups, spans_of
from ..writer import Document, Row
from .changes import Months

SCOPES = 500
"""How many scopes are looked at together."""
Spans = dict[str, list[Span]]
"""Spans by scope."""


class UsageHeads:
    """Write the sheets of months and years, and snapshots, of all that changed."""

    def __init__(self, work: Work, product: Product, today: date, token: int) -> None:
        self.work = work
        self.product = product
        self.today = today
        self.token = token
        self.catalog = work.documents.catalog
        self.columns = work.documents.columns
        written = datetime.now(UTC).replace(microsecond=0).isoformat()
        self.sheets = SheetWriter(self.columns, written, token)

    def write(self, changed: Months) -> int:
        """Write what the changed months of scopes ask for; return how many snapshots."""
        closed = {
            scope: sorted(month for month in map(month_of, days) if month.end < self.today)
            for scope, days in changed.items()
        }
        scopes = sorted(scope for scope, months in closed.items() if months)
        count = 0
        for start in range(0, len(scopes), SCOPES):
            count += self._some({scope: closed[scope] for scope in scopes[start : start + SCOPES]})
            self.work.rest()
        if count:
            refresh(SHEETS.target)
        return count

    def _some(self, months: dict[str, list[Span]]) -> int:
        """Write sheets and snapshots of some scopes."""
        spans = spans_of(months, BEGINNING, self.today)
        months = _with_days(months, spans)
        years = {scope: {year_of(month.start) for month in some} for scope, some in months.items()}
        ended = {s: sorted(y for y in some if y.end < self.today) for s, some in years.items()}
        self._join(months, spans, DAY)
        self._join(ended, spans, MONTH)
        return self.work.writer.rows(self.product, self._snapshots(months, spans), self.token)

    def _join(self, heads: Spans, spans: Spans, kind: str) -> None:
        """Write the sheets that join others of a kind, and add them to the spans there are."""
        documents = self._joined(heads, spans, kind)
        self.work.writer.send(documents, self.token, self.product.name)
        for scope, some in heads.items():
            spans[scope] = sorted({*spans[scope], *some})

    def _joined(self, heads: Spans, spans: Spans, kind: str) -> Iterator[Document]:
        """Yield the documents of sheets that join others."""
        groups = (
            ((scope, head), _within(scope, head, spans[scope], kind))
            for scope, some in heads.items()
            for head in some
        )
        for (scope, head), found in read_groups(self.columns, groups):
            sections: Sections | None = None
            with self._around(scope, head):
                sheets = in_order(found, _within(scope, head, spans[scope], kind))
                sections = Joining(self.catalog, self.columns, sheets).sections()
            if sections is not None:
                yield from self.sheets.documents(scope, head, sections)

    def _snapshots(self, months: Spans, spans: Spans) -> Iterator[Row]:
        """Yield the snapshots of scopes at the ends of closed months, from a month on."""
        groups = (
            (scope, [(scope, span) for span in self._path(some[0], spans[scope])])
            for scope, some in months.items()
        )
        for scope, found in read_groups(self.columns, groups):
            rows: list[Row] = []
            with self._around(scope, months[scope][0]):
                rows = list(self._folded(scope, months[scope][0], spans[scope], found))
            yield from rows

    def _path(self, first: Span, spans: list[Span]) -> list[Span]:
        """Return the spans up to a month, as large as possible, and each month from there on."""
        before = cover(spans, BEGINNING, first.start - ONE_DAY)
        return [*before, *(s for s in spans if s.kind == MONTH and s.start >= first.start)]

    def _folded(
        self, scope: str, first: Span, spans: list[Span], found: dict[Key, Sheet]
    ) -> Iterator[Row]:
        """Yield a scope's snapshots."""
        path = self._path(first, spans)
        usage = Usage(self.columns)
        for span, sheet in zip(path, in_order(found, [(scope, s) for s in path]), strict=True):
            usage.add(sheet)
            if span.start >= first.start:
                yield scope, span.end, self.work.documents.usage_snapshot(usage)

    def _around(self, scope: str, span: Span) -> AbstractContextManager:
        """Return the boundary of one scope."""
        return self.work.boundary.around(self.product.name, day=day_number(span.start), scope=scope)


def _with_days(months: Spans, spans: Spans) -> Spans:
    """Return the months that have sheets of days, of scopes that have such months."""
    active = {s: {month_of(span.start) for span in spans[s] if span.kind == DAY} for s in months}
    found = {s: [month for month in some if month in active[s]] for s, some in months.items()}
    return {scope: some for scope, some in found.items() if some}


def _within(scope: str, head: Span, spans: list[Span], kind: str) -> list[Key]:
    """Return the keys of the sheets that another one joins."""
    return [(scope, s) for s in spans if s.kind == kind and head.start <= s.start <= head.end]
