# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The panels that dashboards have unless a site says otherwise."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_pgettext
from invenio_i18n import lazy_gettext as _

from .catalog import DIMENSIONS, Dimension

Panel = dict[str, Any]
CARDS = (
    *("SingleStatViews", "SingleStatDownloads", "SingleStatVisitors", "SingleStatTraffic"),
    *("SingleStatRecordCount", "SingleStatUploaders", "SingleStatFiles", "SingleStatDataVolume"),
)
OF_AUDIENCE = ("SingleStatVisitors", "SingleStatViews", "SingleStatVisits")
OF_ONE = ("SingleStatViews", "SingleStatDownloads", "SingleStatTraffic")
"""Of a single record: its visitors are not known beyond single events."""
OF_OWN = ("SingleStatRecordCount", "SingleStatFiles", "SingleStatDataVolume")
"""What there is of what somebody owns."""


def row(name: str, *components: Panel) -> dict[str, Any]:
    """Return a row of panels."""
    return {"name": name, "components": list(components)}


def panel(component: str, width: int = 16, **props: Any) -> Panel:
    """Return a panel."""
    return {"component": component, "width": width, **props}


def tables(dimensions: Iterable[Dimension], width: int = 8, **props: Any) -> list[Panel]:
    """Return a table for each of some dimensions that have one."""
    shown = (d for d in dimensions if d.component and not d.hidden)
    return [panel(dimension.component, width, **props) for dimension in shown]


OF_RECORDS = [d for d in DIMENSIONS if d.of_record]
OF_EVENTS = [d for d in DIMENSIONS if d.source == "event"]
OF_REPORTS = [d for d in DIMENSIONS if d.source == "report"]
OF_PLACES = [d for d in OF_EVENTS if d.labels == "countries"]
"""Of these there is a map, with their table beside it."""
COMPLETE = [d for d in OF_RECORDS if not d.multiple and d.complete]
"""Of these each record has one value, and there are few: they say what a repository holds."""
REPORTED = "SingleStatReportedDownloads"
BY_SOFTWARE = {"title": _("Downloads by software")}
OF_SOFTWARE = row("reported", panel(REPORTED, 4), *tables(OF_REPORTS, 12, **BY_SOFTWARE))
"""What software has reported; nothing where that is not counted."""

LAYOUT: dict[str, Any] = {
    "rows": [row("date-range-selector", panel("DateRangeSelector"))],
    "tabs": [
        {
            "name": "overview",
            "label": _("Overview"),
            "rows": [
                row("single-stats", *(panel(name, 4) for name in CARDS)),
                row("charts", panel("StatsChart")),
                row("records", panel("RecordsTable", 16)),
                row("tables", *tables(COMPLETE)),
            ],
        },
        {
            "name": "content",
            "label": _("Content"),
            "rows": [
                row("single-stats", *(panel(name, 4) for name in CARDS[4:])),
                row("charts", panel("StatsChart")),
                row("tables", *tables(OF_RECORDS)),
            ],
        },
        {
            "name": "usage",
            "label": _("Usage"),
            "rows": [
                row("single-stats", *(panel(name, 4) for name in CARDS[:4])),
                row("charts", panel("StatsChart", metric="downloads")),
                row(
                    "tables",
                    *tables(OF_RECORDS, metrics=["downloads", "views"], metric="downloads"),
                ),
                OF_SOFTWARE,
            ],
        },
        {
            "name": "audience",
            "label": _("Audience"),
            "rows": [
                row("single-stats", *map(panel, OF_AUDIENCE, (5, 5, 6))),
                row("charts", panel("StatsChart", metric="view_visitors")),
                row("map", panel("StatsMap")),
                row("tables", *tables(d for d in OF_EVENTS if d not in OF_PLACES)),
            ],
        },
        {
            "name": "records",
            "label": lazy_pgettext("statistics", "Records"),
            "rows": [
                row(
                    "records",
                    panel("RecordsTable", title=_("Most viewed records"), metric="views"),
                    panel("RecordsTable", title=_("Most downloaded records"), metric="downloads"),
                    panel("RecordsTable", title=_("Records with most traffic"), metric="traffic"),
                ),
                row(
                    "lists",
                    panel("CommunitiesTable", 8),
                    panel("SubcommunitiesTable", 8),
                    panel("UploadersTable", 8),
                ),
            ],
        },
    ],
}
"""The tabs of a dashboard, and the rows above them."""


def of_one_tab(*rows: dict[str, Any]) -> dict[str, Any]:
    """Return a layout of one tab, which has these rows below what is said of one thing."""
    cards = row("single-stats", *map(panel, OF_ONE, (5, 5, 6)))
    return {
        "rows": [row("date-range-selector", panel("DateRangeSelector"))],
        "tabs": [{"name": "overview", "label": _("Overview"), "rows": [cards, *rows]}],
    }


RECORD_LAYOUT = of_one_tab(
    row("charts", panel("StatsChart")),
    row("tables", panel("FilesTable", 8), *tables(OF_PLACES)),
    OF_SOFTWARE,
)
"""The dashboard of a single record."""

USER_LAYOUT = of_one_tab(
    row("holdings", *map(panel, OF_OWN, (5, 5, 6))),
    row("charts", panel("StatsChart")),
    row("records", panel("RecordsTable", 16)),
    row("tables", *tables(COMPLETE)),
)
"""The dashboard of everything that a user owns."""

CARD_LAYOUT: dict[str, Any] = {
    "tabs": [
        {
            "name": "card",
            "rows": [
                row("card", *map(panel, OF_ONE[:2], (8, 8))),
                row("reported", panel(REPORTED)),
            ],
        }
    ]
}
"""What a compact card shows on pages of others."""

REPORT: dict[str, Any] = {
    "rows": [
        row("single-stats", *(panel(name, 4) for name in CARDS)),
        row(
            "lists",
            panel("RecordsTable", title=_("Most viewed records"), metric="views"),
            panel("RecordsTable", title=_("Most downloaded records"), metric="downloads"),
            panel("CommunitiesTable", 8),
            panel("SubcommunitiesTable", 8),
        ),
        row("tables", *tables([*OF_RECORDS, *OF_EVENTS])),
        OF_SOFTWARE,
    ],
}
"""The panels of the report of a year."""

UI: dict[str, Any] = {
    "global": {
        "title": _("Statistics"),
        "description": _("What this repository holds and how it is used."),
        "maxHistoryYears": 15,
        "show_title": True,
        "show_description": True,
    },
    "community": {
        "title": _("Statistics"),
        "description": _("What this community holds and how it is used."),
        "maxHistoryYears": 15,
        "show_title": True,
        "show_description": False,
    },
    "record": {
        "title": _("Statistics"),
        "description": "",
        "maxHistoryYears": 15,
        "show_title": True,
        "show_description": False,
    },
    "user": {
        "title": _("My records"),
        "description": _("How everything is used that you own."),
        "maxHistoryYears": 15,
        "show_title": True,
        "show_description": True,
    },
}
"""What the dashboards are called, by type, and how far back they look."""

TEMPLATES = {
    "macro": "invenio_usage_stats/macros/stats_dashboard_macro.html",
    "global": "invenio_usage_stats/stats_dashboard.html",
    "community": "invenio_usage_stats/community_stats_dashboard.html",
    "record": "invenio_usage_stats/record_stats_dashboard.html",
    "user": "invenio_usage_stats/user_stats_dashboard.html",
}
"""The templates that draw them, by type, and that of the macro."""
