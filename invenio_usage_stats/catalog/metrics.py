# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The metrics."""

from functools import partial

from flask_babel import lazy_pgettext
from invenio_i18n import lazy_gettext as _

from .base import REPORTS, VISITS, Metric

_total = partial(Metric, unit="events", field="total_events", counter="events")
_visitors = partial(Metric, unit="visitor-days", field="unique_visitors", counter="visitors")
_distinct = partial(Metric, unit="records", distinct=True)
_records = partial(_distinct, field="unique_records", counter="records")
_works = partial(_distinct, field="unique_parents", counter="parents")

METRICS = (
    Metric(
        id="records",
        works="parents",
        label=lazy_pgettext("statistics", "Records"),
        unit="records",
        family="records",
        field="records",
        counter="records",
        component="SingleStatRecordCount",
        definition=_("Published records; each version counts."),
    ),
    Metric(
        id="parents",
        label=lazy_pgettext("statistics", "Works"),
        unit="records",
        family="records",
        field="parents",
        counter="parents",
        definition=_("Published works; all versions of a record count as one."),
    ),
    Metric(
        id="uploaders",
        label=lazy_pgettext("statistics", "Uploaders"),
        unit="people",
        family="records",
        field="uploaders",
        counter="uploaders",
        distinct=True,
        component="SingleStatUploaders",
        definition=_("Distinct owners of the published records."),
    ),
    Metric(
        id="files",
        label=lazy_pgettext("statistics", "Files"),
        unit="files",
        family="records",
        field="file_count",
        counter="files",
        component="SingleStatFiles",
        definition=_("Files of the published records."),
    ),
    Metric(
        id="data_volume",
        label=lazy_pgettext("statistics", "Data volume"),
        unit="bytes",
        family="records",
        field="data_volume",
        counter="volume",
        component="SingleStatDataVolume",
        definition=_("Size of the files of the published records."),
    ),
    _total(
        id="views",
        label=lazy_pgettext("statistics", "Views"),
        family="usage",
        event="view",
        component="SingleStatViews",
        definition=_("Visits to landing pages of records, without robots."),
    ),
    Metric(
        id="unique_views",
        label=lazy_pgettext("statistics", "Unique views"),
        unit="events",
        family="usage",
        event="view",
        field="unique_views",
        counter="uniques",
        definition=_("Views, counted once for each record, visitor and hour of the clock."),
    ),
    _visitors(
        id="view_visitors",
        label=lazy_pgettext("statistics", "Visitors"),
        family="usage",
        event="view",
        component="SingleStatVisitors",
        definition=_(
            "Distinct visitors of each day, added up over days (visitor-days): "
            "no visitor is recognised beyond a day."
        ),
    ),
    _records(
        id="viewed_records",
        works="viewed_parents",
        label=lazy_pgettext("statistics", "Records viewed"),
        family="usage",
        event="view",
        definition=_("Distinct records with at least one view."),
    ),
    _works(
        id="viewed_parents",
        label=lazy_pgettext("statistics", "Works viewed"),
        family="usage",
        event="view",
        definition=_("Distinct works of which any version was viewed."),
    ),
    _total(
        id="downloads",
        label=lazy_pgettext("statistics", "Downloads"),
        family="usage",
        event="download",
        component="SingleStatDownloads",
        definition=_("Downloads of files of published records, without robots."),
    ),
    Metric(
        id="unique_downloads",
        label=lazy_pgettext("statistics", "Unique downloads"),
        unit="events",
        family="usage",
        event="download",
        field="unique_downloads",
        counter="uniques",
        definition=_("Downloads, counted once for each file, visitor and hour of the clock."),
    ),
    _visitors(
        id="download_visitors",
        label=lazy_pgettext("statistics", "Downloading visitors"),
        family="usage",
        event="download",
        definition=_("Distinct visitors of each day who downloaded, added up over days."),
    ),
    _records(
        id="downloaded_records",
        works="downloaded_parents",
        label=lazy_pgettext("statistics", "Records downloaded"),
        family="usage",
        event="download",
        definition=_("Distinct records of which a file was downloaded."),
    ),
    _works(
        id="downloaded_parents",
        label=lazy_pgettext("statistics", "Works downloaded"),
        family="usage",
        event="download",
        definition=_("Distinct works of which a file of any version was downloaded."),
    ),
    Metric(
        id="downloaded_files",
        label=lazy_pgettext("statistics", "Files downloaded"),
        unit="files",
        family="usage",
        event="download",
        field="unique_files",
        counter="files",
        distinct=True,
        definition=_("Distinct files that were downloaded."),
    ),
    Metric(
        id="traffic",
        label=lazy_pgettext("statistics", "Traffic"),
        unit="bytes",
        family="usage",
        event="download",
        field="total_volume",
        counter="volume",
        component="SingleStatTraffic",
        definition=_("Size of all downloaded files, repeated downloads included."),
    ),
    _total(
        id="visits",
        label=lazy_pgettext("statistics", "Visits of community pages"),
        family=VISITS,
        event="visit",
        component="SingleStatVisits",
        definition=_("Visits to landing pages of communities, without robots."),
    ),
    Metric(
        id="unique_visits",
        label=lazy_pgettext("statistics", "Unique visits of community pages"),
        unit="events",
        family=VISITS,
        event="visit",
        field="unique_visits",
        counter="uniques",
        definition=_("Visits, counted once for each community, visitor and hour of the clock."),
    ),
    _visitors(
        id="visit_visitors",
        label=lazy_pgettext("statistics", "Visitors of community pages"),
        family=VISITS,
        event="visit",
        definition=_("Distinct visitors of each day to landing pages of communities, added up."),
    ),
    Metric(
        id="reported_downloads",
        label=lazy_pgettext("statistics", "Reported downloads"),
        unit="events",
        family=REPORTS,
        event="report",
        field="total_events",
        counter="events",
        component="SingleStatReportedDownloads",
        definition=_(
            "Downloads of records that software has reported by itself. They are never added to "
            "downloads, among which most of them are already."
        ),
    ),
)
