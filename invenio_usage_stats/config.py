# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Configuration."""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab
from invenio_i18n import lazy_gettext as _

from .layouts import CARD_LAYOUT, LAYOUT, RECORD_LAYOUT, REPORT, TEMPLATES, UI, USER_LAYOUT

EXCHANGE = f"{__package__}.exchange"
USAGE_STATS_DIMENSIONS: list[Any] = []
"""Dimensions of the instance's own, each a ``catalog.Dimension`` whose values a record tells.

Packages add theirs as entry points of the group ``invenio_usage_stats.dimensions``.
"""

USAGE_STATS_TOP_SIZE = 20
"""How many values the ``top_...`` lists of snapshot documents hold."""

USAGE_STATS_SCHEDULE = {
    "refresh": timedelta(minutes=10),
    "aggregate": timedelta(hours=1),
    "reconcile": crontab(hour=3, minute=17),
    "visits": timedelta(minutes=10),
}
"""When the present day is refreshed, all changed days are aggregated, and everything is compared.

``visits`` stores the visits to landing pages of communities that wait.

Each value is what Celery's beat takes as a schedule, or none to leave the task out; what is not
named keeps its default. A schedule alone stands for ``aggregate``.
"""

USAGE_STATS_VISITS = True
"""Whether visits to landing pages of communities are counted.

What was counted stays when it is switched off.
"""

USAGE_STATS_THROTTLE = 0.7
"""Which share of its time a worker of a backfill or rebuild works; regular runs never rest."""

USAGE_STATS_SNAPSHOT_POLICY = "monthly"
"""Which documents are stored: ``monthly``, or ``daily`` for sites that read the indices directly.

Monthly: deltas of days with activity, snapshots at the ends of months. Daily: both for every day
from a scope's first up to yesterday, and today's when there was activity. The queries answer the
same. After a change back, daily documents that are there stay, but are not kept up any more.
"""

USAGE_STATS_RETENTION: dict[str, timedelta | None] = {"daily": None}
"""How long the daily documents of usage are kept, by whole years; none: for ever."""

USAGE_STATS_MAX_MEMORY = 512 * 1024 * 1024
"""Bytes that the events of one day may take in a worker; a larger day is read in lots."""

USAGE_STATS_MAX_DAYS = 3_700
"""The longest range of days that one query answers."""

USAGE_STATS_YEAR_START = "01-01"
"""Month and day on which a financial year begins: ``fy:2025`` is the one that begins in 2025."""

USAGE_STATS_PERMISSION_POLICY = (
    "invenio_usage_stats.services.permissions:UsageStatsPermissionPolicy"
)
"""Who may read which numbers: a permission policy, or where it is to be imported from."""

USAGE_STATS_COMMUNITY_READERS = "readers"
"""Who may read the numbers of a community: its ``readers``, its ``members`` or its ``managers``.

In each case only who may read the community.
"""

USAGE_STATS_SHOW_UPLOADERS = False
"""Whether rankings of uploaders may be read; they name those with a public profile only."""

USAGE_STATS_MAX_COST = 2_000_000
"""The most that one question may cost: its days, times how many values each of them has.

For ``POST /api/stats`` it is what all queries of a request cost together.
"""

USAGE_STATS_MIN_CELL = 0
"""Numbers about parts of a scope that are smaller are withheld, and what would reveal them.

0: none. Useful limits begin with 3. The rules stand in the definitions.
"""

USAGE_STATS_RATE_LIMIT = {"guest": "2000 per hour;200 per minute", "user": "10000 per hour"}
"""How often an IP address and a signed-in user may ask, in the notation of flask-limiter.

``GET /api/usage-stats`` and ``POST /api/stats`` are counted together, each query of a ``POST`` as
one; an empty text is no limit. The site's own limits (``RATELIMIT_GUEST_USER``) do not count
``GET /api/usage-stats``.
"""

USAGE_STATS_PUBLIC_CACHE = timedelta()
"""How long shared caches may keep what everybody may read; zero: only browsers keep answers.

Badges may be kept for five minutes at least: they show nothing else, and are made for other sites.
"""

USAGE_STATS_CORS_ORIGINS: list[str] = []
"""Sites whose pages may ask for what everybody may read, such as ``https://example.org``.

``*`` stands for all sites; credentials are never allowed.
"""

USAGE_STATS_SHARE_LIFETIME = timedelta(days=366)
"""How long a share link may be valid at most."""

USAGE_STATS_CARDS: list[str] = []
"""Whose pages have a card with views and downloads: ``record``, ``community``.

On landing pages of records it stands in the side bar. For pages of communities this lets the macro
``usage_stats_card`` show something, which a template of the instance calls.
"""

USAGE_STATS_EMBED_ENABLED = False
"""Whether pages have addresses under which other sites may show a panel in a frame."""

