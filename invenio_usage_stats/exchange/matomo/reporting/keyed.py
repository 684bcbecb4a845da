# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Answers for several sites or dates: the same for each of them, under its name."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ..sites import Site
from .dates import Dates


class Keyed(NamedTuple):
    """Be answers by the names of sites or dates."""

    kind: str
    """What the names are of, as files and XML call it."""
    answers: dict[str, Any]


class Alone(NamedTuple):
    """Be a row that is alone: an object in JSON, and a row as in tables elsewhere."""

    columns: dict[str, Any]


Cell = Callable[[int, int], Any]
"""Returns the answer for a site and for the place of a period."""


def keyed(sites: list[Site], several_sites: bool, dates: Dates, cell: Cell) -> Any:
    """Return the answer for one site and period, or those for several of them by their names."""

    def of_site(site: Site) -> Any:
        if not dates.several:
            return cell(site.id, 0)
        names = map(dates.name, dates.periods)
        return Keyed("date", {name: cell(site.id, place) for place, name in enumerate(names)})

    if not several_sites:
        return of_site(sites[0])
    return Keyed("idSite", {str(site.id): of_site(site) for site in sites})


def leaves(answer: Any, before: tuple[tuple[str, str], ...] = ()) -> Iterator[tuple[Any, Any]]:
    """Yield each answer with the names that lead to it."""
    if not isinstance(answer, Keyed):
        yield before, answer
        return
    for name, inner in answer.answers.items():
        yield from leaves(inner, (*before, (answer.kind, name)))
