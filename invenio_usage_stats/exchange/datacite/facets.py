# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""How many events there are of each kind, as DataCite tells it beside a page.

All numbers are numbers of events, never of views, ``sum`` included.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from .events import Event

LONGEST = 10
"""As many values are shown at most: the most frequent ones, or the newest years and months."""


def facets(events: Sequence[Event], title: str) -> dict[str, Any]:
    """Return the facets of events; none without events. ``title``: what our source is called."""
    if not events:
        return {}
    months, years = (lambda e: e.month), (lambda e: str(e.year))
    return {
        "sources": [{**one, "title": title} for one in _frequent(events, lambda e: e.source_id)],
        "occurred": [_facet(*one) for one in _newest(events, years)],
        "prefixes": _frequent(events, lambda e: e.prefix),
        "citation_types": [],
        "relation_types": _frequent(events, lambda e: e.relation_type_id, year_months=months),
        "registrants": _frequent(
            [event for event in events if event.registrant], lambda e: e.registrant, years=years
        ),
    }


def _frequent(
    events: Iterable[Event], value: Callable[[Event], str], **over_time: Callable[[Event], str]
) -> list[dict[str, Any]]:
    """Return the most frequent values, each with its newest times."""
    lots: dict[str, list[Event]] = {}
    for event in events:
        lots.setdefault(value(event), []).append(event)
    most = sorted(lots.items(), key=lambda lot: (-len(lot[1]), lot[0]))[:LONGEST]
    return [
        {
            **_facet(id_, len(some)),
            **{
                name: [_facet(*one, counted="sum") for one in _newest(some, time)]
                for name, time in over_time.items()
            },
        }
        for id_, some in most
    ]


def _newest(events: Iterable[Event], time: Callable[[Event], str]) -> list[tuple[str, int]]:
    """Return the newest times with the numbers of their events."""
    return sorted(Counter(map(time, events)).items(), reverse=True)[:LONGEST]


def _facet(id_: str, number: int, counted: str = "count") -> dict[str, Any]:
    """Return one value."""
    return {"id": id_, "title": id_, counted: number}
