# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A question: a scope and a query, and what is needed to answer it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import cached_property

from flask_principal import Identity

from ..catalog import Dimension, Metric
from ..catalog.base import REPORTS, VISITS
from ..errors import UnanswerableError
from ..ledger.history import GLOBAL
from ..reader import freshness
from ..reader.histories import Told, first_held, first_held_with, shares_with, works_with
from ..reader.holdings import Holdings, Stored, StoredCell
from ..reader.periods import Period
from ..reader.raw import DAYS
from ..reader.records import Known, Whereabouts, known_record, versions_of
from ..reader.spans import Covered
from ..reader.stored import first_stored
from .asked import Asked
from .choosing import Listing, OfEvents, OfLines
from .counting import Counting, OfScope, OfValue
from .filtered import events_of, lines_of
from .notes import NOTES, OF_EVENTS
from .query import Query
from .reported import Apart, OfReports, Wanted
from .scopes import Scope

PLACES = ("communities", "subcommunities")
"""Lists of which each row is counted as a scope of its own."""


class Question(Asked):
    """Know scope, period and filters of what is asked, and how to count it."""

    def __init__(self, identity: Identity, scope: Scope, query: Query) -> None:
        """Take a question; one of single events that names no period is about the last days."""
        super().__init__(identity, scope, query)
        if query.is_default and self._reads_events:
            self.query = replace(query, period=f"{DAYS}d")

    @property
    def _reads_events(self) -> bool:
        """Tell whether single events have to be read, which is done for short periods only."""
        dimension, of_record = self.query.dimension, self.scope.kind == "record"
        if dimension in self.by_events:
            return of_record or bool(self.wanted)
        if all(one.source != "event" for one in self.wanted):
            return False
        return of_record or len(self.query.filters) > 1 or dimension not in (None, *PLACES)

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

    def _first_days(self) -> list[date | None]:
        """Return the first days of a scope; those of a record are told by what it went through."""
        if self.scope.kind == "user":
            return [
                *first_held_with(self.wanted, self.query.basis),
                *freshness.first_days(GLOBAL, ()),
            ]
        if self.scope.kind != "record":
            return super()._first_days()
        recids = [known.recid for known in self.records]
        own = [first_stored(recids), first_held(self.records, self.query.basis)]
        return [*own, *freshness.first_days(GLOBAL, ())]

    @cached_property
    def by_events(self) -> set[str]:
        """Return the dimensions that only events know."""
        return {dimension.id for dimension in self.catalog.of_event()}

    @cached_property
    def software(self) -> set[str]:
        """Return by which software is chosen what it has reported."""
        return {key for d, keys in self.wanted.items() if REPORTS in d.families for key in keys}

    def unknown(self, metric: Metric) -> str:
        """Return the code of the note that says why a metric is not counted here, if it is not.

        Visits have no records, and no properties; what is reported is known by software only, and
        nothing else is.
        """
        if metric.family == REPORTS:
            reported = all(REPORTS in dimension.families for dimension in self.wanted)
            return "" if reported else "reports"
        if metric.family == VISITS and (self.wanted or self.scope.kind == "record"):
            return "visits"
        return "software" if self.software else ""

    def knows(self, metric: Metric) -> bool:
        """Tell whether a metric is counted here."""
        return not self.unknown(metric)

    def require(self, metric: Metric) -> None:
        """Raise ``UnanswerableError`` for a metric that is not counted here."""
        if code := self.unknown(metric):
            raise UnanswerableError(NOTES[code])

    def known(self, metrics: Iterable[Metric]) -> list[Metric]:
        """Return which of some metrics are counted here, with a note where some are not."""
        wanted = list(metrics)
        for code in filter(None, map(self.unknown, wanted)):
            self.note(code)
        return [metric for metric in wanted if self.knows(metric)]

    def usage(self, dimension: str | None = None) -> Counting:
        """Return what counts usage; ``dimension``: what it is to be broken down by."""
        known = self.catalog.dimensions.get(dimension or "")
        if self.software or (known and REPORTS in known.families):
            return self.reported()
        uses = self._uses(dimension)
        own = self.scope.kind == "record" and not self.wanted and self.catalog.reports
        return Apart(uses, self.reported()) if own else uses

    def reported(self) -> OfReports:
        """Return what counts reported downloads."""
        places, chosen = (lambda period: [(self.records_from, period)]), None
        if self._only is not None:
            places = Whereabouts([known.recid for known in self._only]).places
            chosen = {known.ordinal for known in self._only}
        wanted = Wanted(chosen, self.query.level == "parent", self.software or None)
        return OfReports(self.columns, places, wanted).sharing(self._covered)

    def _uses(self, dimension: str | None) -> Counting:
        """Return what counts uses of records."""
        by_event = [d for d in self.wanted if d.source == "event"]
        chosen = self.scope.kind == "record" or bool(self.wanted)
        if chosen and dimension in self.by_events and not self._is_own(dimension):
            return self._of_events()
        if self.scope.kind == "record":
            return self._of_events() if by_event else self.lines()
        if not self.wanted:
            return self._of_scope
        (first, values), *others = self.wanted.items()
        if not others and len(values) == 1 and "usage" in first.families:
            rest = self._of_events() if by_event else self.lines()
            cell = (first.id, next(iter(values)))
            whole = (self.columns, self.records_from, cell, rest, not first.multiple)
            return OfValue(*whole).sharing(self._covered)
        return self._of_events() if by_event else self.lines()

    def _is_own(self, dimension: str) -> bool:
        """Tell whether one value of a dimension is all that is chosen, and events have no other."""
        known = self.catalog.dimensions[dimension]
        return (
            not known.multiple and len(self.wanted.get(known, ())) == len(self.query.filters) == 1
        )

    @property
    def _of_scope(self) -> OfScope:
        """Return what counts all usage of the scope."""
        whole = (self.columns, self.scope.id, self.ahead)
        return self.once("usage", lambda: OfScope(*whole).sharing(self._covered))

    def listings(self, periods: list[Period]) -> Iterator[Listing]:
        """Yield for each period the usage with a line for each record."""
        if self.software:
            raise UnanswerableError(NOTES["software"])
        by_event = any(dimension.source == "event" for dimension in self.wanted)
        return (self._of_events() if by_event else self.lines()).listings(periods)

    def whole(self) -> Counting:
        """Return what counts all usage of a record, or else of the repository."""
        if self.scope.kind == "record":
            return Question(self.identity, self.scope, replace(self.query, filters=())).usage()
        return OfScope(self.columns, GLOBAL)

    def lines(self) -> OfLines:
        """Return what counts lines."""
        where = (self.columns, self.records_from)
        parts = (*where, self.wanted, self._only, self.by_events, self.ahead)
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
            return StoredCell(self.records_from, basis, owners, cell)
        return self.walked

    @property
    def walked(self) -> Holdings:
        """Return what knows it by walking through histories, which answers everything."""
        if self.scope.kind == "record" or not self.wanted:
            return self.holdings
        return self.once(
            "walked", lambda: self._told(works_with(self.records_from, self._of_records()))
        )

    def _of_records(self) -> dict[Dimension, set[str]]:
        """Return the filters; raise ``UnanswerableError`` for properties of events."""
        for dimension in self.wanted:
            if not dimension.of_record:
                raise UnanswerableError(OF_EVENTS, dimension=dimension.label)
        return self.wanted

    def _told(self, parents: list[str]) -> Told:
        """Return what walks through the histories of works."""
        dimensions = [d for d in self.catalog.of_family("records") if d.of_record]
        owners = self.catalog.dimensions[self.documents.records.owners]
        shares = shares_with(self._of_records(), dimensions)
        only = None
        if self.scope.kind == "record" and self.query.level == "record":
            only = {known.recid for known in self.records}
        scope, basis = self.records_from, self.query.basis
        return Told(parents, scope, basis, owners, shares, only)