USAGE_STATS_EMBED_SITES: list[str] = []
"""Sites that may show panels in a frame, such as ``https://example.org`` or ``https://*.example.org``.

``*`` stands for all sites; the repository's own pages always may.
"""

USAGE_STATS_RESOURCE = "invenio_usage_stats.resources:UsageStatsResource"
"""The resource of ``GET /api/usage-stats``, as a class or where to import it from."""

USAGE_STATS_RESOURCE_CONFIG = "invenio_usage_stats.resources:UsageStatsResourceConfig"
"""The configuration of the resource, as a class or where to import it from."""

USAGE_STATS_SHARES_RESOURCE = "invenio_usage_stats.resources:SharesResource"
"""The resource of share links, as a class or where to import it from."""

USAGE_STATS_SHARES_RESOURCE_CONFIG = "invenio_usage_stats.resources:SharesResourceConfig"
"""The configuration of the resource of share links, as a class or where to import it from."""

USAGE_STATS_ANNUAL_RESOURCE = f"{EXCHANGE}.reports.annual.resource:AnnualResource"
"""The resource of annual reports, as a class or where to import it from."""

USAGE_STATS_ANNUAL_RESOURCE_CONFIG = f"{EXCHANGE}.reports.annual.config:AnnualResourceConfig"
"""The configuration of that resource, as a class or where to import it from."""

USAGE_STATS_COUNTER = False
"""Whether usage is counted by the Code of Practice for Research Data, too.

After each change run ``invenio usage-stats setup``: it makes the queue that gets a copy of every
event, or deletes it.
"""

USAGE_STATS_COUNTER_CLOSES_AFTER = 5
"""So many days after its end a month is closed: from then on its counts change only on command."""

USAGE_STATS_COUNTER_SCHEDULE: dict[str, Any] = {
    "process": timedelta(minutes=5),
    "count": timedelta(hours=1),
    "send": crontab(hour=4, minute=43),
}
"""When the tasks of ``USAGE_STATS_COUNTER`` run.

``process`` stores the events that wait, ``count`` counts open months that have anything new, and
``send`` sends reports to the hub, with ``USAGE_STATS_COUNTER_SEND`` only: each day, since a month
is due when it is closed, when it was recounted, and again after a failure.

Each value is what Celery's beat takes as a schedule, or none to leave the task out; what is not
named keeps its default. Events wait for a day at most.
"""

USAGE_STATS_COUNTER_SOURCE_ID = ""
"""Who is named as the source of events of usage; empty: the host's name, followed by ``-usage``."""

USAGE_STATS_COUNTER_SOURCE_TITLE = ""
"""What that source is called; empty: as the repository is (``THEME_SITENAME``)."""

USAGE_STATS_COUNTER_LICENSE = "https://creativecommons.org/publicdomain/zero/1.0/"
"""The license of events of usage: DataCite's own are in the public domain."""

USAGE_STATS_COUNTER_RESOURCE_TYPES = ["dataset"]
"""Which types of resources reports and the hub are told of, with their subtypes; empty: all.

The Code of Practice knows datasets only, and DataCite wants to be asked before others are sent.
"""

USAGE_STATS_COUNTER_PLATFORM = ""
"""How reports call the repository; empty: ``THEME_SITENAME``."""

USAGE_STATS_COUNTER_CLIENT_ID = ""
"""DataCite's id of the repository, such as ``cern.zenodo``.

Empty: ``DATACITE_DATACENTER_SYMBOL``, else ``DATACITE_USERNAME``, in lower case.
"""

USAGE_STATS_COUNTER_SEND = False
"""Whether the reports of closed months are sent to the hub by themselves."""

USAGE_STATS_COUNTER_HUB_URL = "https://api.datacite.org"
"""Where reports are sent to; ``https://api.test.datacite.org`` is the hub for trying."""

USAGE_STATS_COUNTER_HUB_TOKEN = ""
"""The JSON web token that DataCite has issued for sending reports."""

USAGE_STATS_COUNTER_RESOURCE = f"{EXCHANGE}.datacite.resource:DataCiteResource"
"""The resource of events, DOIs and the usage of records, as a class or where to import it from."""

USAGE_STATS_COUNTER_RESOURCE_CONFIG = f"{EXCHANGE}.datacite.config:DataCiteResourceConfig"
"""Its configuration, which says where it answers, as a class or where to import it from."""

USAGE_STATS_COUNTER_SUSHI = f"{EXCHANGE}.datacite.reports.sushi:SushiResource"
"""The resource of reports that are harvested, as a class or where to import it from."""

USAGE_STATS_COUNTER_SUSHI_CONFIG = f"{EXCHANGE}.datacite.reports.sushi:SushiResourceConfig"
"""Its configuration, which says where it answers, as a class or where to import it from."""

USAGE_STATS_PER_USER = False
"""Whether it is counted what each user views and downloads, for reports by user.

Users read of it in their settings, where they can refuse. After each change restart everything, and
run ``invenio usage-stats setup``: it makes the queue that gets a copy of every event, or deletes
the queue and everything that was counted.
"""

