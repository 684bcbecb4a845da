# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What is asked: a scope and a query, its days and filters, and what is to be said beside it."""

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, Self

from babel import Locale
from flask_principal import Identity
from invenio_i18n import get_locale

from ..aggregations.documents import current_documents
from ..catalog import Dimension, Metric
from ..catalog.base import BESIDE
from ..errors import InvalidQueryError
from ..indices import RECORD_DELTAS, SHEETS
from ..ledger.history import GLOBAL
from ..reader import freshness
from ..reader.freshness import Freshness
from ..reader.holdings import of_basis
from ..reader.periods import Period, earlier
from .costs import check_cost
from .head import Comparison
from .notes import NOTES
from .paging import LISTED, most_rows
from .parts import Note
from .query import Query
from .scopes import Scope


class Asked:
    """Know scope, period and filters of what is asked."""

    def __init__(self, identity: Identity, scope: Scope, query: Query) -> None:
        self.identity, self.scope, self.query = identity, scope, query
        self.documents = current_documents()
        self.catalog = self.documents.catalog
        self.columns = self.documents.columns
        self.notes: dict[str, Note] = {}
        self.ahead: tuple[str, ...] = ()
        """Dimensions that will be broken down by, one after the other."""
        self._found: dict[Hashable, Any] = {}
        self._metrics: list[Metric] = []
        self._check_filters()

    def varied(self, **changes: Any) -> Self:
        """Return a question about the same scope, days and filters, that knows what this one does.

        ``changes``: other parameters of the query than these.
        """
        other = type(self)(self.identity, self.scope, replace(self.query, **changes))
        other.ahead, other._found = self.ahead, self._found
        return other

    def once(self, key: Hashable, find: Callable[[], Any]) -> Any:
        """Return what is found once for this question and all its variants."""
        if key not in self._found:
            self._found[key] = find()
        return self._found[key]

    @property
    def records_from(self) -> str:
        """Return the scope whose documents have the numbers: some scopes' lie in the whole."""
        return GLOBAL if self.scope.kind in ("record", "user") else self.scope.id

    @property
    def _as_of_and_days(self) -> tuple:
        """Return when everything was counted, and the first days of usage and records."""
        return self.once("days", lambda: (freshness.as_of(), self._first_days()))

    def _first_days(self) -> list[date | None]:
        """Return the first days of a scope's usage and records, and of all usage."""
        products = (SHEETS, of_basis(RECORD_DELTAS, self.query.basis))
        return freshness.first_days(self.scope.id, products)

    @cached_property
    def first_day(self) -> date | None:
        """Return the first day with usage or with a record that began to count."""
        return min((day for day in self._as_of_and_days[1][:-1] if day), default=None)

    @cached_property
    def period(self) -> Period:
        """Return the period."""
        return self.query.span(self.first_day)

    @cached_property
    def recorded_from(self) -> date | None:
        """Return the first day on which the repository recorded any usage."""
        return self._as_of_and_days[1][-1]

    def _begin(self, metric: Metric) -> date | None:
        """Return the first day on which the repository recorded events of a metric's family."""
        if metric.family not in BESIDE:
            return self.recorded_from
        return self.once(metric.family, lambda: freshness.first_of(metric.event))

    @cached_property
    def earlier(self) -> Period | None:
        """Return the period to compare with, if one is asked for."""
        return earlier(self.period, self.query.compare) if self.query.compare else None

    def unrecorded(self, metric: Metric) -> bool:
        """Tell whether the earlier period of a metric lies wholly before recording began."""
        first = self._begin(metric) if metric.event else self.first_day
        return first is None or self.earlier.until < first

    def comparable(self, metric: Metric) -> bool:
        """Tell whether the earlier period has all numbers of a metric.

        What is held follows from dates. Usage is known since recording began, and a record has
        none before it is there: a part of a period would look like growth.
        """
        if not metric.event:
            return not self.unrecorded(metric)
        begins = [self._begin(metric)]
        if self.scope.kind == "record":
            begins.append(self.first_day)
        return None not in begins and max(begins) <= self.earlier.since

    @property
    def freshness(self) -> Freshness:
        """Return how fresh and complete the numbers are."""
        return self.once("freshness", self._read_freshness)

    def _read_freshness(self) -> Freshness:
        """Ask how fresh and complete the numbers are."""
        moment = self._as_of_and_days[0]
        return Freshness(
            as_of=moment,
            first_day=self.first_day,
            recorded_from=self.recorded_from,
            incomplete_from=freshness.incomplete_from(self.records_from, self.period, moment),
            estimated_before=freshness.estimated_before(),
        )

    @cached_property
    def locale(self) -> Locale:
        """Return the language of labels."""
        if self.query.locale is None:
            return get_locale() or Locale("en")
        return Locale.parse(self.query.locale)

    def refuse_comparison(self, what: str) -> None:
        """Raise ``InvalidQueryError`` when a comparison is asked for that there is not."""
        if self.query.compare is not None:
            raise InvalidQueryError("compare", f"cannot be given with {what}.")

    def metrics(self, default: tuple[str, ...]) -> list[Metric]:
        """Return the metrics that are asked for, or those of an answer."""
        self._metrics = [self.catalog.metrics[id_] for id_ in self.query.metrics or default]
        return self._metrics

    def counted(self, metric: Metric) -> Metric:
        """Return the metric that is counted for another one on this question's level."""
        if self.query.level == "parent" and metric.works:
            return self.catalog.metrics[metric.works]
        return metric

    def check_cost(self, values: int, days: int | None = None) -> None:
        """Raise ``CostError`` when so many values for each day cost too much."""
        length = self.period.length + (self.earlier.length if self.earlier else 0)
        check_cost(days or length, values)

    def limit_rows(self, most: int) -> None:
        """Make pages no larger than an answer may be."""
        if self.query.extent == "page" and self.query.size is not None:
            self.query = replace(self.query, size=min(self.query.size, most))

    def check_rows(self, metrics: list[Metric]) -> None:
        """Make pages of a ranking as small as they must be; raise ``CostError`` if need be."""
        self.limit_rows(most_rows(len(metrics), self.query))
        self.check_cost(len(metrics) * (self.query.size or 1))

    def check_list(self, metrics: list[Metric]) -> None:
        """Check the pages of a list; raise ``InvalidQueryError`` for rows that none reaches."""
        self.check_rows(metrics)
        if self.query.page * (self.query.size or 0) > LISTED:
            raise InvalidQueryError(
                "page", f"lists have pages up to row {LISTED}; files have all rows."
            )

    def note(self, code: str) -> None:
        """Add what a reader must know."""
        self.notes[code] = Note(code, str(NOTES[code]))

    def head(self) -> dict:
        """Return what all results have in common."""
        comparison = self._comparison()
        if comparison and not comparison.complete:
            self.note("beginning")
        if self.freshness.incomplete_from:
            self.note("incomplete")
        before = self.freshness.estimated_before
        if before and self.period.since < before:
            self.note("estimated")
        return {
            "scope": self.scope,
            "query": self.query,
            "period": self.period,
            "comparison": comparison,
            "freshness": self.freshness,
            "notes": list(self.notes.values()),
        }

    def _comparison(self) -> Comparison | None:
        """Return the earlier period, and whether it has all numbers that are asked for.

        What is recorded since later than all else judges a period only if it is named.
        """
        if self.earlier is None:
            return None
        judging = [m for m in self._metrics if self.query.metrics or m.family not in BESIDE]
        return Comparison(self.earlier, all(map(self.comparable, judging)))

    @cached_property
    def wanted(self) -> dict[Dimension, set[str]]:
        """Return the values by which records and events are chosen, by dimension."""
        if self.scope.kind != "user":
            return self.chosen
        return {
            self.catalog.dimensions[self.documents.records.owners]: {self.scope.id},
            **self.chosen,
        }

    @cached_property
    def chosen(self) -> dict[Dimension, set[str]]:
        """Return the values that are asked for, by dimension."""
        found: defaultdict[Dimension, set[str]] = defaultdict(set)
        for one in self.query.filters:
            found[self.catalog.dimensions[one.dimension]].add(one.value)
        return dict(found)

    def _check_filters(self) -> None:
        """Raise ``InvalidQueryError`` for filters that nobody can apply."""
        for one in self.query.filters:
            dimension = self.catalog.dimensions.get(one.dimension)
            if dimension is None or dimension.hidden:
                raise InvalidQueryError("filter", f"{one.dimension} cannot be filtered by.")
