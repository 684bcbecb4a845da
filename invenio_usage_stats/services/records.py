# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Rankings of records by their use, exact over any period."""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from ..catalog import Metric
from ..catalog.base import REPORTS
from ..errors import InvalidQueryError
from ..reader.periods import Period
from ..reader.rankings import (
    LINE_COLUMNS,
    Ranked,
    counts_of,
    named,
    ordered,
    seen_in_order,
    to_works,
)
from . import visible
from .choosing import Listing
from .question import Question
from .results import Number, StreamedTop, Top, TopRow
from .rows import changes, list_of, with_share
from .visible import Seen
from .withholding import smallest_shown, withheld_columns

DEFAULT = ("views", "downloads")
Counts = dict[str, Counter[int]]
"""By metric the numbers of each record, given by its ordinal."""


def records(question: Question) -> Top:
    """Return the records with most of the first metric; on the level of works, the works."""
    metrics = question.metrics(DEFAULT)
    for metric in metrics:
        if (metric.event, metric.counter) not in LINE_COLUMNS and metric.family != REPORTS:
            raise InvalidQueryError("metric", f"{metric.id} are not known by records.")
        question.require(metric)
    question.check_list(metrics)
    now, before, earlier = Listed(question, metrics, question.period), None, question.earlier
    if earlier:
        before = Listed(question, metrics, earlier, now.ordinals)
    size, page = question.query.size, question.query.page
    start = (page - 1) * size if size else 0
    shown = islice(seen_in_order(now.order(), now.see), start, start + size if size else None)
    rows = (_row(question, one, now, before) for one in shown)
    if size is None and question.query.extent == "stream":
        question.check_cost(len(metrics) * len(now.ranked), 1)
        found = list_of(question, metrics, [], None)
        following = (with_share(row, found.totals) for row in rows)
        return StreamedTop(**vars(found), following=following)
    count = now.count_seen() if question.query.counted else None
    return list_of(question, metrics, list(rows), count)


def _row(question: Question, one: Ranked, now: "Listed", before: "Listed | None") -> TopRow:
    """Return the row of a record."""
    numbers = now.numbers(one.id)
    change = None
    if before:
        change = changes(question, now.metrics, numbers, before.numbers(one.id))
    return TopRow(one.id, one.seen.label, numbers, compared=change, link=one.seen.link)


class Listed:
    """Know the numbers of each record of a scope in a period."""

    def __init__(
        self,
        question: Question,
        metrics: list[Metric],
        period: Period,
        ordinals: dict[str, int] | None = None,
    ) -> None:
        """Take what is asked, and the ordinals of the records that another period ranks."""
        self.question, self.metrics, self.period = question, metrics, period
        self.by_work = question.query.level == "parent"
        self.counts = self._counted()
        self.ordinals = {} if ordinals is None else ordinals
        self._hidden = self._withheld()

    def _counted(self) -> Counts:
        """Return the numbers by record."""
        bases = map(self.question.catalog.base, self.metrics if smallest_shown() else ())
        known = {*self.metrics, *bases}
        reported = {m.id for m in known if m.family == REPORTS}
        names = {m.id: LINE_COLUMNS[m.event, m.counter] for m in known if m.id not in reported}
        found = self._used(names) if names else {}
        return found | {id_: self._reported() for id_ in reported}

    def _reported(self) -> Counter[int]:
        """Return the reported downloads by record."""
        found = self.question.reported()
        return found.by_record(self.period, works=self.by_work)

    def _used(self, names: dict[str, str]) -> Counts:
        """Return the numbers by record that stand in columns of lines."""
        key = "listing", self.period
        listing: Listing = self.question.once(
            key, lambda: next(self.question.listings([self.period]))
        )
        usage, choice = listing
        count = choice.counts if choice.conditions else counts_of
        found = {id_: count(usage, name) for id_, name in names.items()}
        if not self.by_work:
            return found
        return {id_: to_works(counts, usage) for id_, counts in found.items()}

    @cached_property
    def ranked(self) -> dict[int, int]:
        """Return the first metric's numbers by ordinal, of records known and not withheld."""
        first = self.metrics[0].id
        numbers, hidden = self.counts[first].items(), self._hidden[first]
        return {o: n for o, n in numbers if n and o > 0 and o not in hidden}

    def order(self) -> Iterator[tuple[str, int]]:
        """Yield the ids of records with their numbers, the largest first, ties by id."""
        for recid, number, ordinal in ordered(self.ranked, works=self.by_work):
            self.ordinals[recid] = ordinal
            yield recid, number

    def see(self, ids: list[str]) -> dict[str, Seen]:
        """Return which of some records the reader may see."""
        look = visible.works if self.by_work else visible.records
        return look(self.question.identity, ids)

    def count_seen(self) -> int | None:
        """Return how many records the reader may see; none for very many."""
        if len(self.ranked) > visible.MOST:
            return None
        return len(self.see([recid for recid, _, _ in named(self.ranked, works=self.by_work)]))

    def numbers(self, recid: str) -> dict[str, Number]:
        """Return the numbers of a record, without what is withheld."""
        ordinal = self.ordinals[recid]
        found: dict[str, Number] = {}
        for metric in self.metrics:
            hidden = ordinal in self._hidden[metric.id]
            found[metric.id] = None if hidden else self.counts[metric.id][ordinal]
        return found

    def _withheld(self) -> dict[str, set[int]]:
        """Return which records' numbers are withheld, by metric."""
        bases = {m.id: self.question.catalog.base(m).id for m in self.metrics}
        found = withheld_columns(self.counts, bases, smallest_shown())
        if any(found.values()):
            self.question.note("withheld")
        return found
