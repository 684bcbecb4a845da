# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A question: a scope and a query, and what is needed to answer it."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from babel import Locale
from flask_principal import Identity
from invenio_i18n import get_locale

from ..aggregations.documents import current_documents
from ..catalog import Dimension, Metric
from ..errors import InvalidQueryError, UnanswerableError
from ..indices import RECORD_DELTAS, SHEETS
from ..ledger.history import GLOBAL
from ..reader import freshness
from ..reader.freshness import Freshness
from ..reader.histories import Told, shares_with, works_with
from ..reader.holdings import Holdings, Stored, StoredCell, of_basis
from ..reader.periods import Period, earlier
from ..reader.records import Known, known_record, versions_of
from ..reader.spans import Covered
from .choosing import Listing, OfEvents, OfLines
from .costs import check_cost
from .counting import Counting, OfScope, OfValue
from .filtered import events_of, lines_of
from .notes import NOTES, OF_EVENTS
from .paging import most_rows
from .query import Query
from .results import Comparison, Note
from .scopes import Scope


class Question:
    """Know scope, period and filters of what is asked, and how to count it."""

    def __init__(self, identity: Identity, scope: Scope, query: Query) -> None:
        self.identity, self.scope, self.query = identity, scope, query
        self.documents = current_documents()
        self.catalog = self.documents.catalog
        self.columns = self.documents.columns
        self.notes: dict[str, Note] = {}
        self.ahead: tuple[str, ...] = ()
        """Dimensions that will be broken down by, one after the other."""
        self._found: dict[Hashable, Any] = {}
        self._check_filters()

    def varied(self, **changes: Any) -> "Question":
        """Return a question about the same scope, days and filters, that knows what this one does.

        ``changes``: other parameters of the query than these.
        """
        other = Question(self.identity, self.scope, replace(self.query, **changes))
        other.ahead, other._found = self.ahead, self._found
        return other

    def once(self, key: Hashable, find: Callable[[], Any]) -> Any:
        """Return what is found once for this question and all its variants."""
        if key not in self._found:
            self._found[key] = find()
        return self._found[key]

    @property
    def records_from(self) -> str:
        """Return the scope whose documents have the numbers: a record's lie in the whole."""
        return GLOBAL if self.scope.kind == "record" else self.scope.id

    @property
    def _as_of_and_days(self) -> tuple:
        """Return when everything was counted, and the first days of records and usage."""
        products = (SHEETS, of_basis(RECORD_DELTAS, "added"))
        return self.once(
            "days",
            lambda: (freshness.as_of(), freshness.first_days(self.records_from, products)),
        )

    @cached_property
    def first_day(self) -> date | None:
        """Return the first day with usage or with a record that joined."""
        return min((day for day in self._as_of_and_days[1][:2] if day), default=None)

    @cached_property
    def period(self) -> Period:
        """Return the period."""
        return self.query.span(self.first_day)

    @cached_property
    def recorded_from(self) -> date | None:
        """Return the first day on which the repository recorded any usage."""
        return self._as_of_and_days[1][-1]

    @cached_property
    def comparison(self) -> Comparison | None:
        """Return the earlier period, if one is asked for."""
        if self.query.compare is None:
            return None
        period, first = earlier(self.period, self.query.compare), self.recorded_from
        return Comparison(period, first is not None and first <= period.since)

    def unrecorded(self, metric: Metric) -> bool:
        """Tell whether the earlier period of a metric lies wholly before recording began."""
        first = self.recorded_from if metric.event else self.first_day
        return first is None or self.comparison.period.until < first

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

    def metrics(self, default: tuple[str, ...]) -> list[Metric]:
        """Return the metrics that are asked for, or those of an answer."""
        return [self.catalog.metrics[id_] for id_ in self.query.metrics or default]

    def counted(self, metric: Metric) -> Metric:
        """Return the metric that is counted for another one on this question's level."""
        if self.query.level == "parent" and metric.works:
            return self.catalog.metrics[metric.works]
        return metric

    def check_cost(self, values: int, days: int | None = None) -> None:
        """Raise ``CostError`` when so many values for each day cost too much."""
        length = self.period.length + (self.comparison.period.length if self.comparison else 0)
        check_cost(days or length, values)

    def limit_rows(self, most: int) -> None:
        """Make pages no larger than an answer may be."""
        if self.query.extent == "page" and self.query.size is not None:
            self.query = replace(self.query, size=min(self.query.size, most))

    def check_rows(self, metrics: list[Metric]) -> None:
        """Make pages of a ranking as small as they must be; raise ``CostError`` if need be."""
        self.limit_rows(most_rows(len(metrics), self.query))
        self.check_cost(len(metrics) * (self.query.size or 1))

    def note(self, code: str) -> None:
        """Add what a reader must know."""
        self.notes[code] = Note(code, NOTES[code])

    def head(self) -> dict:
        """Return what all results have in common."""
        if self.comparison and not self.comparison.complete:
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
            "comparison": self.comparison,
            "freshness": self.freshness,
            "notes": list(self.notes.values()),
        }

    @cached_property
    def wanted(self) -> dict[Dimension, set[str]]:
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

    @property
    def records(self) -> list[Known]:
        """Return the record of a record's scope; all its versions on the level of works."""
        return self.once("records", self._find_records)

    def _find_records(self) -> list[Known]:
        """Look up the records of a record's scope."""
        known = known_record(self.scope.id)
        if known is None:
            return []
        return versions_of(known.parent) if self.query.level == "parent" else [known]

    @cached_property
    def by_events(self) -> set[str]:
        """Return the dimensions that only events know."""
        return {dimension.id for dimension in self.catalog.of_event()}

    def usage(self, dimension: str | None = None) -> Counting:
        """Return what counts usage; ``dimension``: what it is to be broken down by."""
        by_event = [d for d in self.wanted if d.source == "event"]
        chosen = self.scope.kind == "record" or bool(self.wanted)
        if chosen and dimension in self.by_events:
            return self._of_events()
        if self.scope.kind == "record":
            return self._of_events() if by_event else self.lines()
        if not self.wanted:
            return self._of_scope
        (first, values), *others = self.wanted.items()
        if not others and len(values) == 1 and "usage" in first.families:
            rest = self._of_events() if by_event else self.lines()
            cell = (first.id, next(iter(values)))
            return OfValue(self.columns, self.scope.id, cell, rest).sharing(self._covered)
        return self._of_events() if by_event else self.lines()

    @property
    def _of_scope(self) -> OfScope:
        """Return what counts all usage of the scope."""
        whole = (self.columns, self.scope.id, self.ahead)
        return self.once("usage", lambda: OfScope(*whole).sharing(self._covered))

    def listings(self, periods: list[Period]) -> Iterator[Listing]:
        """Yield for each period the usage with a line for each record."""
        by_event = any(dimension.source == "event" for dimension in self.wanted)
        return (self._of_events() if by_event else self.lines()).listings(periods)

    def whole(self) -> Counting:
        """Return what counts all usage of the repository."""
        return OfScope(self.columns, GLOBAL)

    def lines(self) -> OfLines:
        """Return what counts lines."""
        parts = (self.columns, self.scope.id, self.wanted, self._only, self.by_events, self.ahead)
        return self.once("lines", lambda: lines_of(*parts).sharing(self._covered))

    @property
    def _covered(self) -> Covered:
        """Return the sheets that cover periods, as far as they were looked for."""
        return self.once("covered", dict)

    def _of_events(self) -> OfEvents:
        """Return what counts single events."""
        parts = (self.columns, self.records_from, self.wanted, self._only)
        return self.once("events", lambda: events_of(*parts))

    @property
    def _only(self) -> list[Known] | None:
        """Return the records that alone are counted, if there are such."""
        return self.records if self.scope.kind == "record" else None

    @property
    def holdings(self) -> Holdings:
        """Return what knows which records there are."""
        return self.once("holdings", self._find_holdings)

    def _find_holdings(self) -> Holdings:
        """Return what knows it from what is stored, if anything does."""
        basis, owners = self.query.basis, self.documents.records.owners
        if self.scope.kind == "record":
            return self._told([known.parent for known in self.records[:1]])
        if not self.wanted:
            return Stored(self.scope.id, basis, owners)
        (first, values), *others = self._of_records().items()
        if not others and len(values) == 1:
            cell = (first.id, next(iter(values)))
            return StoredCell(self.scope.id, basis, owners, cell)
        return self.walked

    @property
    def walked(self) -> Holdings:
        """Return what knows it by walking through histories, which answers everything."""
        if self.scope.kind == "record" or not self.wanted:
            return self.holdings
        return self.once(
            "walked", lambda: self._told(works_with(self.scope.id, self._of_records()))
        )

    def _of_records(self) -> dict[Dimension, set[str]]:
        """Return the filters; raise ``UnanswerableError`` for properties of events."""
        for dimension in self.wanted:
            if dimension.source == "event":
                raise UnanswerableError(OF_EVENTS, dimension=dimension.label)
        return self.wanted

    def _told(self, parents: list[str]) -> Told:
        """Return what walks through the histories of works."""
        dimensions = [d for d in self.catalog.of_family("records") if d.source != "event"]
        owners = self.catalog.dimensions[self.documents.records.owners]
        shares = shares_with(self._of_records(), dimensions)
        only = None
        if self.scope.kind == "record" and self.query.level == "record":
            only = {known.recid for known in self.records}
        scope, basis = self.records_from, self.query.basis
        return Told(parents, scope, basis, owners, shares, only)
