# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The numbers of many communities: together where they add up, else one by one."""

from collections.abc import Callable
from functools import cached_property

from invenio_i18n import lazy_gettext as _

from ..catalog import Metric
from ..errors import UnanswerableError
from ..indices import RECORD_DELTAS, SHEETS
from ..ledger.history import GLOBAL
from ..reader.bounds import Bound, distinct_by_scope
from ..reader.holdings import FLOWS, of_basis
from ..reader.periods import FIRST_DAY, Period
from ..reader.totals import Sums, by_scope
from .cells import INEXACT
from .question import Question
from .results import Number
from .scopes import Scope
from .totals import values
from .withholding import is_small, smallest_shown

LOOKS = 300
"""So many communities are counted one by one at most."""
Numbers = dict[str, Number]


class Scopes:
    """Know the numbers of communities in a period."""

    def __init__(self, question: Question, metrics: list[Metric], period: Period) -> None:
        self.question, self.metrics, self.period = question, metrics, period
        self.counted = {metric.id: question.counted(metric) for metric in metrics}
        self._known: dict[str, Numbers] = {}
        self._bounds: dict[str, dict[str, Bound]] = {}

    @cached_property
    def _used(self) -> dict[str, Sums]:
        """Return the sums of usage of every scope."""
        used = (metric for metric in self.counted.values() if metric.event and metric.additive)
        fields = [metric.path for metric in used]
        return by_scope(SHEETS, self.period, fields) if fields else {}

    @cached_property
    def _held(self) -> dict[str, Sums]:
        """Return what ever joined and left every scope."""
        product = of_basis(RECORD_DELTAS, self.question.query.basis)
        counters = {_counter(m) for m in self.counted.values() if not m.event}
        fields = [field for counter in sorted(counters) for field in FLOWS[counter]]
        whole = Period(FIRST_DAY, self.period.until)
        return by_scope(product, whole, fields) if fields else {}

    def bounds(self, metric: Metric) -> dict[str, int]:
        """Return for each community a number that is not smaller than the exact one."""
        counted = self.counted[metric.id]
        if counted.event and counted.distinct:
            found = self._distinct(counted)
            return {id_: bound.number for id_, bound in found.items() if id_ != GLOBAL}
        found = self._used if counted.event else self._held
        return {id_: self._sum(id_, metric) for id_ in found if id_ != GLOBAL}

    def _distinct(self, metric: Metric) -> dict[str, Bound]:
        """Return what the largest sheets say of a metric that does not add up."""
        if metric.id not in self._bounds:
            events = self.question.catalog.counter(metric.event, "events")
            fields = metric.path, events.path
            self._bounds[metric.id] = distinct_by_scope(self.period, *fields)
        return self._bounds[metric.id]

    def _told(self, id_: str, metric: Metric) -> Number:
        """Return a number of a community that follows from sums, or stands in a sheet."""
        counted = self.counted[metric.id]
        if self.question.wanted or not (counted.event or not counted.distinct):
            return None
        if not counted.distinct:
            return self._sum(id_, metric)
        bound = self._distinct(counted).get(id_, Bound(0, True))
        return bound.number if bound.exact else None

    def _sum(self, id_: str, metric: Metric) -> int:
        """Return what the sums say of a community."""
        counted = self.counted[metric.id]
        if counted.event:
            return self._used.get(id_, {}).get(counted.path, 0)
        added, removed = FLOWS[_counter(counted)]
        row = self._held.get(id_, {})
        return row.get(added, 0) - row.get(removed, 0)

    @property
    def exact(self) -> Callable[[str], Number] | None:
        """Return what gives the first metric exactly; nothing where bounds are exact."""
        if not self.question.wanted and self.counted[self.metrics[0].id].additive:
            return None
        return self._first

    def _first(self, id_: str) -> Number:
        """Return the first metric of a community to rank by; none where it is withheld."""
        number = self._told(id_, self.metrics[0])
        return listed(self.numbers(id_)[self.metrics[0].id] if number is None else number)

    def numbers(self, id_: str) -> Numbers:
        """Return the numbers of a community."""
        told = {metric.id: self._told(id_, metric) for metric in self.metrics}
        if None not in told.values():
            return told
        if id_ not in self._known:
            self._known[id_] = self._read(id_)
        return self._known[id_]

    def _read(self, id_: str) -> Numbers:
        """Count one community; raise ``UnanswerableError`` for one too many."""
        if len(self._known) >= LOOKS:
            raise UnanswerableError(
                _("Too many communities have to be counted one by one for this.")
            )
        inner = Question(self.question.identity, Scope(id_), self.question.query)
        (found,) = values(inner, self.metrics, [self.period], moved=False)
        self.question.notes.update(inner.notes)
        first = self.metrics[0].id
        if found[first].value is None and "withheld" not in inner.notes:
            raise UnanswerableError(INEXACT, metric=self.metrics[0].label)
        return {metric: total.value for metric, total in found.items()}


def listed(number: Number) -> Number:
    """Return a number to rank by; none of one that is withheld, which a list leaves out."""
    return None if is_small(number, smallest_shown()) else number


def _counter(metric: Metric) -> str:
    """Return the counter of a metric of records; for people that of what they own."""
    return metric.counter if metric.counter in FLOWS else "records"
