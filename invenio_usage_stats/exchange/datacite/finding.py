# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Which events and works a request asks for."""

from collections.abc import Iterator

from invenio_rdm_records.proxies import current_rdm_records_service
from invenio_records_resources.services.records.params import QueryStrParam

from ...services.scopes import anonymous
from ..counter.months import MonthState, MonthUsage, states
from .events import Event, events
from .filters import Asked
from .records import Listed, Work, listed, search_works, works_of
from .usage import check_cost, use_in, use_of


def find_events(asked: Asked) -> list[Event]:
    """Return all events that are asked for; raises ``CostError`` when that is too much."""
    if asked.nothing:
        return []
    wanted = [state for state in states() if asked.in_month(state.month)]
    return [event for event in events(_used(asked, wanted), wanted) if asked.wants(event)]


def _used(asked: Asked, wanted: list[MonthState]) -> Iterator[tuple[Work, MonthUsage]]:
    """Yield the use that events may be asked about."""
    if asked.dois is None:
        yield from use_in([state.month for state in wanted])
        return
    for work, usages in use_of(works_of(asked.dois).values()).items():
        yield from ((work, usage) for usage in usages)


def find_works(query: str) -> list[Listed]:
    """Return the works that a query of the repository's own search finds, versions each.

    Raises ``CostError`` when these are too many for one answer.
    """
    service = current_rdm_records_service
    words = QueryStrParam(service.config.search)
    search = words.apply(anonymous(), search_works(), {"q": query})
    check_cost(search.count())
    return list(listed(search.scan()))
