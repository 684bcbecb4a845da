# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The report of a year: a dashboard without controls, made for paper."""

from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import current_app, g, render_template, request
from invenio_base import invenio_url_for
from invenio_i18n import gettext as _
from werkzeug.datastructures import MultiDict

from ...errors import InvalidQueryError
from ...proxies import current_usage_stats
from ...resources.links import with_pairs
from ...services.scopes import Scope, resolve_scope
from ...services.service import UsageStatsService
from ...services.years import FINANCIAL, YEAR, Year, Years
from ..layouts.layout import Appearance
from ..model.format import Formatter, reader_locale
from ..model.viewmodel import view_model
from ..panels.card import UNKNOWN
from ..paths import dashboard_url, scope_name
from ..sharing.alone import bare

MAIN = "main"
CHARTED = "events"
"""The unit of the metrics that have a chart of their own."""


def report(pid_value: str | None = None) -> tuple[str, int]:
    """Show the report of a year."""
    scope = resolve_scope(g.identity, scope_name(pid_value))
    appearance, service = Appearance.of(scope.kind), current_usage_stats.service
    try:
        wanted = request.args.get(YEAR)
        years = Years.read(wanted, service.first_day(scope), appearance.years)
    except InvalidQueryError as error:
        return _refused(str(error))
    layout = current_app.config["USAGE_STATS_REPORT_LAYOUT"]
    filters = request.args.getlist("filter")
    args = MultiDict({"period": years.shown.name, "interval": "month", "compare": "year"})
    args.setlist("filter", filters)
    view = bare(view_model(service, scope, replace(appearance, layout=layout), args))
    if view["error"]:
        return _refused(view["error"])
    head = _head(scope, years, filters, Formatter(reader_locale()))
    head["files"] = _files(service, scope, years.shown, filters)
    page = {"head": head, "parts": _parts(view, years.shown), "usage_stats": view}
    return render_template("invenio_usage_stats/report.html", **page), 200


def _refused(sentence: str) -> tuple[str, int]:
    """Say what is wrong with an address."""
    return render_template("invenio_usage_stats/wrong.html", sentence=sentence), 400


def _head(scope: Scope, years: Years, filters: list[str], text: Formatter) -> dict[str, Any]:
    """Return what stands above the numbers; ``filters``: what other years are filtered by, too."""
    year, kept = years.shown, partial(_filtered, filters)
    return {
        "title": _("Statistics %(year)s", year=year.label),
        "scope": scope.title or str(_(current_app.config["THEME_SITENAME"])),
        "days": text.days(year.period),
        "before": text.days(year.before),
        "is_over": year.is_over,
        "years": [kept(_choice(one, one.label, one == year)) for one in years.all],
        "other_years": years.other_kind and kept(_of_other_kind(years.other_kind)),
        "page": dashboard_url("report"),
    }


def _files(
    service: UsageStatsService, scope: Scope, year: Year, filters: list[str]
) -> list[dict[str, str]]:
    """Return the links to the figures for programs, of the formats that the reader may have."""
    values = {} if scope.is_global else {"scope_id": scope.id}
    address = invenio_url_for(f"usage_stats_annual.{scope.kind}", **values)
    pairs = [(YEAR, year.value), *(("filter", one) for one in filters)]
    names = ("json", "xlsx") if service.may_export(g.identity, scope) else ("json",)
    return [
        {"label": name.upper(), "href": with_pairs(address, [*pairs, ("format", name)])}
        for name in names
    ]


def _choice(year: Year, label: str, current: bool = False) -> dict[str, Any]:
    """Return the link to the report of a year."""
    return {"label": label, "href": f"?{YEAR}={year.value}", "current": current}


def _of_other_kind(year: Year) -> dict[str, Any]:
    """Return the link to years of another kind than the shown one's."""
    financial = year.kind == FINANCIAL
    return _choice(year, _("Financial years") if financial else _("Calendar years"))


def _filtered(filters: list[str], link: dict[str, Any]) -> dict[str, Any]:
    """Return a link that keeps filters."""
    more = "".join(f"&{urlencode({'filter': one})}" for one in filters)
    return {**link, "href": f"{link['href']}{more}"}


def _parts(view: dict[str, Any], year: Year) -> dict[str, Any]:
    """Return the parts of a report: headline numbers, charts, months and tables."""
    rows = [*(view.get("head") or []), *view["rows"]]
    panels = [panel for row in rows for panel in row["panels"]]
    series = list(view["series"].values())
    return {
        "cards": [panel for panel in panels if panel["kind"] == "card"],
        "charts": [_named(one, year) for one in series if one["unit"] == CHARTED],
        "months": _months(series),
        "tables": [panel for panel in panels if panel.get("error") or _has_rows(panel)],
    }


def _named(series: dict[str, Any], year: Year) -> dict[str, Any]:
    """Return a series whose lines are called as their years."""
    names = {MAIN: year.label, "earlier": replace(year, number=year.number - 1).label}
    lines = [{**line, "label": names.get(line["role"], "")} for line in series["lines"]]
    return {**series, "lines": lines}


def _has_rows(panel: dict[str, Any]) -> bool:
    """Tell whether a panel is a table with anything to tell."""
    return bool(panel.get("columns") and (panel.get("rows") or panel.get("missing")))


def _months(series: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the numbers of all series month by month; nothing without series."""
    if not series:
        return None
    lines = [next(one for one in each["lines"] if one["role"] == MAIN) for each in series]
    values = [[value["text"] if value else UNKNOWN for value in line["values"]] for line in lines]
    rows = [
        {"label": column["label"], "partial": column["partial"], "cells": cells}
        for column, *cells in zip(series[0]["columns"], *values, strict=True)
    ]
    return {"columns": [_heading(one) for one in series], "rows": rows}


def _heading(series: dict[str, Any]) -> str:
    """Return what the numbers of a series are: of what is held they are changes."""
    metric = current_usage_stats.service.catalog.metrics[series["metric"]]
    label = series["label"]
    return label if metric.event else _("%(metric)s: change", metric=label)
