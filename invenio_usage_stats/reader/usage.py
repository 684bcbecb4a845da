# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Usage of a scope: read from sheets, the largest that fit a period."""

from collections.abc import Iterable, Iterator
from datetime import date

from ..aggregations.columns import Columns
from ..aggregations.sheets.sheet import CELLS, LINES, Sheet, Usage
from ..aggregations.sheets.spans import BEGINNING, DAY, ONE_DAY, Span, cover, day_span
from ..aggregations.sheets.store import Key, in_order, read, spans_of
from .periods import Period
from .spans import Covered, Place, covers

KEYS = 100
"""How many sheets are read at a time where there is an answer for each interval."""


def usage_of(
    columns: Columns, scope: str, period: Period, dimensions: Iterable[str] | None = None
) -> Usage:
    """Return the usage of a period.

    ``dimensions``: read the numbers of these only, and not which records they count; none for
    everything.
    """
    (keys,) = covers([[(scope, period)]])
    only = None if dimensions is None else [LINES, CELLS, *(CELLS + d for d in dimensions)]
    return Usage(columns, _sheets(columns, scope, (span for _, span in keys), only))


def usage_by_interval(
    columns: Columns,
    places: Iterable[list[Place]],
    only: Iterable[str] | None = None,
    covered: Covered | None = None,
) -> Iterator[Usage]:
    """Yield the usage of each interval, given as the scopes and days to be read for it."""
    return usages_of(columns, covers(places, covered), only)


def usages_of(
    columns: Columns, groups: list[list[Key]], only: Iterable[str] | None = None
) -> Iterator[Usage]:
    """Yield the usage of each group of sheets.

    Few groups are read at a time, so that long periods need little memory.
    """
    sections = None if only is None else list(only)
    for batch in _batches(groups):
        found = read(columns, {key for keys in batch for key in keys}, sections)
        for keys in batch:
            yield Usage(columns, in_order(found, keys))


def _batches(groups: list[list[Key]]) -> Iterator[list[list[Key]]]:
    """Yield groups of keys in batches of about so many keys."""
    batch: list[list[Key]] = []
    for keys in groups:
        batch.append(keys)
        if sum(map(len, batch)) >= KEYS:
            yield batch
            batch = []
    yield batch


def usage_by_day(columns: Columns, scope: str, period: Period) -> dict[date, Usage]:
    """Return the usage of each day that has any."""
    spans = spans_of([scope], period.since, period.until)[scope]
    days = [span for span in spans if span.kind == DAY]
    sheets = _sheets(columns, scope, days)
    return {d.start: Usage(columns, [sheet]) for d, sheet in zip(days, sheets, strict=True)}


def usages(columns: Columns, scope: str, period: Period) -> Iterator[tuple[date, Usage]]:
    """Yield each day with the usage up to its end; the same object grows with each step."""
    spans = spans_of([scope], BEGINNING, period.until)[scope]
    before = cover(spans, BEGINNING, period.since - ONE_DAY)
    usage = Usage(columns, _sheets(columns, scope, before))
    days = [span for span in spans if span.kind == DAY and span.start >= period.since]
    sheets = dict(zip(days, _sheets(columns, scope, days), strict=True))
    for day in period.days():
        sheet = sheets.get(day_span(day))
        yield day, usage.add(sheet) if sheet else usage


def _sheets(
    columns: Columns, scope: str, spans: Iterable[Span], only: Iterable[str] | None = None
) -> list[Sheet]:
    """Return the sheets of some spans of a scope, in their order."""
    keys = [(scope, span) for span in spans]
    return in_order(read(columns, keys, only), keys)
