# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Check of sheets: each day's is its delta document, each month's is its days counted together."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from ...aggregations.columns import Columns, Numbers
from ...aggregations.documents import current_documents
from ...aggregations.reports import REPORTED, SOFTWARE
from ...aggregations.running.failures import UNREADABLE, reason_of
from ...aggregations.shares import MISSING
from ...aggregations.sheets.sheet import Usage
from ...aggregations.sheets.spans import DAY, MONTH, Span, month_of
from ...aggregations.sheets.store import in_order, read, spans_of
from ...aggregations.snapshots.changes import changed_months
from ...catalog.base import BESIDE, REPORTS
from ...indices import USAGE_DELTA
from ...reader.periods import Period
from ...reader.states import delta_documents
from .base import Comparison, Question

Table = dict[str, dict[str, Numbers]]
"""Numbers by dimension and value; the total's dimension is empty text."""


def sheets(question: Question) -> Iterator[Comparison]:
    """Compare sheets with documents, a scope's month at a time; numbers are values that agree."""
    today = datetime.now(UTC).date()
    months = changed_months([USAGE_DELTA], None, today)[USAGE_DELTA]
    for scope in sorted(months):
        if question.scope in (None, scope):
            for first in sorted(months[scope]):
                month = month_of(first)
                if question.period.since <= month.end and first <= question.period.until:
                    yield from _readable(question, scope, month)


def _readable(question: Question, scope: str, month: Span) -> Iterator[Comparison]:
    """Compare the sheets of one month of a scope, if they can be read."""
    try:
        yield from _month(question, scope, month)
    except UNREADABLE as error:
        yield Comparison("sheets readable", scope, month.start, 0, 1, reason_of(error))


def _month(question: Question, scope: str, month: Span) -> Iterator[Comparison]:
    """Compare the sheets of one month of a scope."""
    columns = current_documents().columns
    spans = spans_of([scope], month.start, month.end)[scope]
    keys = [(scope, span) for span in spans if span.kind in (DAY, MONTH)]
    found = dict(zip(keys, in_order(read(columns, keys), keys), strict=True))
    documents = delta_documents(USAGE_DELTA, scope, Period(month.start, month.end))
    days = {span: sheet for (_, span), sheet in found.items() if span.kind == DAY}
    for day in sorted({*documents, *(span.start for span in days)}):
        if question.period.since <= day <= question.period.until:
            sheet = days.get(Span(day, DAY))
            ours = _of_usage(Usage(columns, [sheet] if sheet else []))
            yield from _compared("sheet of a day", scope, day, ours, _of_document(documents, day))
    head = found.get((scope, month))
    if head is not None:
        whole = _of_usage(Usage(columns, days.values()))
        ours = _of_usage(Usage(columns, [head]))
        yield from _compared("sheet of a month", scope, month.end, ours, whole)


def _compared(what: str, scope: str, day: date, ours: Table, theirs: Table) -> Iterator[Comparison]:
    """Yield for each dimension how many values have the numbers that they should have."""
    for dimension in sorted(ours.keys() | theirs.keys()):
        mine, other = ours.get(dimension, {}), theirs.get(dimension, {})
        values = mine.keys() | other.keys()
        equal = sum(mine.get(value) == other.get(value) for value in values)
        yield Comparison(f"{what}: {dimension or 'total'}", scope, day, equal, len(values))


def _of_usage(usage: Usage) -> Table:
    """Return all numbers of sheets, empty cells left out."""
    dimensions = {dimension for sheet in usage.sheets for dimension in sheet.dimensions}
    table = {
        dimension: {key: usage.numbers((dimension, key)) for key in usage.sums(dimension)}
        for dimension in dimensions
    }
    software = {key: (number,) for key, number in usage.beside.by_software().items()}
    return _filled({**table, **_beside(usage.beside.totals()), SOFTWARE.id: software})


def _of_document(documents: dict[date, dict[str, Any]], day: date) -> Table:
    """Return all numbers of a day's document, empty cells left out."""
    if day not in documents:
        return {}
    catalog, columns = current_documents().catalog, current_documents().columns
    document = documents[day]
    table: Table = {"": {MISSING: _row(columns, document["totals"])}}
    for dimension in catalog.shown("usage"):
        field = dimension.field("usage", "delta")
        items = document["subcounts"].get(field, ())
        table[dimension.id] = {item["id"]: _row(columns, item) for item in items}
        if field in document["missing"]:
            table[dimension.id][MISSING] = _row(columns, document["missing"][field])
    table[SOFTWARE.id] = _software(document)
    return _filled({**table, **_beside(document["totals"])})


def _beside(totals: dict[str, dict[str, int]]) -> Table:
    """Return what is counted beside the uses of records as tables of one row."""
    catalog = current_documents().catalog
    table: Table = {}
    for kind in dict.fromkeys(m.event for m in catalog.metrics.values() if m.family in BESIDE):
        fields = (metric.field for metric in catalog.usage_metrics(kind))
        table[kind] = {MISSING: tuple(totals.get(kind, {}).get(field, 0) for field in fields)}
    return table


def _software(document: dict[str, Any]) -> dict[str, Numbers]:
    """Return the reported downloads of each software, as a document tells them."""
    field = SOFTWARE.field(REPORTS, "delta")
    items = {item["id"]: item for item in document["subcounts"].get(field, ())}
    if field in document["missing"]:
        items[MISSING] = document["missing"][field]
    return {key: (item[REPORTED.event][REPORTED.field],) for key, item in items.items()}


def _row(columns: Columns, item: dict[str, Any]) -> Numbers:
    """Return the numbers of a document's item in the order of columns."""
    return tuple(item[metric.event][metric.field] for metric in columns.metrics)


def _filled(table: Table) -> Table:
    """Return a table without what is empty."""
    found = {
        dimension: {key: row for key, row in rows.items() if any(row)}
        for dimension, rows in table.items()
    }
    return {dimension: rows for dimension, rows in found.items() if rows}
