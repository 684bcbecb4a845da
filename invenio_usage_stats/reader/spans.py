# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Which sheets to read for a period: the largest that lie within it, found by two searches.

A month without a sheet of its own is open, or had no usage. So days are looked for only where
months and years leave a gap.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from ..aggregations.sheets.spans import DAY, MONTH, ONE_DAY, YEAR, Span, cover
from ..indices import SHEETS, of_scope, scroll
from .periods import Period

Place = tuple[str, Period]
"""A scope whose sheets are to be read for some days."""
Spans = dict[str, list[Span]]
RANGES = 200
"""How many gaps one search looks into; more become one long one."""
FIELDS = [{"field": "span_start", "format": "strict_date"}, "span", "community_id"]


Covered = dict[tuple[Place, ...], list[tuple[str, Span]]]
"""The sheets to be read for a group of places, once they were found."""


def covers(
    groups: Iterable[list[Place]], known: Covered | None = None
) -> list[list[tuple[str, Span]]]:
    """Return for each group of places the sheets to be read, by scope and span.

    ``known``: what was found before, which is not looked for again; it grows.
    """
    wanted = [tuple(some) for some in groups]
    found = {} if known is None else known
    missing = list(dict.fromkeys(some for some in wanted if some not in found))
    if missing:
        found |= zip(missing, _covers(missing), strict=True)
    return [found[some] for some in wanted]


def _covers(wanted: list[tuple[Place, ...]]) -> list[list[tuple[str, Span]]]:
    """Look for the sheets to be read."""
    places = [place for some in wanted for place in some]
    heads = _found(_joined(p for p in places if _may_have_heads(p[1])), [MONTH, YEAR])
    gaps = [(s, gap) for s, days in places for gap in _gaps(cover(heads[s], *days.bounds), days)]
    days = _found(_joined(gaps), [DAY])
    spans = {scope: sorted([*heads[scope], *days[scope]]) for scope, _ in places}
    return [
        [(scope, span) for scope, days_ in some for span in cover(spans[scope], *days_.bounds)]
        for some in wanted
    ]


def _may_have_heads(period: Period) -> bool:
    """Tell whether a month may lie within a period."""
    return period.length >= 28


def _gaps(spans: Iterator[Span], period: Period) -> Iterator[Period]:
    """Yield what spans leave open of a period."""
    start = period.since
    for span in spans:
        if start < span.start:
            yield Period(start, span.start - ONE_DAY)
        start = span.end + ONE_DAY
    if start <= period.until:
        yield Period(start, period.until)


def _joined(places: Iterable[Place]) -> list[Place]:
    """Return places with those that follow each other as one."""
    found: list[Place] = []
    for scope, period in sorted(places):
        if found and found[-1][0] == scope and period.since <= found[-1][1].until + ONE_DAY:
            last = found.pop()[1]
            period = Period(last.since, max(last.until, period.until))
        found.append((scope, period))
    if len(found) <= RANGES:
        return found
    ends: defaultdict[str, list[date]] = defaultdict(list)
    for scope, period in found:
        ends[scope] += period.bounds
    return [(scope, Period(min(days), max(days))) for scope, days in ends.items()]


def _found(places: list[Place], kinds: list[str]) -> defaultdict[str, list[Span]]:
    """Return the spans of some kinds that scopes have within some days."""
    found: defaultdict[str, list[Span]] = defaultdict(list)
    if not places:
        return found
    ranges: list[dict[str, Any]] = [
        of_scope(scope, "span_start", gte=days.since, lte=days.until) for scope, days in places
    ]
    within = {"bool": {"should": ranges, "minimum_should_match": 1}}
    query = {"bool": {"filter": [{"terms": {"span": kinds}}, within]}}
    for hit in scroll(SHEETS.target, query, _source=False, docvalue_fields=FIELDS):
        values = hit["fields"]
        span = Span(date.fromisoformat(values["span_start"][0]), values["span"][0])
        found[values["community_id"][0]].append(span)
    return found
