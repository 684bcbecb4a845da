# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The counted use of works, month by month."""

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from flask import current_app

from ...errors import CostError
from ..counter.metrics import DOWNLOADS, VIEWS
from ..counter.months import MonthUsage, usage_in, usage_of
from .records import TERMS, Level, Work, public_concepts, public_works

T = TypeVar("T")
DAYS = 31
"""What one month of a work, or a work of a list, counts as where the cost is limited."""
FINDERS: dict[Level, Callable[[Collection[str]], dict[str, Work]]] = {
    "record": public_works,
    "parent": public_concepts,
}


def check_cost(number: int) -> None:
    """Raise ``CostError`` for a question that takes too many months of works, or works."""
    cost, most = number * DAYS, current_app.config["USAGE_STATS_MAX_COST"]
    if cost > most:
        raise CostError(cost, most)


def use_of(works: Iterable[Work]) -> dict[Work, list[MonthUsage]]:
    """Return the use of some works; a list for each, empty without use."""
    found: dict[Work, list[MonthUsage]] = {}
    known = list(works)
    for level in FINDERS:
        some = {work.recid: work for work in known if work.level == level}
        if some:
            used = usage_of(level, some)
            found |= {work: used.get(recid, []) for recid, work in some.items()}
    return found


def use_in(months: Collection[str]) -> Iterator[tuple[Work, MonthUsage]]:
    """Yield the use of all works in some months; raises ``CostError`` when that is too much."""
    read = 0
    for level, find in FINDERS.items():
        known: dict[str, Work | None] = {}
        for some in (lot for month in months for lot in _lots(usage_in(month, level))):
            read += len(some)
            check_cost(read)
            new = {usage.recid for usage in some} - known.keys()
            known |= {**dict.fromkeys(new), **find(new)}
            yield from ((work, usage) for usage in some if (work := known[usage.recid]))


def shown(usages: Iterable[MonthUsage]) -> dict[str, Any]:
    """Return views and downloads as DataCite shows them: unique, and of people only."""
    months = list(usages)
    views, downloads = _over_time(months, VIEWS), _over_time(months, DOWNLOADS)
    return {
        "viewCount": _sum(views),
        "viewsOverTime": views,
        "downloadCount": _sum(downloads),
        "downloadsOverTime": downloads,
    }


def _over_time(months: Iterable[MonthUsage], number: str) -> list[dict[str, Any]]:
    """Return the months in which a number is not zero, the first one first."""
    found = {usage.month: usage.counts[number] for usage in months if usage.counts[number]}
    return [{"yearMonth": month, "total": found[month]} for month in sorted(found)]


def _sum(months: Iterable[dict[str, Any]]) -> int:
    """Return the sum over time."""
    return sum(month["total"] for month in months)


def _lots(items: Iterable[T]) -> Iterator[list[T]]:
    """Yield items in lots that can be looked up at once."""
    rest = iter(items)
    while lot := list(islice(rest, TERMS)):
        yield lot
