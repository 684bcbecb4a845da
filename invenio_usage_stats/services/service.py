# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The service that answers every question for numbers."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from flask_principal import Identity
from invenio_access.permissions import system_identity

from ..aggregations.documents import current_documents, delta_header, snapshot_header
from ..aggregations.records.states import RecordDelta
from ..aggregations.running import bookmarks
from ..aggregations.running.journal import last_noted
from ..aggregations.sheets.sheet import Usage
from ..catalog import Catalog, Metric
from ..catalog.base import Basis
from ..errors import InvalidQueryError
from ..indices import USAGE_DELTA, Product
from ..reader.freshness import as_of
from ..reader.periods import Period, first_kept_day
from ..reader.states import delta_documents, states
from ..reader.usage import usage_by_day, usages
from . import opting
from .describing import schema
from .explaining import explain
from .numbers import PageNumbers
from .permissions import allows
from .query import Query
from .question import Question
from .results import Explanation, SchemaResult, Series, Snapshot, Top, Totals
from .scopes import Scope, anonymous, resolve_scope
from .series import series
from .snapshot import snapshot
from .speaking import spoken
from .top import top
from .totals import totals
from .withholding import withhold_document

PUBLIC = "public"
"""Stands for what readers may see that are not signed in, and have no secret links."""
Asked = str | Scope
"""A scope, or the text that names it."""


