# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The figures of a year: every metric, each month, and what was used most."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_principal import Identity

from ....catalog import Metric
from ....errors import UnanswerableError
from ....services.numbers import PageNumbers
from ....services.parts import Line, Note
from ....services.query import Query
from ....services.question import Question
from ....services.results import OneSeries, Top, Totals
from ....services.scopes import Scope
from ....services.service import UsageStatsService
from ....services.speaking import spoken
from ....services.totals import of_period

MONTHS = "months"
"""How rows of months are told from those of the year."""


@dataclass(frozen=True)
class Ranking:
    """Be what was used most of one kind; without rows it says why there are none."""

    name: str
    top: Top | None = None
    why: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, without what all parts of a report have in common."""
        if self.top is None:
            return {"name": self.name, "why": self.why}
        rows = [row.to_dict() for row in self.top.rows]
        parts = {"units": self.top.units, "missing": self.top.missing, "totals": self.top.totals}
        return {"name": self.name, "rows": rows, **parts}


@dataclass(frozen=True, kw_only=True)
class Annual(Totals):
    """Be the figures of a year.

    ``about``: the values that records must have to count, such as a funder; none for all records.
    """

    about: list[dict[str, str]]
    definitions: list[dict[str, str]]
    months: list[OneSeries]
    rankings: list[Ranking]

    def table(self) -> Iterator[Line]:
        """Yield the year's numbers, then those of each month, then what was used most."""
        yield from super().table()
        for one in self.months:
            for point in one.points:
                of = (MONTHS, f"{point.day:%Y-%m}", f"{point.day:%Y-%m}")
                yield self.line(point.day, one.metric, one.unit, point.value, *of)
                sides = (point.added, point.removed)
                yield from self.moved(point.day, one.metric, one.unit, sides, *of)
        for ranking in self.rankings:
            yield from ranking.top.table() if ranking.top else ()


class AnnualService(UsageStatsService):
    """Answer what a year was like, beside every other question."""

    def annual(self, identity: Identity, scope: str | Scope, query: Query) -> Annual:
        """Return the figures of the year that a query names, with those of the year before."""
        return spoken(annual, self.question(identity, scope, query))


def annual(question: Question) -> Annual:
    """Return the figures of a question's period."""
    catalog = question.catalog
    metrics = question.metrics(tuple(m.id for m in catalog.metrics.values() if question.knows(m)))
    ranked = [*_lists(question.scope), *(d.id for d in catalog.shown())]
    numbers = PageNumbers(question.identity, question.scope, question.query, ranked)
    months = numbers.series([m.id for m in metrics if m.additive], "month")
    rankings = [_ranking(numbers, name, question.query.size) for name in ranked]
    whole = of_period(question, metrics)
    question.notes |= numbers.notes
    head = question.head()
    head["notes"] += [Note("unanswered", f"{one.name}: {one.why}") for one in rankings if one.why]
    return Annual(
        metrics=whole,
        about=[{**one._asdict(), "label": numbers.label(one)} for one in question.query.filters],
        definitions=[_definition(metric) for metric in metrics],
        months=list(months.values()),
        rankings=rankings,
        **head,
    )


def _lists(scope: Scope) -> list[str]:
    """Return the lists of a scope: communities are those of the repository, or below another."""
    return ["records", "communities" if scope.is_global else "subcommunities"]


def _ranking(numbers: PageNumbers, name: str, size: int) -> Ranking:
    """Return what was used most of one kind, or why that cannot be said."""
    try:
        return Ranking(name, numbers.top(name, size=size))
    except UnanswerableError as error:
        return Ranking(name, why=str(error))


def _definition(metric: Metric) -> dict[str, str]:
    """Return what a metric counts, in the reader's language."""
    texts = {"label": str(metric.label), "definition": str(metric.definition)}
    return {"id": metric.id, "unit": metric.unit, **texts}
