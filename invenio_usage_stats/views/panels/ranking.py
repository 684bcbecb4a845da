# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The tables of a dashboard: of the values of dimensions, and of what has a page of its own."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from invenio_i18n import gettext as _

from ...catalog import Metric
from ...services.results import Number, Top, TopRow
from ..charts.history import BEGAN
from ..layouts.layout import Component
from ..model.format import Formatter
from .context import Context

SIZE = 10
"""How many rows a table shows; a component's ``limit`` overrides it."""


def number_view(value: Number, metric: Metric, found: Top, text: Formatter) -> dict[str, Any]:
    """Return a number of a ranking with its share of the whole; of one not shown a word."""
    if value is None:
        withheld = any(note.code == "withheld" for note in found.notes)
        reason = _("withheld") if withheld else _("not known")
        return {"value": None, "text": reason, "share": 0.0, "percent": ""}
    whole = found.totals.get(metric.id)
    share, percent = text.share(value, whole) if whole else (0.0, "")
    return {
        "value": value,
        "text": text.readable(value, metric.unit),
        "share": max(0.0, min(share, 100.0)),
        "percent": percent,
    }


class Table:
    """Turn a ranking into a table."""

    def __init__(
        self, context: Context, component: Component, found: Top, own: str | None = None
    ) -> None:
        self.context, self.component, self.found = context, component, found
        self.own = own
        """The metric of its own order; without one, no reader can change the order."""
        self.metrics = [context.numbers.catalog.metrics[id_] for id_ in found.units]
        self.whole = component is context.state.table
        """Whether this is the page of all rows."""

    def view(
        self,
        label: str,
        href: Callable[[TopRow], str | None],
        current: Callable[[TopRow], bool],
    ) -> dict[str, Any]:
        """Return the table with its texts; ``href``: what a row's filter link is."""
        return {
            "dimension": self.component.shown,
            "label": label,
            "columns": [self._column(n, metric) for n, metric in enumerate(self.metrics)],
            "rows": [self._row(row, href(row), current(row)) for row in self.found.rows],
            "missing": self._missing(),
            "count": self._count(),
            "all": self._all(),
            "pager": self._pager() if self.whole else None,
            "back": self._back() if self.whole else None,
            "note": self._note(),
            "empty": None if self.found.rows else self._empty(),
            "menu": self._menu(),
        }

    def _column(self, n: int, metric: Metric) -> dict[str, Any]:
        """Return a column; the others than the first are links that rank by them."""
        href = self._ranked_by(metric.id) if self.own and n else None
        return {"id": metric.id, "label": str(metric.label), "href": href, "current": n == 0}

    def _ranked_by(self, metric: str, ranking: str = "", **changes: str) -> str:
        """Return the link to this ranking, or another of the same, by a metric."""
        name = ranking or self.component.ranking
        by = None if name == self.component.ranking and metric == self.own else metric
        return self.context.state.address.ranked(name, by, **changes)

    def _row(self, row: TopRow, href: str | None, current: bool) -> dict[str, Any]:
        """Return a row with its numbers."""
        link = {"href": row.link, "text": _("Open the page")} if row.link else None
        rest = {"href": href, "link": link, "current": current, "cells": self._cells(row.values)}
        return {"id": row.id, "label": row.label, **rest}

    def _missing(self) -> dict[str, Any] | None:
        """Return the row of what has no value; nothing when everything has one."""
        if not any(value != 0 for value in (self.found.missing or {}).values()):
            return None
        rest = {"href": None, "link": None, "current": False}
        return {"id": "", "label": _("Not given"), **rest, "cells": self._cells(self.found.missing)}

    def _cells(self, values: dict[str, Number]) -> list[dict[str, Any]]:
        """Return the numbers of a row with their shares of the whole, and lengths of bars."""
        return [
            {
                "column": metric.id,
                "bar": self._bar(metric, values.get(metric.id, 0)),
                **number_view(values.get(metric.id, 0), metric, self.found, self.context.text),
            }
            for metric in self.metrics
        ]

    def _bar(self, metric: Metric, value: Number) -> float:
        """Return the length of a number's bar, in percent of the longest of its column."""
        return round(100 * max(value or 0, 0) / self._largest[metric.id], 2)

    @cached_property
    def _largest(self) -> dict[str, Number]:
        """Return the largest number of each column, of which bars are parts."""
        rows = [row.values for row in self.found.rows] + [self.found.missing or {}]
        return {m.id: max(1, *(values.get(m.id) or 0 for values in rows)) for m in self.metrics}

    def _count(self) -> str:
        """Return how many of the rows are shown; nothing when it is all of them."""
        shown, count = len(self.found.rows), self.found.count
        if self.whole or count is None or shown >= count:
            return ""
        return _("The first %(shown)s of %(count)s.", shown=shown, count=self._number(count))

    def _number(self, value: int) -> str:
        """Return a number of rows."""
        return self.context.text.full(value, "")

    @property
    def _more(self) -> bool:
        """Tell whether there are rows after those that are shown."""
        found = self.found
        if found.count is None:
            return len(found.rows) == found.size
        return found.page * found.size < found.count

    def _all(self) -> str | None:
        """Return the link to the page of all rows, if there are more."""
        if self.whole or not self._more:
            return None
        name = self.component.shown or ""
        return self._ranked_by(self.metrics[0].id, ranking=name, table=name)

    def _pager(self) -> dict[str, Any]:
        """Return the links to the pages before and after this one."""
        address, page = self.context.state.address, self.found.page
        first = (page - 1) * self.found.size + 1
        last = first + len(self.found.rows) - 1
        count = self.found.count
        return {
            "previous": address.link(page=str(page - 1)) if page > 1 else None,
            "next": address.link(page=str(page + 1)) if self._more else None,
            "text": _("%(first)s to %(last)s", first=self._number(first), last=self._number(last))
            if count is None
            else _(
                "%(first)s to %(last)s of %(count)s",
                first=self._number(min(first, count)),
                last=self._number(min(last, count)),
                count=self._number(count),
            ),
        }

    def _back(self) -> dict[str, str]:
        """Return the link to the dashboard."""
        href = self.context.state.address.link(table=None, page=None)
        return {"label": _("Back to the dashboard"), "href": href}

    def _note(self) -> str | None:
        """Return what a reader must know of the shares."""
        texts = [str(note.text) for note in self.found.notes if note.code in ("sums", "uncounted")]
        if not self.found.rows and (self.found.missing or {}):
            texts.append(str(getattr(self.component.entry, "hint", "")))
        return " ".join(filter(None, texts)) or None

    def _empty(self) -> str:
        """Return why there is nothing to show."""
        state, began = self.context.state, self.context.numbers.freshness().recorded_from
        if began and began > state.period.until and self.metrics[0].event:
            return str(BEGAN) % {"day": self.context.text.day(began)}
        if state.address.filter:
            return _("Nothing in this period meets the filters.")
        return _("No values in this period.")

    def _menu(self) -> list[dict[str, Any]]:
        """Return the menu."""
        pairs = [("dimension", self.component.shown or "")]
        pairs += [("metric", metric.id) for metric in self.metrics]
        return self.context.menu("top", self.metrics[0], pairs)


def ranked(context: Context, component: Component, default: Iterable[str]) -> Table:
    """Return the table of a ranking; ``default``: its columns if the layout has none."""
    state = context.state
    own = _first(component.props.get("metric"), component.props.get("metrics") or default)
    columns = _first(state.address.metric_of(component.ranking), own)
    size = max(1, int(component.props.get("limit", SIZE)))
    page = state.page if component is state.table else 1
    found = context.numbers.top(component.shown, columns, size, page)
    return Table(context, component, found, own[0])


def _first(metric: str | None, columns: Iterable[str]) -> tuple[str, ...]:
    """Return columns with that of a metric first; as they are where there is none."""
    return tuple(sorted(columns, key=lambda column: column != metric))