USAGE_STATS_PER_USER_RETENTION: timedelta | None = timedelta(days=730)
"""How long it is kept what a user used on a day; none: as long as the user's account."""

USAGE_STATS_PER_USER_SCHEDULE = timedelta(minutes=5)
"""When events are counted by user, as Celery's beat takes it. Events wait for a day at most."""

USAGE_STATS_PER_USER_AUTOMATED_ROLE = "automated"
"""The role of service accounts: what these fetch is nobody's use. Empty: there are none."""

USAGE_STATS_PER_USER_AUTOMATED_CLIENTS: list[str] = []
"""The ids of OAuth clients that are programs: what they fetch is nobody's use, either."""

USAGE_STATS_REPORTS_RESOURCE = f"{EXCHANGE}.reports.resource:ReportsResource"
"""The resource of reports for spreadsheets, as a class or where to import it from."""

USAGE_STATS_REPORTS_RESOURCE_CONFIG = f"{EXCHANGE}.reports.config:ReportsResourceConfig"
"""Its configuration, which says where it answers, as a class or where to import it from."""

USAGE_STATS_MATOMO = False
"""Whether there is a door for programs that speak with Matomo: they report use, and read numbers.

After each change restart everything, and run ``invenio usage-stats setup``: it makes the queue of
what is reported, or deletes it.
"""

USAGE_STATS_MATOMO_PREFIX = ""
"""What stands before ``/matomo.php``, ``/piwik.php`` and ``/index.php``, such as ``/matomo``."""

USAGE_STATS_MATOMO_COMMUNITY_SITES = False
"""Whether each community is a site with a number of its own; the repository is site 1.

Without it, those are that ``invenio usage-stats matomo sites --add`` was called for.
"""

USAGE_STATS_MATOMO_CONSUMERS: list[dict[str, Any]] = []
"""Programs that report, beside those that administrators register.

Each has an ``id``, as it calls itself, and may have a ``title``, a ``homepage``, ``user_agents``
(expressions by which it is known) and a ``token``. They are counted although a list of robots has
them; whoever shows the token may report past use, and for others.
"""

USAGE_STATS_MATOMO_RATE_LIMIT = "6000 per minute"
"""In how many requests an IP address may report, in the notation of flask-limiter; empty: in any.

A request may bring 2,000 hits. The site's own limits do not count these requests.
"""

USAGE_STATS_MATOMO_MAX_BYTES = 1024 * 1024
"""How large a request may be that reports something."""

USAGE_STATS_MATOMO_SCHEDULE = timedelta(minutes=1)
"""When what was reported is stored, as Celery's beat takes it. It waits for a day at most."""

STATS_DASHBOARD_ROUTES = {
    "global": "/stats",
    "community": "/communities/<community_id>/stats",
    "record": "/records/<record_id>/stats",
    "user": "/me/stats",
}
"""Where the dashboards are, by type (``user``: of what the reader owns); badges are below them."""

STATS_DASHBOARD_COMPONENTS: dict[str, dict[str, Any]] = {}
"""Components that an instance has added, by the name that layouts use.

Each has a ``template`` that draws it, and may have a ``panel``, a function (or where it is to be
imported from) that makes what it shows.
"""

STATS_DASHBOARD_ENABLED_GLOBAL = True
"""Whether the repository has a dashboard, with its entry of the main menu."""

STATS_DASHBOARD_ENABLED_COMMUNITY = True
"""Whether communities have dashboards, with their tabs."""

STATS_DASHBOARD_COMMUNITY_OPT_IN = False
"""Whether the statistics of a community are hidden until it decides to show them.

Whoever may update the community decides it below its dashboard, at ``/settings``.
"""

STATS_DASHBOARD_MENU_TEXT = {"global": _("Statistics"), "community": _("Statistics")}
"""What the entry of the main menu and the tab of communities say; one text stands for both."""

STATS_DASHBOARD_MENU_ORDER = {"global": 30, "community": 25}
"""Where they stand among the others; one number stands for both."""

STATS_DASHBOARD_TEMPLATES = TEMPLATES
"""The templates of the dashboards, by type, and that of the macro."""

STATS_DASHBOARD_UI_CONFIG: dict[str, Any] = UI
"""Title, description and limits of the dashboards, by type."""

USAGE_STATS_REPORT_LAYOUT = REPORT
"""The panels of the report of a year, as in layouts of dashboards; tabs mean nothing."""

STATS_DASHBOARD_LAYOUT: dict[str, Any] = {
    "global": LAYOUT,
    "record": RECORD_LAYOUT,
    "user": USER_LAYOUT,
    "card": CARD_LAYOUT,
}
"""The panels of the dashboards, by type; a type without an entry uses that of ``global``.

``card`` is what stands on landing pages and in templates.
"""
