# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A question: who asks, of which sites and periods, and about which events."""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from ....errors import MatomoError, UnknownScopeError
from ....services.scopes import PATHS, REPOSITORY, resolve_scope
from ....services.visible import communities
from ..sites import Site, site_of, sites
from .asked import Asked
from .dates import Dates, read_dates
from .keyed import keyed
from .reading import Query
from .segments import read_segment
from .tallies import Rows, Span, Tallies, tallied
from .visibility import UNAUTHORIZED, Visible, reader_of

EVERY_SITE = "all"
Cell = Callable[[Tallies], Any]


class Call:
    """Be one question."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.visible = Visible(reader_of(asked))

    @cached_property
    def dates(self) -> Dates:
        """Return the periods that are asked for."""
        return read_dates(self.asked.text("period"), self.asked.text("date"))

    @cached_property
    def sites(self) -> list[Site]:
        """Return the sites that are asked for, which the reader must be allowed to read."""
        text = self.asked.text("idSite")
        if text == EVERY_SITE:
            return self._readable(sites())
        numbers = [int(part) for part in map(str.strip, text.split(",")) if _is_number(part)]
        if not numbers:
            raise MatomoError("Please specify a value for 'idSite'.")
        return [self._site(number) for number in dict.fromkeys(numbers)]

    @property
    def several_sites(self) -> bool:
        """Tell whether each site is answered by itself, under its number."""
        return len(self.sites) > 1 or self.asked.text("idSite") == EVERY_SITE

    def _site(self, number: int) -> Site:
        """Return a site; one that may not be read is refused as one that is not there."""
        site = site_of(number)
        if site is None or not self._may_read(site):
            raise MatomoError(
                "You can't access this resource as it requires 'view' access for the website "
                f"id = {number}.",
                UNAUTHORIZED,
            )
        return site

    def _readable(self, some: list[Site]) -> list[Site]:
        """Return the sites that the reader may read; communities are asked for together."""
        ids = [site.community_id for site in some if site.community_id]
        readable = communities(self.visible.identity, ids) if ids else {}
        return [
            site
            for site in some
            if (site.community_id in readable if site.community_id else self._may_read(site))
        ]

    def _may_read(self, site: Site) -> bool:
        """Tell whether the reader may read the numbers of a site."""
        community = f"{PATHS['community']}/{site.community_id}"
        try:
            resolve_scope(self.visible.identity, community if site.community_id else REPOSITORY.id)
        except UnknownScopeError:
            return False
        return True

    def counted(self, span: Span, wanted: list[Query], rows: Rows) -> Iterator[dict[int, Tallies]]:
        """Yield the tallies of each site by period, of events that the segment chooses."""
        some = [*read_segment(self.asked.optional("segment")), *wanted]
        used = span.sites(some) if self.several_sites else {self.sites[0].id}
        for site in self.sites:
            yield tallied(span, site.id, some, self.visible, rows) if site.id in used else {}

    def tallied(self, rows: Rows, wanted: list[Query], cell: Cell) -> Any:
        """Return what a function makes of the tallies of each site and period."""
        dates = self.dates
        found = self.counted(Span.of(dates.periods), wanted, rows)
        by_site = {site.id: tallies for site, tallies in zip(self.sites, found, strict=True)}
        return keyed(
            self.sites,
            self.several_sites,
            dates,
            lambda site, place: cell(by_site[site].get(place, {})),
        )


def _is_number(text: str) -> bool:
    """Tell whether a text is the number of a site, as far as numbers go."""
    return text.isascii() and text.isdecimal() and len(text) < 10 and int(text) > 0
