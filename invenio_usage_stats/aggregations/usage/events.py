# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Usage events, read page by page as invenio-stats stores them.

Measured: a scroll over whole documents, parsed once into typed structs, is the fastest way to
read a day; ``_source`` filtering, columns and points in time cost 2 to 4 times more.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any, TypeVar

import msgspec

from ...indices import REPORT, Page, full_name, pages
from ...ledger.history import day_date
from ..kinds import ALIASES, CONDITIONS

DIGITS = 16**5
"""As many beginnings of ids are told apart."""


class UsageEvent(msgspec.Struct, gc=False):
    """Be one usage event."""

    timestamp: str
    recid: str
    unique_id: str = ""
    parent_recid: str | None = None
    visitor_id: str | None = None
    unique_session_id: str | None = None
    country: str | None = None
    referrer: str | None = None
    file_key: str | None = None
    size: float | None = None
    via_api: bool | None = None
    is_robot: bool | None = None
    updated_timestamp: str = ""


class VisitEvent(msgspec.Struct, gc=False):
    """Be one visit to the landing page of a community."""

    timestamp: str
    community_id: str
    visitor_id: str | None = None
    unique_session_id: str | None = None
    is_robot: bool | None = None
    updated_timestamp: str = ""


class ReportEvent(msgspec.Struct, gc=False):
    """Be a download of a record that software has reported."""

    timestamp: str
    parent_recid: str
    recid: str | None = None
    """The version; none where the work was downloaded as a whole."""
    consumer: str = ""
    is_robot: bool | None = None
    updated_timestamp: str = ""


SHAPES = (UsageEvent, VisitEvent, ReportEvent)
_decode = {kind: msgspec.json.Decoder(Page[kind]).decode for kind in SHAPES}
_decode_any = msgspec.json.Decoder(Page[msgspec.Raw]).decode
_decode_event = {kind: msgspec.json.Decoder(kind).decode for kind in SHAPES}
E = TypeVar("E", UsageEvent, VisitEvent, ReportEvent)

Refused = Callable[[str, str], None]
"""What is told of an event that cannot be read: its id, and why."""


def events_of(
    kind: str,
    day: int,
    refused: Refused,
    lot: dict[str, Any] | None = None,
    shape: type[E] = UsageEvent,
) -> Iterator[list[E]]:
    """Yield the pages of a day's events that count: no robots, and of views only those of pages.

    These are the filters of the repository's own aggregation. ``lot``: a query for some of the
    visitors.
    """
    query = of_day(day, kind)
    if lot:
        query = {"bool": {"filter": [query, lot]}}
    for text in pages(full_name(ALIASES[kind]), query):
        yield [event for event in parsed(text, refused, shape) if counts(kind, event)]


def lots_of(events: int, most: int) -> list[dict[str, Any] | None]:
    """Return queries that part a day's events by visitor into lots of about so many at most.

    Ids of visitors are hexadecimal digests, so ranges of them are lots of one size; whatever else
    an id may be, it lies in one of them.
    """
    count = -(-events // most)
    if count < 2:
        return [None]
    bounds = [f"{lot * DIGITS // count:05x}" for lot in range(1, count)]
    ranges = [{"range": {"visitor_id": {"gte": low, "lt": high}}} for low, high in pairwise(bounds)]
    first = {"bool": {"must_not": {"range": {"visitor_id": {"gte": bounds[0]}}}}}
    return [first, *ranges, {"range": {"visitor_id": {"gte": bounds[-1]}}}]


def counts(kind: str, event: UsageEvent | VisitEvent | ReportEvent) -> bool:
    """Tell whether the repository counts an event."""
    return not event.is_robot and (kind != "view" or event.via_api is False)


def parsed(text: str, refused: Refused, shape: type[E] = UsageEvent) -> Iterator[E]:
    """Yield the events of a page; what cannot be read is told and left out."""
    try:
        page = _decode[shape](text)
    except msgspec.DecodeError:
        for hit in _decode_any(text).hits.hits:
            try:
                yield _decode_event[shape](hit.source)
            except msgspec.DecodeError as error:
                refused(hit.id, str(error))
    else:
        for hit in page.hits.hits:
            yield hit.source


def of_day(day: int, kind: str = "") -> dict[str, Any]:
    """Return a query for the events of a day; of reports for those that count."""
    first = day_date(day)
    bounds = {"gte": f"{first}T00:00:00", "lt": f"{first + timedelta(days=1)}T00:00:00"}
    within = {"range": {"timestamp": bounds}}
    if kind != REPORT:
        return within
    return {"bool": {"filter": [within, *CONDITIONS[kind]]}}
