# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A question as typed values: what is asked of a scope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, NamedTuple

from ..catalog import Catalog
from ..catalog.base import Basis
from ..errors import InvalidQueryError
from ..reader.periods import Period, parse_name, today

DEFAULT_PERIOD = "12m"
ALL = "all"
SIZE = 10
MOST = 100
Level = Literal["record", "parent"]
Extent = Literal["all", "page", "stream"]
LEVELS: tuple[Level, ...] = ("record", "parent")


class Filter(NamedTuple):
    """Be one value of a dimension to which an answer is restricted."""

    dimension: str
    value: str

    def __str__(self) -> str:
        """Return it as it stands in addresses."""
        return f"{self.dimension}:{self.value}"


class PeriodChoice:
    """Know how a period is given: by its bounds, or by a name."""

    period: str | None
    since: date | str | None
    until: date | str | None

    @property
    def by_days(self) -> bool:
        """Tell whether the period is given by its bounds."""
        return bool(self.since or self.until)

    @property
    def is_default(self) -> bool:
        """Tell whether no period is given."""
        return not (self.by_days or self.period)

    @property
    def name(self) -> str | None:
        """Return the period's name, if it goes by one."""
        return None if self.by_days else self.period or DEFAULT_PERIOD


@dataclass(frozen=True, kw_only=True)
class Query(PeriodChoice):
    """Be the parameters of a question, checked; what is ``None`` was not given."""

    metrics: tuple[str, ...] = ()
    """Which numbers; none for those that an answer has by default."""
    period: str | None = None
    """A period by name."""
    since: date | None = None
    until: date | None = None
    interval: str | None = None
    cumulative: bool = False
    """Series say what there is at the end of each interval, or was used until then."""
    basis: Basis = "added"
    level: Level = "record"
    """Whether each version of a record counts, or all versions as one work."""
    compare: str | None = None
    dimension: str | None = None
    filters: tuple[Filter, ...] = ()
    """Values of one dimension are alternatives; those of several must all be true."""
    size: int | None = SIZE
    """Rows of a page, or values of a series; none for all of them."""
    page: int = 1
    extent: Extent = "all"
    """How much of it at once: all, a page, or a stream that ends with everything."""
    locale: str | None = None
    counted: bool = True
    """Whether a list says how many rows it has in all, which can take longer than the rows."""
    now: date = field(default_factory=today)

    @classmethod
    def read(
        cls,
        parameters: Mapping[str, Sequence[str]],
        catalog: Catalog,
        *,
        first_day: date | None = None,
    ) -> "Query":
        """Return the question of an address's parameters.

        ``first_day``: what ``period=all`` begins with; without it the first day of the scope.
        Raises ``InvalidQueryError``, which names the parameter and what is allowed.
        """
        from .schemas import load

        query = load(parameters, catalog)
        if query.period == ALL and first_day is not None:
            query = replace(query, period=None, since=first_day, until=query.now)
        query.span(first_day or query.now)
        return query

    def span(self, first_day: date | None) -> Period:
        """Return the period up to the present day; ``first_day``: the beginning of ``all``.

        Raises ``InvalidQueryError`` for one that is reversed or lies in the future.
        """
        if self.name is not None:
            found = parse_name(self.name, first_day, self.now)
        else:
            until = self.until or self.now
            found = Period(self.since or min(first_day or until, until), until)
        if found.since > found.until:
            raise InvalidQueryError("since", f"{found.since} is after until {found.until}.")
        if found.since > self.now:
            raise InvalidQueryError(
                "period" if self.name else "since", f"{found.since} lies in the future."
            )
        return Period(found.since, min(found.until, self.now))

    def to_dict(self) -> dict[str, Any]:
        """Return what was given or is used, with the names of parameters."""
        found = {
            "metric": list(self.metrics),
            "period": self.name,
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "interval": self.interval,
            "cumulative": self.cumulative,
            "basis": self.basis,
            "level": self.level,
            "compare": self.compare,
            "dimension": self.dimension,
            "filter": [str(one) for one in self.filters],
            "size": self.size,
            "page": self.page,
            "locale": self.locale,
        }
        return {name: value for name, value in found.items() if value not in (None, [])}
