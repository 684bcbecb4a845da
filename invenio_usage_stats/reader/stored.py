# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""How many events the repository has stored, and which of them it does not count."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from ..aggregations.kinds import CONDITIONS, stored_kinds
from ..catalog import Catalog
from ..indices import REPORT, SHEETS, USAGE_EVENTS, find_all, full_name
from ..ledger.history import GLOBAL
from .periods import Period
from .records import Known
from .totals import sums

ROBOT = {"term": {"is_robot": True}}
PAGE = {"term": {"via_api": False}}


class StoredEvents(NamedTuple):
    """Be numbers of events; ``api``: views by API that are not of robots."""

    stored: int
    robots: int
    api: int

    @property
    def left(self) -> int:
        """Return how many the repository counts."""
        return self.stored - self.robots - self.api


def stored_events(
    kind: str, period: Period, records: list[Known] | None = None, level: str = "record"
) -> StoredEvents:
    """Return the numbers of events of a kind; ``records``: of one's versions, none for all."""
    end = period.until + timedelta(days=1)
    bounds = {"gte": f"{period.since}T00:00:00", "lt": f"{end}T00:00:00"}
    of: list[dict[str, Any]] = [{"range": {"timestamp": bounds}}]
    if kind == REPORT:
        of += CONDITIONS[kind]
    if records is not None:
        of.append(_about(kind, records, level))
    bodies: list[dict[str, Any]] = [{"filter": of}, {"filter": [*of, ROBOT]}]
    if kind == "view":
        bodies.append({"filter": of, "must_not": [ROBOT, PAGE]})
    index = stored_kinds()[kind]
    answers = find_all(
        (index, {"size": 0, "track_total_hits": True, "query": {"bool": body}}) for body in bodies
    )
    numbers = [answer["hits"]["total"]["value"] for answer in answers]
    return StoredEvents(*numbers, *([0] * (3 - len(numbers))))


def _about(kind: str, records: list[Known], level: str) -> dict[str, Any]:
    """Return a query for events of a record; reports of all versions are those of their work."""
    if kind == REPORT and level == "parent":
        return {"terms": {"parent_recid": sorted({known.parent for known in records})}}
    return {"terms": {"recid": sorted(known.recid for known in records)}}


def first_stored(recids: Collection[str]) -> date | None:
    """Return the first day with a stored event of some records that is not of a robot."""
    body = {
        "size": 1,
        "query": {"bool": {"filter": {"terms": {"recid": sorted(recids)}}, "must_not": ROBOT}},
        "sort": [{"timestamp": "asc"}],
        "_source": False,
        "docvalue_fields": [{"field": "timestamp", "format": "strict_date"}],
    }
    answers = find_all((full_name(alias), body) for alias in USAGE_EVENTS.values())
    hits = (hit for answer in answers for hit in answer["hits"]["hits"])
    return min((date.fromisoformat(h["fields"]["timestamp"][0]) for h in hits), default=None)


def last_stored(recids: Collection[str]) -> dict[str, str | None]:
    """Return when some records were last viewed on a page, and last downloaded; robots left out."""
    bodies = {
        "last_viewed": (USAGE_EVENTS["view"], [PAGE]),
        "last_downloaded": (USAGE_EVENTS["download"], []),
    }
    of = {"terms": {"recid": sorted(recids)}}
    answers = find_all(
        (full_name(alias), _latest({"filter": [of, *only], "must_not": ROBOT}))
        for alias, only in bodies.values()
    )
    hits = (answer["hits"]["hits"] for answer in answers)
    return {
        name: some[0]["fields"]["timestamp"][0] if some else None
        for name, some in zip(bodies, hits, strict=True)
    }


def _latest(query: dict[str, Any]) -> dict[str, Any]:
    """Return a search for the time of the last event."""
    return {
        "size": 1,
        "query": {"bool": query},
        "sort": [{"timestamp": "desc"}],
        "_source": False,
        "docvalue_fields": [{"field": "timestamp", "format": "strict_date_time"}],
    }


def still_stored(catalog: Catalog, period: Period, kinds: Iterable[str] = USAGE_EVENTS) -> bool:
    """Tell whether all events of some kinds that were counted in a period are still stored."""
    metrics = [catalog.counter(event, "events") for event in kinds]
    fields = {metric.event: metric.path for metric in metrics}
    (counted,) = sums(SHEETS, GLOBAL, [period], fields.values())
    return all(
        counted[field] <= stored_events(event, period).left for event, field in fields.items()
    )
