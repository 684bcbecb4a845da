# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Counting a month again: what would differ, putting it in place at once, and going back.

What was told of a closed month does not change by itself. Who has it counted again, by a newer
list of robots or because of events that came late, leaves a note that the dashboards show.
"""

from collections.abc import Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from ...errors import MonthError
from ...operations.methods import note_changes
from ...reader.methods import RECOUNT
from ..switch import require_on
from .agents import current, of_version
from .counting import Count, tallied, write
from .documents import RECORD, MonthUsage
from .generations import Shown, go_back, show, shown
from .metrics import IDS
from .monthly import alone, require_events
from .months import usage_by_generation
from .reading import events_by_month


class Difference(NamedTuple):
    """Say what counting a month again changes."""

    month: str
    before: str
    after: str
    """The versions of the lists."""
    late: int
    """How many events came after the month was counted."""
    counts: dict[str, tuple[int, int]]
    """By the ids of the numbers: the sum over all versions of datasets before and after."""
    datasets: int
    """How many versions of datasets have other numbers."""


def preview(month: str, list_version: str | None = None) -> Difference:
    """Return what counting a month again would change; nothing is written.

    ``list_version``: by which list of robots; by default the present one. Raises ``MonthError``,
    ``AgentListError``.
    """
    require_on()
    last = _countable(month)
    version = _version(list_version)
    tally, size = tallied(month, version)
    return _difference(last, version, size, tally.usages(RECORD))


def apply(month: str, list_version: str | None = None) -> tuple[Count, Difference]:
    """Count a month again and show the new count; return it, and what it has changed.

    Raises ``MonthError``, ``AgentListError``.
    """
    with alone() as lease:
        last = _countable(month)
        version = _version(list_version)
        done = write(lease, month, version)
        found = _difference(last, version, done.events, usage_by_generation(month, done.generation))
        show(month, done.generation, done.events, closes=True, replaced=last.generation)
        _note(last, shown()[month])
    return done, found


def roll_back(month: str) -> int:
    """Show the count again that the last recount has replaced; return its generation.

    Raises ``MonthError`` when there is none.
    """
    with alone():
        last = _closed(month)
        if last.replaced is None:
            raise MonthError(f"{month} was not counted again: there is nothing to go back to.")
        go_back(month, last.replaced)
        _note(last, shown()[month])
    return last.replaced


def _version(wanted: str | None) -> str:
    """Return the version of a list, by default that of the present one.

    Raises ``AgentListError`` for an unknown one.
    """
    return (of_version(wanted) if wanted else current()).version


def _closed(month: str) -> Shown:
    """Return what is shown of a closed month; raise ``MonthError`` for another one."""
    last = shown().get(month)
    if last is None or not last.closed:
        raise MonthError(f"{month} is not closed: use 'counter count {month}'.")
    return last


def _countable(month: str) -> Shown:
    """Return what is shown of a month; raise ``MonthError`` when it cannot be counted again."""
    last = _closed(month)
    require_events(month, events_by_month().get(month, 0), last)
    return last


def _paired(
    old: Iterator[MonthUsage], new: Iterator[MonthUsage]
) -> Iterator[dict[int, MonthUsage]]:
    """Yield the use of each dataset by two counts (0, 1) that are in the order of their ids."""
    by_id = itemgetter(0)
    for _id, same in groupby(merge(_numbered(0, old), _numbered(1, new), key=by_id), key=by_id):
        yield {n: usage for _recid, n, usage in same}


def _numbered(n: int, some: Iterator[MonthUsage]) -> Iterator[tuple[str, int, MonthUsage]]:
    """Yield the use of datasets with their ids, and which count it is."""
    return ((one.recid, n, one) for one in some)


def _note(before: Shown, after: Shown) -> None:
    """Note that another count of a month is shown from today on."""
    texts = (f"{one.generation} ({one.list_version})" for one in (before, after))
    note_changes([((f"{RECOUNT}:{before.month}", ""), *texts)])


def _difference(last: Shown, version: str, size: int, fresh: Iterator[MonthUsage]) -> Difference:
    """Return what differs between the count that is shown and another one."""
    before, after = dict.fromkeys(IDS, 0), dict.fromkeys(IDS, 0)
    datasets = 0
    for pair in _paired(usage_by_generation(last.month, last.generation), fresh):
        datasets += pair.get(0) != pair.get(1)
        for n, usage in pair.items():
            for id_, number in usage.counts.items():
                (before, after)[n][id_] += number
    counts = {id_: (before[id_], after[id_]) for id_ in IDS}
    return Difference(last.month, last.list_version, version, size - last.events, counts, datasets)