class UsageStatsService:
    """Answer questions about a scope that the caller may read (see ``resolve_scope``)."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def totals(self, identity: Identity, scope: Asked, query: Query) -> Totals:
        """Return every metric of a period in its unit.

        Metrics of usage: what was counted in the period. Metrics of records: what there is at its
        end, and what was added and removed in it. With ``compare``, the earlier number and the
        change.
        """
        return spoken(totals, self.question(identity, scope, query))

    def series(self, identity: Identity, scope: Asked, query: Query) -> Series:
        """Return metrics interval by interval, each in its unit.

        Metrics of usage: what was counted in each interval; of records: what was added less what
        was removed. ``cumulative``: what was used from the beginning to the end of each interval,
        and what there is at its end. With ``dimension``, the first metric of its largest values.
        """
        return spoken(series, self.question(identity, scope, query))

    def top(self, identity: Identity, scope: Asked, query: Query) -> Top:
        """Return what has most of the first metric in a period, with all metrics in their units.

        Only what the reader may see is listed.
        """
        return spoken(top, self.question(identity, scope, query))

    def snapshot(self, identity: Identity, scope: Asked, query: Query) -> Snapshot:
        """Return what there is at the end of a period, by metric and by dimension."""
        return spoken(snapshot, self.question(identity, scope, query))

    def schema(self, identity: Identity, scope: Asked, query: Query) -> SchemaResult:
        """Return what can be asked: metrics with units and definitions, dimensions, parameters."""
        return spoken(schema, self.question(identity, scope, query))

    def explain(self, identity: Identity, scope: Asked, query: Query) -> Explanation:
        """Return how the first metric came about, step by step, in its unit or in events."""
        return spoken(explain, self.question(identity, scope, query))

    def question(self, identity: Identity, scope: Asked, query: Query) -> Question:
        """Return a question with its scope; raise ``UnknownScopeError`` for what is hidden."""
        found = scope if isinstance(scope, Scope) else self.resolve_scope(identity, scope)
        return Question(identity, found, query)

    def resolve_scope(self, identity: Identity, text: str) -> Scope:
        """Return the scope that a text names (see ``resolve_scope``)."""
        return resolve_scope(identity, text)

    def bookmark(self) -> datetime | None:
        """Return up to which moment everything that was indexed is counted, by one request."""
        return as_of()

    def written(self) -> int | None:
        """Return a mark that moves when anything was written, the past included."""
        return last_noted()

    def mark(self) -> tuple[Any, ...]:
        """Return what moves when any number may have changed, or what is to be seen at all."""
        return self.bookmark(), self.written(), opting.last_decision()

    def visibility(self, identity: Identity, scope: Scope) -> str:
        """Return a key that is the same for readers who may see the same."""
        needs = sorted(map(repr, identity.provides - anonymous().provides))
        if identity.id is None and not needs:
            return PUBLIC
        return sha256("\n".join(needs).encode()).hexdigest()[:32]

    def is_public(self, scope: Scope) -> bool:
        """Tell whether everybody may read the numbers of a resolved scope."""
        return scope.public

    def may_export(self, identity: Identity, scope: Scope) -> bool:
        """Tell whether an identity may export the numbers of a scope."""
        return allows(identity, "export", scope=scope)

    def daily_documents(
        self, scope: Scope, product: Product, period: Period
    ) -> list[dict[str, Any]]:
        """Return one document of a product for every day of a period.

        Each says when it was made, and up to which moment of indexing all events are in it.
        """
        mark = bookmarks.read([product.name]).get(product.name)
        answer = self._deltas if product.kind == "delta" else self._snapshots
        found = answer(scope, product, period)
        stands_for = {"bookmark": _iso(mark)}
        shown = map(withhold_document, found)
        return [{**_times(mark), **document, **stands_for} for document in shown]

    def _deltas(self, scope: Scope, product: Product, period: Period) -> Iterator[dict[str, Any]]:
        """Yield the stored deltas, and an empty one for each day without."""
        stored = delta_documents(product, scope.id, period)
        documents = current_documents()
        if product.family == "usage":
            empty = documents.usage_delta(Usage(documents.columns))
        else:
            empty = documents.record_delta(RecordDelta())
        removed = _removed(product, scope, period)
        for day in period.days():
            made = documents.usage_delta(removed[day]) if day in removed else empty
            yield stored.get(day) or {**delta_header(scope.id, day), **made}

    def _snapshots(
        self, scope: Scope, product: Product, period: Period
    ) -> Iterator[dict[str, Any]]:
        """Yield the state at the end of each day."""
        documents = current_documents()
        if product.family == "usage":
            found, render = usages(documents.columns, scope.id, period), documents.usage_snapshot
        else:
            found, render = states(product, scope.id, period), documents.record_snapshot
        now = datetime.now(UTC)
        for day, state in found:
            yield {**snapshot_header(scope.id, day), **_times(now), **render(state)}

    def numbers(
        self, identity: Identity, scope: Scope, query: Query, dimensions: Iterable[str] = ()
    ) -> PageNumbers:
        """Return the numbers of a page, read once for all its panels.

        ``dimensions``: those that its tables show.
        """
        return PageNumbers(identity, scope, query, dimensions)

    def first_day(self, scope: Scope, basis: Basis = "added") -> date | None:
        """Return the first day with usage or with a record that began to count."""
        return Question(system_identity, scope, Query(basis=basis)).first_day

    def as_of(self) -> datetime | None:
        """Return up to which moment everything that was indexed is counted."""
        return as_of()

    def metric(self, id_: str) -> Metric:
        """Return a metric; raise ``InvalidQueryError`` when there is none of this id."""
        if id_ not in self.catalog.metrics:
            allowed = ", ".join(self.catalog.metrics)
            raise InvalidQueryError("metric", f"{id_!r} is not one of {allowed}.")
        return self.catalog.metrics[id_]


def _removed(product: Product, scope: Scope, period: Period) -> dict[date, Usage]:
    """Return the usage of days whose documents are no longer kept, from sheets."""
    kept = first_kept_day() if product == USAGE_DELTA else None
    if kept is None or kept <= period.since:
        return {}
    past = Period(period.since, min(period.until, kept - timedelta(days=1)))
    return usage_by_day(current_documents().columns, scope.id, past)


def _times(moment: datetime | None) -> dict[str, Any]:
    """Return when an answer's document was made; nothing for what was never written."""
    return {"timestamp": _iso(moment), "updated_timestamp": _iso(moment)}


def _iso(moment: datetime | None) -> str | None:
    """Return a moment to the second."""
    return moment.replace(microsecond=0).isoformat() if moment else None
