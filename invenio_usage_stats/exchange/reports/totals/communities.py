# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The rows of communities: visits to their pages, and downloads of their records."""

from collections.abc import Iterable, Iterator

from flask_principal import Identity

from ....aggregations.documents import current_documents
from ....catalog import Metric
from ....indices import SHEETS
from ....ledger.history import GLOBAL
from ....proxies import current_usage_stats
from ....reader.moments import last_downloads, visits
from ....reader.totals import Sums, by_scope
from ....reader.used import DOWNLOADS, FIRST, LAST, LOADED, VIEWS, VOLUME
from ....services import visible
from ....services.withholding import is_small, smallest_shown
from ..asked import Asked
from ..rights import Right, managed, may_report
from .about import batches
from .around import Around, Community, communities, every_community
from .numbers import BASES, time_of
from .row import Row

COMMUNITY_PAGE = "invenio_app_rdm_communities.communities_home"
METRICS = {VIEWS: "visits", DOWNLOADS: "downloads", VOLUME: "traffic"}
"""What the numbers of a community are."""


def community_rows(identity: Identity, right: Right, asked: Asked) -> Iterator[Row]:
    """Yield the rows of communities that were used, and then of others if they are asked for."""
    return _Communities(identity, right, asked).rows()


def _metrics() -> dict[str, Metric]:
    """Return what counts the use of communities."""
    known = current_usage_stats.catalog.metrics
    return {name: known[id_] for name, id_ in METRICS.items()}


def _chosen(identity: Identity, right: Right) -> list[str] | None:
    """Return the ids of the communities that a right is about; none for all."""
    if right.owner is not None:
        return managed(identity)
    if right.scope.is_global:
        return None
    if right.scope.kind == "record":
        return []
    below = visible.subcommunities(identity, right.scope.id)
    return [right.scope.id, *(id_ for id_ in below if may_report(identity, id_))]


class _Communities:
    """Make the rows of communities, whose numbers are read all at once."""

    def __init__(self, identity: Identity, right: Right, asked: Asked) -> None:
        self.identity, self.asked, self.chosen = identity, asked, _chosen(identity, right)
        self.around, self.metrics, self.limit = Around(identity), _metrics(), smallest_shown()
        fields = [metric.path for metric in self.metrics.values()]
        sums = by_scope(SHEETS, asked.used, fields)
        known = sums.keys() - {GLOBAL} if self.chosen is None else sums.keys() & {*self.chosen}
        self.used = {id_: self._numbers(sums[id_]) for id_ in known if any(sums[id_].values())}
        for some in batches(sorted(self.used)):
            self._learn_times(some)

    def _numbers(self, sums: Sums) -> dict[str, int | None]:
        """Return the numbers of a community, without those that are withheld."""
        found = {name: sums[metric.path] for name, metric in self.metrics.items()}
        small = {name for name, number in found.items() if is_small(number, self.limit)}
        return {n: None if {n, BASES[n]} & small else number for n, number in found.items()}

    def _learn_times(self, ids: list[str]) -> None:
        """Look up when communities were used last; not of what is withheld."""
        columns, period = current_documents().columns, self.asked.used
        for id_, moment in last_downloads(columns, self.metrics[DOWNLOADS], ids, period).items():
            if self.used[id_][DOWNLOADS]:
                self.used[id_][LOADED] = moment
        for id_, moments in visits(columns, self.metrics[VIEWS], ids, period).items():
            if self.used[id_][VIEWS]:
                self.used[id_] |= zip((FIRST, LAST), moments, strict=True)

    def rows(self) -> Iterator[Row]:
        """Yield all rows."""
        order = sorted(self.used)
        for name in (VIEWS, DOWNLOADS, self.asked.sort):
            order.sort(key=lambda id_, by=name: self.used[id_].get(by) or 0, reverse=True)
        for some in batches(order):
            known = communities(self.identity, some, self.asked.created)
            yield from self._rows(known[id_] for id_ in some if id_ in known)
        if self.asked.include_zero:
            for unused in batches(self._unused()):
                yield from self._rows(unused)

    def _unused(self) -> Iterator[Community]:
        """Yield the communities without any use."""
        every = every_community(self.identity, self.asked.created)
        wanted = None if self.chosen is None else {*self.chosen}
        for found in every:
            if found.id not in self.used and (wanted is None or found.id in wanted):
                yield found

    def _rows(self, some: Iterable[Community]) -> Iterator[Row]:
        """Yield the rows of some communities."""
        known = list(some)
        owners = self.around.learn_owners([found.id for found in known])
        self.around.learn_communities(found.parent for found in known)
        for found in known:
            yield self._row(found, owners.get(found.id, ()))

    def _row(self, found: Community, owners: Iterable[str]) -> Row:
        """Return the row of a community."""
        numbers = self.used.get(found.id, dict.fromkeys(self.metrics, 0))
        people = [self.around.owner(user) for user in owners]
        return Row(
            type="community",
            id=found.id,
            name=found.title,
            owner=", ".join(name for name, _ in people if name),
            owner_id=", ".join(id_ for _, id_ in people if id_),
            created=found.created,
            views=numbers[VIEWS],
            downloads=numbers[DOWNLOADS],
            volume=numbers[VOLUME],
            first_viewed=time_of(numbers.get(FIRST)),
            last_viewed=time_of(numbers.get(LAST)),
            last_downloaded=time_of(numbers.get(LOADED)),
            location=visible.address(COMMUNITY_PAGE, pid_value=found.slug) or "",
            parent_communities=self.around.slugs([found.parent]),
            status=found.status,
        )
