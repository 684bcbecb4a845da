# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a dashboard's URL says, and the URLs of its links."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from ...errors import InvalidQueryError
from ...services.query import DEFAULT_PERIOD, Filter, PeriodChoice

NO_COMPARISON = "none"
TRUE = "true"
SINGLE = ("period", "since", "until", "metric", "interval", "cumulative", "compare", "dimension")
MULTIPLE = ("filter", "sort")
OWN = ("tab", "table", "page", "sort", "explain")
"""Keys of the page; all others are those of the API."""
KEYS = (*SINGLE, "filter", "basis", "level", *OWN)
VIEW = ("metric", "interval", "cumulative", "dimension", "table", "page", "explain")
"""What belongs to the panels of one tab."""


@dataclass(frozen=True)
class Defaults:
    """Be what a dashboard shows when its URL says nothing else; such keys are left out of URLs."""

    period: str = DEFAULT_PERIOD
    compare: str = "previous"
    basis: str = "added"
    level: str = "record"
    cumulative: str = "false"
    explain: str = "false"
    page: str = "1"


@dataclass(frozen=True)
class Address(PeriodChoice):
    """Be the state of a dashboard that its URL holds; what is ``None`` is the default."""

    period: str | None = None
    since: str | None = None
    until: str | None = None
    metric: str | None = None
    interval: str | None = None
    cumulative: str | None = None
    compare: str | None = None
    dimension: str | None = None
    filter: tuple[str, ...] = ()
    basis: str | None = None
    level: str | None = None
    tab: str | None = None
    table: str | None = None
    page: str | None = None
    sort: tuple[str, ...] = ()
    """Rankings with the metrics by which a reader has ranked them anew: ``languages:views``."""
    explain: str | None = None
    """Whether the chart's number is explained, which reads the repository's own events."""
    others: tuple[tuple[str, str], ...] = ()
    """Parameters of the page around the dashboard."""
    defaults: Defaults = Defaults()

    @classmethod
    def read(cls, args: MultiDict, defaults: Defaults | None = None) -> "Address":
        """Return the address of a request's parameters, without what is the default anyway."""
        given = defaults or Defaults()
        own: dict[str, Any] = {key: args[key] for key in KEYS if args.get(key)}
        for key in MULTIPLE:
            own[key] = tuple(dict.fromkeys(filter(None, args.getlist(key))))
        others = tuple(pair for pair in args.items(multi=True) if pair[0] not in KEYS)
        named = {key for key in own if own[key] == getattr(given, key, None)}
        if own.get("since") or own.get("until"):
            named.discard("period")
        return cls(
            **{k: v for k, v in own.items() if k not in named}, others=others, defaults=given
        )

    @property
    def name(self) -> str | None:
        """Return the period's name, if it goes by one."""
        return None if self.by_days else self.period or self.defaults.period

    @property
    def comparison(self) -> str | None:
        """Return what the period is compared with; of all time there is nothing earlier."""
        wanted = self.compare or self.defaults.compare
        return None if wanted == NO_COMPARISON or self.name == "all" else wanted

    @property
    def is_cumulative(self) -> bool:
        """Tell whether series are running sums."""
        return self.cumulative == TRUE

    @property
    def is_explained(self) -> bool:
        """Tell whether the chart's number is explained."""
        return self.explain == TRUE

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters that differ from the defaults."""
        found = list(self.others)
        for key in KEYS:
            value = getattr(self, key)
            if key in MULTIPLE:
                found += [(key, one) for one in value]
            elif value:
                found.append((key, value))
        return found

    def link(self, **changes: Any) -> str:
        """Return the relative URL of this state with changes; a default is left out."""
        own = {k: None if v == getattr(self.defaults, k, "") else v for k, v in changes.items()}
        return f"?{urlencode(replace(self, **own).pairs(), safe=':')}"

    def named(self, name: str) -> str:
        """Return the relative URL with a period by name."""
        return self.link(period=name, since=None, until=None, page=None)

    def fixed(self, since: str, until: str) -> str:
        """Return the relative URL with a period by its bounds."""
        return self.link(period=None, since=since, until=until)

    def toggled(self, one: Filter) -> str:
        """Return the relative URL with a filter, or without it if it is there."""
        text = str(one)
        rest = tuple(known for known in self.filter if known != text)
        return self.link(filter=rest if text in self.filter else (*rest, text), page=None)

    def metric_of(self, ranking: str) -> str | None:
        """Return by which metric a reader has ranked a table anew, if at all."""
        return dict(one.rpartition(":")[::2] for one in self.sort).get(ranking)

    def ranked(self, ranking: str, metric: str | None, **changes: Any) -> str:
        """Return the relative URL with a table ranked by a metric; without one by its own."""
        rest = [one for one in self.sort if one.rpartition(":")[0] != ranking]
        own = [f"{ranking}:{metric}"] if metric else []
        return self.link(sort=(*rest, *own), page=None, **changes)

    def on_tab(self, name: str | None) -> str:
        """Return the relative URL of another tab, with what all tabs have in common."""
        return self.link(tab=name, sort=(), **dict.fromkeys(VIEW))

    def hidden(self, *changed: str) -> list[list[str]]:
        """Return the parameters that a form must keep which changes some."""
        without: dict[str, Any] = dict.fromkeys((*changed, "page"))
        return [list(pair) for pair in replace(self, **without).pairs()]


def known(value: str | None, allowed: Iterable[str], parameter: str) -> str | None:
    """Return a value that must be one of a few.

    Raises ``InvalidQueryError``.
    """
    choices = list(allowed)
    if value is not None and value not in choices:
        raise InvalidQueryError(parameter, f"{value!r} is not one of {', '.join(choices)}.")
    return value
